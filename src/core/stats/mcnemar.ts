import type { Reason } from './reason.ts';
import { binomialTerm } from './stirling.ts';

/** McNemar's exact test of paired yes/no outcomes. */
interface McNemarTest {
  /** Two-sided; `null` when no pair disagrees. */
  readonly p: number | null;
  readonly reason: Reason | null;
}

/** P(X ≤ k) of a binomial with p = 1/2, added up from the largest term down. */
const lowerTail = (k: number, n: number): number => {
  const first = binomialTerm(k, n, 0.5, 0.5);
  let term = 1;
  let sum = 1;
  for (let i = k; i > 0 && term > sum * 1e-18; i--) {
    term *= i / (n - i + 1);
    sum += term;
  }
  return first * sum;
};

/**
 * Tests pairs that passed on one side only. Source: McNemar (1947), exact binomial on the discordant pairs; the
 * two tails are alike, so twice the smaller is exact.
 */
export const testDiscordantPairs = (onlyA: number, onlyB: number): McNemarTest => {
  const n = onlyA + onlyB;
  if (n === 0) return { p: null, reason: 'insufficient-data' };
  if (onlyA === onlyB) return { p: 1, reason: null };
  return { p: Math.min(1, 2 * lowerTail(Math.min(onlyA, onlyB), n)), reason: null };
};
