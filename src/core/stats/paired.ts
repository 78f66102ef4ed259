import { computeEffectSizeOfDifferences } from './effect-size.ts';
import { type TTest, testEstimate } from './estimate.ts';
import { computeMoments, sampleVariance } from './moments.ts';
import { type SignedRankTest, testSignedRanks } from './signed-rank.ts';

/** Pairs compared by their differences, b - a: Student's test of the mean and Wilcoxon's of the signed ranks. */
interface PairedComparison extends TTest, SignedRankTest {
  readonly n: number;
  readonly meanDiff: number | null;
  readonly se: number | null;
  /** Mean difference in standard deviations of the differences (Cohen's d_z). */
  readonly cohensD: number | null;
}

/**
 * Differences as multiples of a quantum, so that rounding errors of the subtraction make no ties and break none:
 * 1e-10, less for small values, more where doubles are coarser than that.
 */
const quantize = (differences: readonly number[], scale: number): number[] => {
  const quantum = Math.max(1e-10 * Math.min(1, scale), 4 * Number.EPSILON * scale, Number.MIN_VALUE);
  return differences.map((difference) => Math.round(difference / quantum));
};

/** Compares pairs of equal length. Source: Student (1908) and Wilcoxon (1945), as scipy's ttest_rel and wilcoxon. */
export const comparePairs = (a: readonly number[], b: readonly number[], alpha = 0.05): PairedComparison => {
  const differences = a.map((value, i) => (b[i] ?? Number.NaN) - value);
  const moments = computeMoments(differences);
  const scale = a.reduce((largest, value, i) => Math.max(largest, Math.abs(value), Math.abs(b[i] ?? 0)), 0);
  const spread = sampleVariance(moments);
  // Equal differences of large values differ by the rounding of the subtraction.
  const variance = spread !== null && Math.sqrt(spread) <= 4 * Number.EPSILON * scale ? 0 : spread;
  const meanDiff = moments.n > 0 && Number.isFinite(moments.mean) ? moments.mean : null;
  const se = variance === null ? null : Math.sqrt(variance / moments.n);
  const df = moments.n - 1;
  return {
    n: moments.n,
    meanDiff,
    se: se !== null && Number.isFinite(se) ? se : null,
    cohensD: variance === 0 ? null : computeEffectSizeOfDifferences(moments),
    ...testSignedRanks(quantize(differences, scale)),
    ...testEstimate({ estimate: moments.n === 0 ? null : moments.mean, se, df }, alpha),
  };
};
