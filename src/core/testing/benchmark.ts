import { sortedQuantile, sortValues } from '../stats/quantile.ts';

/** What many measurements of one quantity say; quantiles of type 7. */
export interface Distribution {
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Sums measurements up; null of none. */
export const describeMeasurements = (values: readonly number[]): Distribution | null => {
  if (values.length === 0) return null;
  const sorted = sortValues(values);
  const at = (q: number): number => sortedQuantile(sorted, q) ?? Number.NaN;
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    min: at(0),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  };
};

/** The most that is allowed of a figure, in its own unit. */
export interface Threshold {
  readonly figure: string;
  readonly max: number;
}

/** A figure above its threshold. */
export interface Exceeded extends Threshold {
  readonly value: number;
}

/** The thresholds that are not kept; a figure that was not measured keeps none. */
export const findExceeded = (
  thresholds: readonly Threshold[],
  figures: Readonly<Record<string, number | null>>,
): Exceeded[] =>
  thresholds.flatMap(({ figure, max }) => {
    const value = figures[figure] ?? Number.POSITIVE_INFINITY;
    return value <= max ? [] : [{ figure, max, value }];
  });
