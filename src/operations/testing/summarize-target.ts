import type { FinishedCase } from './record-results.ts';
import type { TestTarget } from './targets.ts';

/** One row of the matrix: what one provider, model or environment made of the cases. */
export interface TargetSummary {
  readonly environment: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
  /** Means over the answers; null where nothing was measured. */
  readonly latencyMs: number | null;
  readonly outputTokens: number | null;
  readonly similarity: number | null;
  /** Sum over the answers whose cost is known. */
  readonly costUsd: number | null;
}

/** Counts and means of what ran against one target. */
export const summarizeTarget = (target: TestTarget, finished: readonly FinishedCase[]): TargetSummary => {
  const runs = finished.filter(({ planned }) => planned.target === target).map(({ run }) => run);
  const count = (outcome: string): number => runs.filter((run) => run.outcome === outcome).length;
  const valuesOf = (field: 'latencyMs' | 'outputTokens' | 'similarity' | 'costUsd'): number[] =>
    runs.flatMap((run) => run[field] ?? []);
  const costs = valuesOf('costUsd');
  const models = [...new Set(runs.flatMap(({ model }) => model ?? []))];
  return {
    environment: target.environment,
    provider: target.provider?.name ?? null,
    model: target.model ?? (models.length === 1 ? (models[0] ?? null) : null),
    passed: count('passed'),
    failed: count('failed'),
    errored: count('errored'),
    skipped: count('skipped'),
    latencyMs: meanOf(valuesOf('latencyMs')),
    outputTokens: meanOf(valuesOf('outputTokens')),
    similarity: meanOf(valuesOf('similarity')),
    costUsd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
  };
};

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
