import type { Interval } from './estimate.ts';
import { normalQuantile } from './normal.ts';
import { sortedQuantile, sortValues } from './quantile.ts';
import type { Reason } from './reason.ts';

/** A quantile of two samples compared, b - a, in the metric's units. */
interface QuantileComparison {
  readonly valueA: number | null;
  readonly valueB: number | null;
  readonly ciA: Interval | null;
  readonly ciB: Interval | null;
  readonly diff: number | null;
  readonly ci: Interval | null;
  readonly reason: Reason | null;
}

export interface QuantileEstimate {
  readonly value: number | null;
  readonly ci: Interval | null;
}

interface QuantileOptions {
  readonly q: number;
  readonly alpha: number;
}

/**
 * A quantile of ascending values with the interval between two order statistics; `null` when the sample is too small
 * to bracket it. `designEffect` widens it where values come in clusters: the variance of the share below the quantile
 * against that of independent values. Source: Conover, Practical Nonparametric Statistics (1999), §3.2; for clusters
 * Deng, Knoblich and Lu (2018), §4.3.
 */
export const estimateQuantile = (
  sorted: Float64Array,
  { q, alpha }: QuantileOptions,
  designEffect = 1,
): QuantileEstimate => {
  const n = sorted.length;
  const reach = -normalQuantile(alpha / 2) * Math.sqrt(n * q * (1 - q) * designEffect);
  const low = sorted[Math.ceil(n * q - reach) - 1];
  const high = sorted[Math.ceil(n * q + reach) - 1];
  const ci: Interval | null = low === undefined || high === undefined ? null : [low, high];
  return { value: sortedQuantile(sorted, q), ci };
};

/**
 * Compares a quantile such as p95 of two samples, with an interval recovered from the two single ones.
 * Source: Zou and Donner (2008), the method of variance estimates recovery.
 */
export const compareQuantiles = (
  a: readonly number[],
  b: readonly number[],
  options: QuantileOptions,
): QuantileComparison =>
  compareQuantileEstimates(
    estimateQuantile(sortValues(a), options),
    estimateQuantile(sortValues(b), options),
  );

/** As `compareQuantiles`, of two quantiles already estimated. */
export const compareQuantileEstimates = (
  { value: valueA, ci: ciA }: QuantileEstimate,
  { value: valueB, ci: ciB }: QuantileEstimate,
): QuantileComparison => {
  const diff = valueA === null || valueB === null ? null : valueB - valueA;
  if (valueA === null || valueB === null || diff === null || ciA === null || ciB === null) {
    return { valueA, valueB, ciA, ciB, diff, ci: null, reason: 'insufficient-data' };
  }
  const below = Math.hypot(valueB - ciB[0], ciA[1] - valueA);
  const above = Math.hypot(ciB[1] - valueB, valueA - ciA[0]);
  if (below + above === 0) return { valueA, valueB, ciA, ciB, diff, ci: null, reason: 'zero-variance' };
  return { valueA, valueB, ciA, ciB, diff, ci: [diff - below, diff + above], reason: null };
};
