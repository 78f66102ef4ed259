import { computeEffectSize, type EffectSize } from './effect-size.ts';
import { type Estimate, satterthwaiteDf, type TTest, testEstimate } from './estimate.ts';
import { type Moments, sampleVariance } from './moments.ts';

/** Means of two samples compared, b over a, in the metric's units. */
interface WelchResult extends TTest, EffectSize {
  readonly meanA: number | null;
  readonly meanB: number | null;
  readonly diff: number | null;
  /** Standard error of the difference. */
  readonly se: number | null;
}

const finiteMean = ({ n, mean }: Moments): number | null => (n > 0 && Number.isFinite(mean) ? mean : null);

/**
 * The contrast `b.mean - k a.mean` with its standard error: the difference for k = 1, and for hypotheses about a
 * ratio of means it needs no division. Degrees of freedom by Welch and Satterthwaite.
 */
export const contrastMeans = (a: Moments, b: Moments, k: number): Estimate => {
  const estimate = a.n === 0 || b.n === 0 ? null : b.mean - k * a.mean;
  const varianceA = sampleVariance(a);
  const varianceB = sampleVariance(b);
  if (varianceA === null || varianceB === null) return { estimate, se: null, df: null };
  const partA = { variance: (k * k * varianceA) / a.n, df: a.n - 1 };
  const partB = { variance: varianceB / b.n, df: b.n - 1 };
  // Without any variance the degrees of freedom do not matter: the test says zero-variance.
  const df = satterthwaiteDf([partA, partB]) ?? partA.df + partB.df;
  return { estimate, se: Math.sqrt(partA.variance + partB.variance), df };
};

/**
 * Welch's t-test of two means, b over a, with an interval of confidence 1 - alpha.
 * Source: B. L. Welch (1947); equal to scipy.stats.ttest_ind(equal_var=False).
 */
export const compareMeans = (a: Moments, b: Moments, alpha = 0.05): WelchResult => {
  const difference = contrastMeans(a, b, 1);
  const finite = difference.estimate !== null && Number.isFinite(difference.estimate);
  return {
    meanA: finiteMean(a),
    meanB: finiteMean(b),
    diff: finite ? difference.estimate : null,
    se: difference.se !== null && Number.isFinite(difference.se) ? difference.se : null,
    ...testEstimate(difference, alpha),
    ...computeEffectSize(a, b),
  };
};

/** The change of the mean as a share of the baseline a (0.05 is + 5 %), with its test. */
interface RelativeChange extends TTest {
  readonly estimate: number | null;
  readonly se: number | null;
}

/**
 * The relative change `(b - a) / |a|` of two means by the delta method, with Welch's degrees of freedom, so that the
 * sign is the direction also below zero. Source: as gbstats (GrowthBook), `variance_of_ratios`.
 */
export const compareMeansRelatively = (a: Moments, b: Moments, alpha = 0.05): RelativeChange => {
  const difference = contrastMeans(a, b, 1);
  if (a.n > 0 && a.mean === 0) {
    return { estimate: null, se: null, t: null, df: null, p: null, ci: null, reason: 'zero-baseline' };
  }
  const baseline = Math.abs(a.mean);
  const estimate = difference.estimate === null ? null : difference.estimate / baseline;
  const { se: scaled } = contrastMeans(a, b, b.mean / a.mean);
  const se = scaled === null ? null : scaled / baseline;
  const finite = estimate !== null && Number.isFinite(estimate);
  return {
    estimate: finite ? estimate : null,
    se: se !== null && Number.isFinite(se) ? se : null,
    ...testEstimate({ estimate, se, df: difference.df }, alpha),
  };
};
