import { sum } from 'simple-statistics';
import { type Interval, testEstimate } from './estimate.ts';
import { computeMoments, type Moments, sampleVariance } from './moments.ts';
import { sortedQuantile, sortValues } from './quantile.ts';
import type { Reason } from './reason.ts';

/** A sample in figures, in the metric's units; `null` where there are no values, or fewer than two for `sd`. */
interface Description {
  readonly n: number;
  readonly sum: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly min: number | null;
  readonly p25: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly reason: Reason | null;
}

/** Describes finite values; quantiles are of type 7, `sd` has the divisor n - 1. */
export const describeValues = (values: readonly number[]): Description => {
  const moments = computeMoments(values);
  const sorted = sortValues(values);
  const variance = sampleVariance(moments);
  return {
    n: moments.n,
    sum: sum([...values]),
    mean: moments.n === 0 ? null : moments.mean,
    sd: variance === null ? null : Math.sqrt(variance),
    min: sortedQuantile(sorted, 0),
    p25: sortedQuantile(sorted, 0.25),
    p50: sortedQuantile(sorted, 0.5),
    p75: sortedQuantile(sorted, 0.75),
    p95: sortedQuantile(sorted, 0.95),
    p99: sortedQuantile(sorted, 0.99),
    max: sortedQuantile(sorted, 1),
    reason: moments.n < 2 ? 'insufficient-data' : null,
  };
};

/** A mean with its interval of confidence 1 - alpha, in the metric's units. */
interface MeanInterval {
  readonly mean: number | null;
  readonly se: number | null;
  readonly ci: Interval | null;
  readonly reason: Reason | null;
}

/** Student's interval for one mean. Source: Student (1908). */
export const estimateMean = (moments: Moments, alpha = 0.05): MeanInterval => {
  const variance = sampleVariance(moments);
  const se = variance === null ? null : Math.sqrt(variance / moments.n);
  const mean = moments.n === 0 ? null : moments.mean;
  const { ci, reason } = testEstimate({ estimate: mean, se, df: moments.n - 1 }, alpha);
  return { mean, se, ci, reason };
};
