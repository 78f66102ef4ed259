import type { Reason } from './reason.ts';
import { tCritical, tTwoSidedP } from './student-t.ts';

export type Interval = readonly [low: number, high: number];

/** An estimate with its standard error, in the estimate's own units; `null` where there are too few values. */
export interface Estimate {
  readonly estimate: number | null;
  readonly se: number | null;
  readonly df: number | null;
}

/** Student's t-test of "the estimate is 0" and its interval of confidence 1 - alpha, in the estimate's units. */
export interface TTest {
  readonly t: number | null;
  readonly df: number | null;
  /** Two-sided. */
  readonly p: number | null;
  readonly ci: Interval | null;
  readonly reason: Reason | null;
}

const undecided = (reason: Reason): TTest => ({ t: null, df: null, p: null, ci: null, reason });

/** Tests an estimate against 0; without two values, without spread or beyond the range of numbers it says why not. */
export const testEstimate = ({ estimate, se, df }: Estimate, alpha: number): TTest => {
  if (estimate === null || se === null || df === null) return undecided('insufficient-data');
  if (!Number.isFinite(estimate) || !Number.isFinite(se)) return undecided('ill-conditioned');
  if (se === 0) return undecided('zero-variance');
  const t = estimate / se;
  const halfWidth = tCritical(alpha, df) * se;
  if (!Number.isFinite(t) || !Number.isFinite(df) || !Number.isFinite(halfWidth)) {
    return undecided('ill-conditioned');
  }
  const ci: Interval = [estimate - halfWidth, estimate + halfWidth];
  return { t, df, p: tTwoSidedP(t, df), ci, reason: null };
};

/** A part of a variance and the degrees of freedom it was estimated with. */
interface VariancePart {
  readonly variance: number;
  readonly df: number;
}

/**
 * Degrees of freedom of a sum of estimated variances, `null` when all are 0.
 * Source: Satterthwaite (1946) and Welch (1947); taken as shares, so that tiny variances do not underflow.
 */
export const satterthwaiteDf = (parts: readonly VariancePart[]): number | null => {
  const total = parts.reduce((sum, { variance }) => sum + variance, 0);
  if (total === 0) return null;
  return 1 / parts.reduce((sum, { variance, df }) => sum + (variance / total) ** 2 / df, 0);
};
