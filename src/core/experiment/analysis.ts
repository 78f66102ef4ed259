import type { Observations } from '../metrics/source.ts';
import type { Experiment, ExperimentMetric } from './definition.ts';
import { type GuardrailResult, testVariants } from './guardrails.ts';
import type { Inference } from './inference.ts';
import {
  type AnalyzedExperiment,
  compareMetrics,
  labelMetric,
  type MetricResult,
  type Setting,
} from './metric-results.ts';
import { isStatusRate, sortUnits } from './observed-units.ts';
import { describeProgress, type Progress, planMoreUnits } from './progress.ts';
import { computeScores, type ScoreResult } from './score.ts';
import { checkValidity, type MissingCounts, type Validity } from './validity.ts';

/** Everything that a verdict rests on. */
export interface Analysis {
  readonly mode: Inference['mode'];
  readonly alpha: number;
  readonly design: Experiment['design'];
  readonly variants: readonly VariantFigures[];
  readonly validity: Validity;
  readonly metrics: readonly MetricResult[];
  readonly score: readonly ScoreResult[];
  readonly guardrails: readonly GuardrailResult[];
  readonly progress: Progress;
}

interface VariantFigures {
  readonly name: string;
  readonly version: string;
  readonly weight: number;
  readonly units: number;
  readonly records: number;
}

export interface AnalysisOptions {
  readonly mode: Inference['mode'];
  /** The weights that the observations were assigned by, in the order of the variants. */
  readonly weights: readonly number[];
  /** Metrics to compare beside those of the experiment. */
  readonly extraMetrics?: readonly ExperimentMetric[];
  /** Epoch milliseconds: when the phase and the experiment began, and now or its end. */
  readonly since: number;
  readonly startedAt: number;
  readonly until: number;
}

/** Where nothing is planned, the sequence is narrowest at so many units of both variants. Source: GrowthBook. */
const usualUnits = 5000;

/** The metrics that are read from the log for an analysis; rates of the status need none. */
export const listReadMetrics = (
  { metrics, guardrails }: Pick<Experiment, 'metrics' | 'guardrails'>,
  extra: readonly ExperimentMetric[] = [],
): string[] => {
  const named = [...metrics, ...extra].flatMap(({ name, denominator }) => [name, denominator ?? name]);
  const all = new Set([...named, ...guardrails.map(({ metric }) => metric)]);
  return [...all].filter((name) => !isStatusRate(name)).sort();
};

/** Works out all figures of an experiment from its observations. */
export const analyzeExperiment = (
  experiment: AnalyzedExperiment,
  observations: Observations,
  options: AnalysisOptions,
): Analysis => {
  const { variants, design, alpha, plannedN } = experiment;
  const names = variants.map(({ name }) => name);
  const units = sortUnits(observations, names, design === 'paired');
  const factor = design === 'paired' ? 1 : 2;
  const nStar = plannedN === null ? usualUnits : factor * plannedN;
  const inference: Inference = { mode: options.mode, alpha, nStar };
  const setting: Setting = { experiment, units, inference };
  const metrics = compareMetrics(setting, options.extraMetrics ?? []);
  const score = computeScores(units, experiment.metrics, {
    inference,
    fewest: experiment.minUnits.show,
  });
  return {
    mode: options.mode,
    alpha,
    design,
    variants: variants.map(({ name, version }, at) => ({
      name,
      version,
      weight: options.weights[at] ?? 0,
      units: units.unitCounts[at] ?? 0,
      records: units.recordCounts[at] ?? 0,
    })),
    validity: checkValidity(units, units.isPaired ? null : options.weights, missingOf(metrics)),
    metrics,
    score,
    guardrails: experiment.guardrails.flatMap((guardrail) => testVariants(setting, guardrail)),
    progress: findProgress(setting, metrics, options),
  };
};

/** Missing values of the primary metrics, control first. */
const missingOf = (metrics: readonly MetricResult[]): MissingCounts[] => {
  const primary = metrics.filter(({ isPrimary }) => isPrimary);
  const labels = [...new Set(primary.map(labelMetric))];
  return labels.map((label) => {
    const rows = primary.filter((row) => labelMetric(row) === label);
    const missing = [rows[0]?.control.missing ?? 0, ...rows.map(({ treatment }) => treatment.missing)];
    return { metric: label, missing };
  });
};

const findProgress = (
  { experiment, units, inference }: Setting,
  metrics: readonly MetricResult[],
  { since, until, startedAt }: AnalysisOptions,
): Progress => {
  const primary = metrics.filter(({ isPrimary }) => isPrimary);
  const unitsPerVariant = countUnitsPerVariant(primary);
  const { plannedN, mde, maxDurationMs } = experiment;
  const toPlan = plannedN === null ? null : Math.max(0, plannedN - unitsPerVariant);
  const toRecommend = experiment.minUnits.recommend - unitsPerVariant;
  const needs = primary.map((row) =>
    planMoreUnits(
      {
        absolute: row.absolute,
        interval: row.interval,
        control: row.control.value,
        n: units.isPaired ? row.control.n : row.control.n + row.treatment.n,
        isPaired: units.isPaired,
      },
      mde,
      inference,
    ),
  );
  const known = needs.filter((need) => need !== null);
  return describeProgress({
    unitsPerVariant,
    plannedN,
    moreUnits: toRecommend > 0 ? toRecommend : (toPlan ?? (known.length === 0 ? null : Math.max(...known))),
    since,
    until,
    startedAt,
    maxDurationMs,
  });
};

/** The smallest variant's units with a value, of the metric that has the most. */
const countUnitsPerVariant = (primary: readonly MetricResult[]): number => {
  const least = new Map<string, number>();
  for (const row of primary) {
    const label = labelMetric(row);
    const n = Math.min(row.control.n, row.treatment.n);
    least.set(label, Math.min(least.get(label) ?? n, n));
  }
  return Math.max(0, ...least.values());
};
