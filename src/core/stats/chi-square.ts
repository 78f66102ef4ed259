import { lowerGamma, upperGamma } from './incomplete-gamma.ts';
import { normalQuantile } from './normal.ts';
import { findRoot } from './root.ts';

/** P(X > x), small values with full relative accuracy. Source: NIST DLMF 8.2, Q(df/2, x/2). */
export const chiSquareUpperTail = (x: number, df: number): number => upperGamma(df / 2, x / 2);

/** The x with P(X ≤ x) = p, for 0 < p < 1; by root search on the smaller of the two tails, from Wilson and Hilferty's guess. */
export const chiSquareQuantile = (p: number, df: number): number => {
  const useUpper = p > 0.5;
  const target = Math.log(useUpper ? 1 - p : p);
  const tail = useUpper ? upperGamma : lowerGamma;
  const f = (u: number): number =>
    Math.log(Math.max(tail(df / 2, Math.exp(u) / 2), Number.MIN_VALUE)) - target;
  const spread = 2 / (9 * df);
  const cubeRoot = 1 - spread + normalQuantile(p) * Math.sqrt(spread);
  const guess = Math.log(Math.max(df * cubeRoot ** 3, 1e-3));
  const root = findRoot(f, guess - 0.25, guess + 0.25);
  return root === null ? 0 : Math.exp(root);
};
