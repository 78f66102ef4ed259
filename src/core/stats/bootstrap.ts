import type { Interval } from './estimate.ts';
import { sortedQuantile, sortValues } from './quantile.ts';
import { createRandomStream, type RandomStream } from './random.ts';
import type { Reason } from './reason.ts';

/** A difference of statistics, b - a, with its percentile interval from seeded resamples. */
interface BootstrapDifference {
  readonly diff: number | null;
  /** Standard deviation of the resampled differences. */
  readonly se: number | null;
  readonly ci: Interval | null;
  readonly resamples: number;
  readonly seed: number | string;
  readonly reason: Reason | null;
}

interface BootstrapOptions {
  /** `mean`, or a quantile between 0 and 1. */
  readonly statistic: 'mean' | number;
  readonly resamples: number;
  readonly seed: number | string;
  readonly alpha: number;
}

/** How often each place of a sample of n was drawn. */
const drawCounts = (counts: Uint32Array, random: RandomStream): void => {
  counts.fill(0);
  for (let i = 0; i < counts.length; i++) {
    const place = random.nextInteger(counts.length);
    counts[place] = (counts[place] ?? 0) + 1;
  }
};

const resampledMean = (sorted: Float64Array, counts: Uint32Array): number => {
  const base = sorted[0] ?? Number.NaN;
  let sum = 0;
  for (let i = 0; i < sorted.length; i++) sum += (counts[i] ?? 0) * ((sorted[i] ?? Number.NaN) - base);
  return base + sum / sorted.length;
};

/** The type-7 quantile of a resample, read off the counts without sorting again. */
const resampledQuantile = (sorted: Float64Array, counts: Uint32Array, q: number): number => {
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  let seen = 0;
  let low = Number.NaN;
  for (let i = 0; i < sorted.length; i++) {
    seen += counts[i] ?? 0;
    const value = sorted[i] ?? Number.NaN;
    if (seen > below && Number.isNaN(low)) low = value;
    if (seen > Math.ceil(position)) return low + (position - below) * (value - low);
  }
  return low;
};

/**
 * Resamples both sides and takes the percentile interval of the difference.
 * Source: Efron and Tibshirani (1993), ch. 13; the stream of `createRandomStream`, a before b in each round.
 */
export const bootstrapDifference = (
  a: readonly number[],
  b: readonly number[],
  { statistic, resamples, seed, alpha }: BootstrapOptions,
): BootstrapDifference => {
  const samples = [sortValues(a), sortValues(b)] as const;
  const none = { diff: null, se: null, ci: null, resamples, seed };
  if (a.length < 2 || b.length < 2) return { ...none, reason: 'insufficient-data' };
  const random = createRandomStream(seed);
  const counts = [new Uint32Array(a.length), new Uint32Array(b.length)] as const;
  const evaluate = (side: 0 | 1): number =>
    statistic === 'mean'
      ? resampledMean(samples[side], counts[side])
      : resampledQuantile(samples[side], counts[side], statistic);
  for (const side of counts) side.fill(1);
  const diff = evaluate(1) - evaluate(0);
  const differences = Float64Array.from({ length: resamples }, () => {
    for (const side of counts) drawCounts(side, random);
    return evaluate(1) - evaluate(0);
  }).sort();
  const ci = [sortedQuantile(differences, alpha / 2), sortedQuantile(differences, 1 - alpha / 2)] as const;
  const average = differences.reduce((sum, value) => sum + value, 0) / resamples;
  const squares = differences.reduce((sum, value) => sum + (value - average) * (value - average), 0);
  const se = Math.sqrt(squares / (resamples - 1));
  if (ci[0] === null || ci[1] === null || !Number.isFinite(se)) return { ...none, reason: 'ill-conditioned' };
  if (se === 0) return { ...none, diff, se, reason: 'zero-variance' };
  return { diff, se, ci: [ci[0], ci[1]], resamples, seed, reason: null };
};
