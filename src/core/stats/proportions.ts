import type { Interval } from './estimate.ts';
import { fisherExactP } from './fisher.ts';
import { normalQuantile, normalTwoSidedP } from './normal.ts';
import type { Reason } from './reason.ts';
import { estimateRate, type Rate } from './wilson.ts';

/** Two rates compared, b over a; differences in points of 1 (0.02 is two percentage points). */
interface RateComparison {
  readonly rateA: number | null;
  readonly rateB: number | null;
  readonly diff: number | null;
  /** Pooled z, and its two-sided p. */
  readonly z: number | null;
  readonly p: number | null;
  readonly pFisher: number | null;
  /** The interval to show; `ciWald` is the simple one, too short for small counts. */
  readonly ciNewcombe: Interval | null;
  readonly ciWald: Interval | null;
  readonly cohensH: number | null;
  readonly wilsonA: Interval | null;
  readonly wilsonB: Interval | null;
  /** `diff / rateA`; `null` when a has no event. */
  readonly relativeLift: number | null;
  readonly reason: Reason | null;
}

/** The interval of a difference from the two single ones. Source: R. G. Newcombe, method 10 (1998). */
const newcombeInterval = (pA: number, pB: number, wilson: readonly [Interval, Interval]): Interval => {
  const [[lowA, highA], [lowB, highB]] = wilson;
  const diff = pB - pA;
  return [diff - Math.hypot(pB - lowB, highA - pA), diff + Math.hypot(highB - pB, pA - lowA)];
};

const waldInterval = (a: Rate, b: Rate, alpha: number): Interval => {
  const [pA, pB] = [a.x / a.n, b.x / b.n];
  const se = Math.sqrt((pA * (1 - pA)) / a.n + (pB * (1 - pB)) / b.n);
  const halfWidth = -normalQuantile(alpha / 2) * se;
  return [pB - pA - halfWidth, pB - pA + halfWidth];
};

const pooledZ = (a: Rate, b: Rate): number | null => {
  const pooled = (a.x + b.x) / (a.n + b.n);
  const variance = pooled * (1 - pooled) * (1 / a.n + 1 / b.n);
  return variance > 0 ? (b.x / b.n - a.x / a.n) / Math.sqrt(variance) : null;
};

const explain = (z: number | null, a: Rate): Reason | null => {
  if (z === null) return 'zero-variance';
  return a.x === 0 ? 'zero-baseline' : null;
};

/**
 * Compares two rates: the pooled z-test, Fisher's exact test, Newcombe's and Wald's intervals, Cohen's h
 * (`2 asin √b - 2 asin √a`). Source: Fleiss, Levin and Paik (2003); equal to statsmodels.
 */
export const compareRates = (a: Rate, b: Rate, alpha = 0.05): RateComparison => {
  const wilsonA = estimateRate(a, alpha);
  const wilsonB = estimateRate(b, alpha);
  const rateA = a.n === 0 ? null : a.x / a.n;
  const rateB = b.n === 0 ? null : b.x / b.n;
  if (rateA === null || rateB === null || wilsonA === null || wilsonB === null) {
    const none = { diff: null, z: null, p: null, pFisher: null, ciNewcombe: null, ciWald: null };
    const rest = { cohensH: null, wilsonA, wilsonB, relativeLift: null };
    return { rateA, rateB, ...none, ...rest, reason: 'insufficient-data' };
  }
  const z = pooledZ(a, b);
  return {
    rateA,
    rateB,
    diff: rateB - rateA,
    z,
    p: z === null ? null : normalTwoSidedP(z),
    pFisher: fisherExactP(a, b),
    ciNewcombe: newcombeInterval(rateA, rateB, [wilsonA, wilsonB]),
    ciWald: waldInterval(a, b, alpha),
    cohensH: 2 * Math.asin(Math.sqrt(rateB)) - 2 * Math.asin(Math.sqrt(rateA)),
    wilsonA,
    wilsonB,
    relativeLift: rateA === 0 ? null : (rateB - rateA) / rateA,
    reason: explain(z, a),
  };
};
