import { regularizedBeta } from './incomplete-beta.ts';
import { normalQuantile, normalTwoSidedP } from './normal.ts';
import { findRoot } from './root.ts';
import { logGamma } from './stirling.ts';

/** From here on Hill's expansion is exact to the last digits even in the farthest tail. */
const MANY_DEGREES = 1e5;

/** The normal deviate with the same tail. Source: G. W. Hill, Algorithm 395: Student's t-distribution (1970). */
const normalDeviate = (t: number, df: number): number => {
  const a = df - 0.5;
  const b = 48 * a * a;
  const w = a * Math.log1p((t / df) * t);
  const inner = ((((-0.4 * w - 3.3) * w - 24) * w - 85.5) / (0.8 * w * w + 100 + b) + w + 3) / b + 1;
  return inner * Math.sqrt(w);
};

/** The leading term of the tail, for t so large that t² overflows. */
const farTail = (t: number, df: number): number => {
  const a = df / 2;
  const logBeta = logGamma(a) + logGamma(0.5) - logGamma(a + 0.5);
  return Math.exp(-df * (Math.log(t) - Math.log(df) / 2) - Math.log(a) - logBeta);
};

/** P(|T| ≥ |t|), small values with full relative accuracy. Source: NIST DLMF 8.17, I_x(df/2, 1/2) with x = df / (df + t²). */
export const tTwoSidedP = (t: number, df: number): number => {
  const size = Math.abs(t);
  if (size > 1e100) return farTail(size, df);
  if (df >= MANY_DEGREES) return normalTwoSidedP(normalDeviate(size, df));
  const square = size * size;
  return regularizedBeta({ a: df / 2, b: 0.5, x: df / (df + square), y: square / (df + square) });
};

/** P(T > t). */
export const tUpperTail = (t: number, df: number): number => {
  const tail = tTwoSidedP(t, df) / 2;
  return t < 0 ? 1 - tail : tail;
};

/** P(|T| < t), small values with full relative accuracy. */
const tCentralP = (t: number, df: number): number => {
  const square = t * t;
  return regularizedBeta({ a: 0.5, b: df / 2, x: square / (df + square), y: df / (df + square) });
};

/** The positive t for which `probability(t)` is `target`; solved on logarithmic scales, where both tails are straight. */
const solveForT = (probability: (t: number) => number, target: number, guess: number): number => {
  const f = (u: number): number => {
    const found = probability(Math.exp(u));
    return Math.log(Math.max(found, Number.MIN_VALUE)) - Math.log(target);
  };
  const start = Math.log(guess);
  const root = findRoot(f, start - 0.5, start + 0.5);
  return root === null ? Number.POSITIVE_INFINITY : Math.exp(root);
};

/** The t > 0 that |T| exceeds with probability `alpha`; the half-width of an interval in standard errors. */
export const tCritical = (alpha: number, df: number): number => {
  if (alpha >= 1) return 0;
  const guess = Math.max(-normalQuantile(alpha / 2), 1e-3);
  return solveForT((t) => tTwoSidedP(t, df), alpha, guess);
};

/**
 * t with P(T ≤ t) = p, for 0 < p < 1; by root search on the directly computed tail, near the middle on the
 * directly computed centre.
 */
export const tQuantile = (p: number, df: number): number => {
  const centred = p - 0.5;
  if (centred === 0) return 0;
  const central = 2 * Math.abs(centred);
  const size =
    central < 0.5
      ? solveForT((t) => tCentralP(t, df), central, Math.abs(normalQuantile(p)))
      : tCritical(2 * Math.min(p, 1 - p), df);
  return centred < 0 ? -size : size;
};
