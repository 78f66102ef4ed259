import { type Estimate, type Interval, testEstimate } from '../stats/estimate.ts';
import type { Reason } from '../stats/reason.ts';
import { testSequentially } from '../stats/sequential.ts';

export type { Interval } from '../stats/estimate.ts';
export type { Reason } from '../stats/reason.ts';

/** How certain to be, and whether one may look at any time (`sequential`) or once, at the planned n (`fixed`). */
export interface Inference {
  readonly mode: 'sequential' | 'fixed';
  readonly alpha: number;
  /** Units of both variants at which the sequential interval is narrowest. */
  readonly nStar: number;
}

/** An interval of confidence 1 - alpha and the two-sided p of "there is no effect". */
export interface Inferred {
  readonly interval: Interval | null;
  readonly p: number | null;
  readonly reason: Reason | null;
}

/**
 * Infers from an estimate with its standard error, of `n` units together: Student's t, or the asymptotic confidence
 * sequence, which holds at every look at once.
 */
export const infer = (estimate: Estimate, n: number, { mode, alpha, nStar }: Inference): Inferred => {
  const fixed = testEstimate(estimate, alpha);
  if (mode === 'fixed' || fixed.reason !== null)
    return { interval: fixed.ci, p: fixed.p, reason: fixed.reason };
  const input = { estimate: estimate.estimate ?? 0, se: estimate.se ?? 0, n, alpha, nStar };
  const { ci, p, reason } = testSequentially(input);
  return { interval: ci, p, reason };
};

/** A figure that is a number; null where it is none, or beyond the range of numbers. */
export const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;
