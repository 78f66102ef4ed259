import { mean, median, medianAbsoluteDeviation } from 'simple-statistics';
import type { Reason } from './reason.ts';

/** Values that lie far from the median, by their places in the input. */
interface Outliers {
  readonly median: number | null;
  /** Median absolute deviation from the median, in the metric's units. */
  readonly mad: number | null;
  readonly outlierIndexes: readonly number[];
  /** What the distances were measured in: `mean-ad` when over half of the values are equal and `mad` is 0. */
  readonly scale: 'mad' | 'mean-ad' | null;
  readonly reason: Reason | null;
}

/** Makes the median absolute deviation of a normal sample 0.6745 standard deviations, its mean one 0.7979. */
const MAD_FACTOR = 0.6744897501960817;
const MEAN_AD_FACTOR = 0.7978845608028654;

/**
 * Values whose modified z-score `0.6745 (x - median) / MAD` exceeds the threshold (3.5 is usual, 3 stricter). A plain
 * z-score cannot: it never exceeds (n - 1) / √n. Source: Iglewicz and Hoaglin (1993); the mean deviation in place of
 * a MAD of 0 is theirs too.
 */
export const findOutliers = (values: readonly number[], threshold: number): Outliers => {
  if (values.length === 0) {
    return { median: null, mad: null, outlierIndexes: [], scale: null, reason: 'insufficient-data' };
  }
  const plain = [...values];
  const centre = median(plain);
  const mad = medianAbsoluteDeviation(plain);
  const meanDeviation = mad > 0 ? 0 : mean(plain.map((value) => Math.abs(value - centre)));
  if (mad === 0 && meanDeviation === 0) {
    return { median: centre, mad, outlierIndexes: [], scale: null, reason: 'zero-variance' };
  }
  const unit = mad > 0 ? mad / MAD_FACTOR : meanDeviation / MEAN_AD_FACTOR;
  const outlierIndexes = plain.flatMap((value, i) =>
    Math.abs(value - centre) > threshold * unit ? [i] : [],
  );
  return { median: centre, mad, outlierIndexes, scale: mad > 0 ? 'mad' : 'mean-ad', reason: null };
};
