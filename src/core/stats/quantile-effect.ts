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

interface QuantileEstimate {
  readonly value: number | null;
  readonly ci: Interval | null;
}

/**
 * A quantile with the interval between two order statistics; `null` when the sample is too small to bracket it.
 * Source: Conover, Practical Nonparametric Statistics (1999), §3.2, the large-sample rule.
 */
export const estimateQuantile = (values: readonly number[], q: number, alpha = 0.05): QuantileEstimate => {
  const sorted = sortValues(values);
  const n = sorted.length;
  const reach = -normalQuantile(alpha / 2) * Math.sqrt(n * q * (1 - q));
  const low = sorted[Math.ceil(n * q - reach) - 1];
  const high = sorted[Math.ceil(n * q + reach) - 1];
  const ci: Interval | null = low === undefined || high === undefined ? null : [low, high];
  return { value: sortedQuantile(sorted, q), ci };
};

interface QuantileOptions {
  readonly q: number;
  readonly alpha: number;
}

/**
 * Compares a quantile such as p95 of two samples, with an interval recovered from the two single ones.
 * Source: Zou and Donner (2008), the method of variance estimates recovery.
 */
export const compareQuantiles = (
  a: readonly number[],
  b: readonly number[],
  { q, alpha }: QuantileOptions,
): QuantileComparison => {
  const { value: valueA, ci: ciA } = estimateQuantile(a, q, alpha);
  const { value: valueB, ci: ciB } = estimateQuantile(b, q, alpha);
  const diff = valueA === null || valueB === null ? null : valueB - valueA;
  if (valueA === null || valueB === null || diff === null || ciA === null || ciB === null) {
    return { valueA, valueB, ciA, ciB, diff, ci: null, reason: 'insufficient-data' };
  }
  const below = Math.hypot(valueB - ciB[0], ciA[1] - valueA);
  const above = Math.hypot(ciB[1] - valueB, valueA - ciA[0]);
  if (below + above === 0) return { valueA, valueB, ciA, ciB, diff, ci: null, reason: 'zero-variance' };
  return { valueA, valueB, ciA, ciB, diff, ci: [diff - below, diff + above], reason: null };
};
