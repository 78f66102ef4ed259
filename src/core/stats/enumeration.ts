import { sortedQuantile } from './quantile.ts';

/** Every resample of two tiny samples: what a bootstrap approximates. */
interface EnumeratedBootstrap {
  /** Resamples: n^n of a times m^m of b. */
  readonly count: number;
  /** Mean and quantiles (type 7) of the difference of means, b - a. */
  readonly mean: number;
  readonly quantiles: readonly number[];
}

/** The sums of all `values.length ^ values.length` resamples. */
const resampleSums = (values: readonly number[]): readonly number[] =>
  values.reduce<number[]>((sums) => sums.flatMap((sum) => values.map((value) => sum + value)), [0]);

/** How many resamples `enumerateBootstrap` would go through. */
export const countResamples = (nA: number, nB: number): number => nA ** nA * nB ** nB;

/** Goes through all resamples of both sides; ask `countResamples` first. Source: Efron and Tibshirani (1993), §6.2. */
export const enumerateBootstrap = (
  a: readonly number[],
  b: readonly number[],
  q: readonly number[],
): EnumeratedBootstrap => {
  const meansA = resampleSums(a).map((sum) => sum / a.length);
  const meansB = resampleSums(b).map((sum) => sum / b.length);
  const differences = Float64Array.from(
    meansA.flatMap((meanA) => meansB.map((meanB) => meanB - meanA)),
  ).sort();
  const total = differences.reduce((sum, value) => sum + value, 0);
  return {
    count: differences.length,
    mean: total / differences.length,
    quantiles: q.map((level) => sortedQuantile(differences, level) ?? Number.NaN),
  };
};

/** Fisher's permutation test of a difference of means over all splits. */
interface PermutationTest {
  /** Two-sided: the share of splits with a difference at least as large. */
  readonly p: number;
  readonly permutations: number;
  /** mean(b) - mean(a). */
  readonly diff: number;
}

/** C(n + m, n), the splits that `permuteExactly` would go through. */
export const countSplits = (n: number, m: number): number => {
  let count = 1;
  for (let i = 1; i <= Math.min(n, m); i++) count = (count * (Math.max(n, m) + i)) / i;
  return Math.round(count);
};

/** Differences that agree up to rounding count as equal. */
const ROUNDING = 1e-12;

/** Goes through all splits of the pooled values; ask `countSplits` first. Source: R. A. Fisher (1935), Pitman (1937). */
export const permuteExactly = (a: readonly number[], b: readonly number[]): PermutationTest => {
  const pooled = [...a, ...b];
  const total = pooled.reduce((sum, value) => sum + value, 0);
  const differenceFor = (sumA: number): number => (total - sumA) / b.length - sumA / a.length;
  const diff = differenceFor(a.reduce((sum, value) => sum + value, 0));
  const scale = pooled.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const limit = Math.abs(diff) - ROUNDING * scale;
  let permutations = 0;
  let extreme = 0;
  const choose = (from: number, missing: number, sum: number): void => {
    if (missing === 0) {
      permutations += 1;
      if (Math.abs(differenceFor(sum)) >= limit) extreme += 1;
      return;
    }
    for (let i = from; i <= pooled.length - missing; i++) choose(i + 1, missing - 1, sum + (pooled[i] ?? 0));
  };
  choose(0, a.length, 0);
  return { p: extreme / permutations, permutations, diff };
};
