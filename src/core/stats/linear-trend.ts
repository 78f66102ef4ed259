import type { CoMoments } from './co-moments.ts';
import { type Interval, testEstimate } from './estimate.ts';
import { sampleVariance } from './moments.ts';
import type { Reason } from './reason.ts';
import { tCritical } from './student-t.ts';

/** A straight line through points, `y = intercept + slope x`; the slope in units of y for one unit of x. */
interface LinearTrend {
  readonly n: number;
  readonly slope: number | null;
  readonly intercept: number | null;
  readonly r2: number | null;
  readonly slopeSe: number | null;
  readonly slopeCi: Interval | null;
  /** Two-sided p of "the slope is 0". */
  readonly p: number | null;
  /** Standard deviation of the points about the line, with n - 2 degrees of freedom. */
  readonly residualSd: number | null;
  readonly reason: Reason | null;
}

const NO_LINE: Omit<LinearTrend, 'n' | 'reason'> = {
  slope: null,
  intercept: null,
  r2: null,
  slopeSe: null,
  slopeCi: null,
  p: null,
  residualSd: null,
};

/** Below this share of the variance the residuals are rounding error. */
const PERFECT = 1e-13;

/** Least squares from the moments of pairs, with Student's test of the slope. Source: as scipy.stats.linregress. */
export const fitLinearTrend = ({ x, y, C }: CoMoments, alpha = 0.05): LinearTrend => {
  const { n } = x;
  const varianceX = sampleVariance(x);
  const varianceY = sampleVariance(y);
  if (varianceX === null || varianceY === null) return { n, ...NO_LINE, reason: 'insufficient-data' };
  if (varianceX === 0) return { n, ...NO_LINE, reason: 'zero-variance' };
  if (!Number.isFinite(x.M2 * y.M2)) return { n, ...NO_LINE, reason: 'ill-conditioned' };
  if (varianceY === 0) {
    return { n, ...NO_LINE, slope: 0, intercept: y.mean, residualSd: 0, reason: 'zero-variance' };
  }
  const slope = C / x.M2;
  if (!Number.isFinite(slope)) return { n, ...NO_LINE, reason: 'ill-conditioned' };
  const r2 = Math.min(1, (C / x.M2) * (C / y.M2));
  const df = n - 2;
  const unexplained = 1 - r2 < PERFECT ? 0 : 1 - r2;
  const residualSd = df > 0 ? Math.sqrt((y.M2 * unexplained) / df) : null;
  const slopeSe = residualSd === null ? null : residualSd / Math.sqrt(x.M2);
  const { p, ci, reason } = testEstimate({ estimate: slope, se: slopeSe, df }, alpha);
  return { n, slope, intercept: y.mean - slope * x.mean, r2, slopeSe, slopeCi: ci, p, residualSd, reason };
};

/** A value read off the line at `x`, with the interval for one new observation there; `ci` is `null` without one. */
interface Forecast {
  readonly x: number;
  readonly y: number | null;
  readonly ci: Interval | null;
}

/** Continues a line to other x. Source: the prediction interval of simple regression (Draper and Smith 1998, §3.1). */
export const forecastTrend = (
  points: CoMoments,
  at: readonly number[],
  alpha = 0.05,
): readonly Forecast[] => {
  const { n, slope, intercept, residualSd } = fitLinearTrend(points, alpha);
  return at.map((x) => {
    if (slope === null || intercept === null) return { x, y: null, ci: null };
    const y = intercept + slope * x;
    if (residualSd === null || residualSd === 0) return { x, y, ci: null };
    const distance = x - points.x.mean;
    const spread = Math.sqrt(1 + 1 / n + (distance * distance) / points.x.M2);
    const halfWidth = tCritical(alpha, n - 2) * residualSd * spread;
    return { x, y, ci: [y - halfWidth, y + halfWidth] };
  });
};
