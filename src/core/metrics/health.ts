import {
  type Alert,
  type AlertFigures,
  type AlertOutcome,
  alertPercentiles,
  type UnjudgedAlert,
} from './alerts.ts';
import { figuresIn } from './source.ts';

/** The figures of one version over one time. */
export interface HealthFigures {
  readonly version: string;
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly until: string;
  readonly records: number;
  readonly errorRate: number | null;
  readonly latencyMeanMs: number | null;
  readonly latencyP95Ms: number | null;
  readonly costUsd: number | null;
}

export type HealthVerdict = 'well' | 'unwell' | 'insufficient';

/** How a version is. */
export interface Health {
  readonly verdict: HealthVerdict;
  readonly figures: HealthFigures;
  /** Critical ones first. */
  readonly alerts: readonly Alert[];
  readonly insufficient: readonly UnjudgedAlert[];
}

/** The figures that a reader looks at first. */
export const summarizeHealth = (
  { errorCounts: { x, n, missing }, metrics }: AlertFigures,
  span: Pick<HealthFigures, 'version' | 'since' | 'until'>,
): HealthFigures => {
  const records = n + missing;
  const latency = figuresIn({ metrics, records }, 'latency_ms');
  return {
    ...span,
    records,
    errorRate: n === 0 ? null : x / n,
    latencyMeanMs: latency.mean,
    latencyP95Ms: latency.quantiles[alertPercentiles.indexOf(0.95)] ?? null,
    costUsd: figuresIn({ metrics, records }, 'cost_usd').mean,
  };
};

/** Nothing is well that was not judged. */
export const judgeHealth = (figures: HealthFigures, outcomes: readonly AlertOutcome[]): Health => {
  const alerts = outcomes.flatMap((outcome) => (outcome.kind === 'fired' ? [outcome.alert] : []));
  const insufficient = outcomes.flatMap((one) => (one.kind === 'insufficient' ? [one.unjudged] : []));
  const hasPassed = outcomes.some(({ kind }) => kind === 'passed');
  const isOpen = insufficient.length > 0 || !hasPassed;
  return {
    verdict: alerts.length > 0 ? 'unwell' : isOpen ? 'insufficient' : 'well',
    figures,
    alerts: alerts.sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical')),
    insufficient,
  };
};
