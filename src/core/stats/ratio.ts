import type { CoMoments } from './co-moments.ts';
import { satterthwaiteDf, type TTest, testEstimate } from './estimate.ts';
import { emptyMoments, type Moments } from './moments.ts';

/** Two ratios of sums compared, b over a: x is the numerator, y the denominator, one pair a unit. */
interface RatioComparison extends TTest {
  readonly ratioA: number | null;
  readonly seA: number | null;
  readonly ratioB: number | null;
  readonly seB: number | null;
  readonly diff: number | null;
  readonly se: number | null;
}

interface RatioEstimate {
  readonly ratio: number | null;
  readonly variance: number | null;
}

/** Σ numerators / Σ denominators and its variance by the delta method over units. */
const estimateRatio = ({ x, y, C }: CoMoments): RatioEstimate => {
  if (x.n === 0 || y.mean === 0) return { ratio: null, variance: null };
  const ratio = x.mean / y.mean;
  if (!Number.isFinite(ratio)) return { ratio: null, variance: null };
  if (x.n < 2) return { ratio, variance: null };
  const spread = x.M2 - 2 * ratio * C + ratio * ratio * y.M2;
  const noise = 1e-14 * (x.M2 + ratio * ratio * y.M2);
  const perUnit = (spread > noise ? spread : 0) / (x.n - 1);
  return { ratio, variance: perUnit / (y.mean * y.mean * x.n) };
};

/**
 * A ratio of sums as the moments of units: what each unit adds to it, linearised, so that every test of means holds for
 * ratios too. Nothing without a ratio. Source: the delta method, Deng, Knoblich and Lu (2018), §3.2.
 */
export const linearizeRatio = (pairs: CoMoments): Moments => {
  const { ratio, variance } = estimateRatio(pairs);
  if (ratio === null) return emptyMoments;
  const { n } = pairs.x;
  return { n, mean: ratio, M2: (variance ?? 0) * n * (n - 1) };
};

const root = (variance: number | null): number | null =>
  variance === null || !Number.isFinite(variance) ? null : Math.sqrt(variance);

/**
 * Compares ratios such as cost per request when a unit has several requests.
 * Source: the delta method, Deng, Knoblich and Lu (2018); as gbstats' RatioStatistic, with Welch's degrees of freedom.
 */
export const compareRatios = (a: CoMoments, b: CoMoments, alpha = 0.05): RatioComparison => {
  const estimateA = estimateRatio(a);
  const estimateB = estimateRatio(b);
  const isKnown = estimateA.ratio !== null && estimateB.ratio !== null;
  const diff = isKnown ? (estimateB.ratio ?? 0) - (estimateA.ratio ?? 0) : null;
  const isTestable = estimateA.variance !== null && estimateB.variance !== null;
  const parts = [
    { variance: estimateA.variance ?? 0, df: a.x.n - 1 },
    { variance: estimateB.variance ?? 0, df: b.x.n - 1 },
  ];
  const se = isTestable ? Math.sqrt(parts.reduce((sum, { variance }) => sum + variance, 0)) : null;
  const df = satterthwaiteDf(parts) ?? a.x.n + b.x.n - 2;
  const test = testEstimate({ estimate: diff, se, df }, alpha);
  const hasNoBase = (a.x.n > 0 && a.y.mean === 0) || (b.x.n > 0 && b.y.mean === 0);
  return {
    ratioA: estimateA.ratio,
    seA: root(estimateA.variance),
    ratioB: estimateB.ratio,
    seB: root(estimateB.variance),
    diff,
    se: se !== null && Number.isFinite(se) ? se : null,
    ...test,
    reason: hasNoBase ? 'zero-baseline' : test.reason,
  };
};
