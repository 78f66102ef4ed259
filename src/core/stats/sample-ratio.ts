import { chiSquareUpperTail } from './chi-square.ts';
import type { Reason } from './reason.ts';

/** Below this p the split is not the configured one. Source: GrowthBook's default threshold. */
const MISMATCH_P = 0.001;
/** Fewest expected units per variant for the chi-square test. Source: GrowthBook. */
const FEWEST_EXPECTED = 8;

/** Whether units arrived in the configured proportions. */
interface SampleRatioTest {
  readonly chi2: number | null;
  readonly df: number;
  readonly p: number | null;
  /** Units expected per variant, in the order given. */
  readonly expected: readonly number[];
  /** The split is broken: p < 0.001 in an eligible test, or a unit in a variant of weight 0. */
  readonly mismatch: boolean;
  /** Every variant with weight expects at least 8 units. */
  readonly eligible: boolean;
  readonly reason: Reason | null;
}

/**
 * Tests units per variant against the configured weights. Variants of weight 0 leave the test, which takes a degree
 * of freedom with them. Source: Pearson's chi-square (1900); Fabijan et al., Diagnosing Sample Ratio Mismatch (2019).
 */
export const testSampleRatio = (observed: readonly number[], weights: readonly number[]): SampleRatioTest => {
  const arms = observed.map((count, i) => ({ count, weight: weights[i] ?? 0 }));
  const active = arms.filter(({ weight }) => weight > 0);
  const total = active.reduce((sum, { count }) => sum + count, 0);
  const totalWeight = active.reduce((sum, { weight }) => sum + weight, 0);
  const expected = arms.map(({ weight }) => (weight > 0 ? (total * weight) / totalWeight : 0));
  const strayed = arms.some(({ count, weight }) => weight === 0 && count > 0);
  const df = active.length - 1;
  if (df < 1 || total === 0) {
    const reason = 'insufficient-data';
    return { chi2: null, df: Math.max(0, df), p: null, expected, mismatch: strayed, eligible: false, reason };
  }
  const chi2 = active.reduce((sum, { count, weight }) => {
    const share = (total * weight) / totalWeight;
    return sum + ((count - share) * (count - share)) / share;
  }, 0);
  const p = chiSquareUpperTail(chi2, df);
  const eligible = active.every(({ weight }) => (total * weight) / totalWeight >= FEWEST_EXPECTED);
  return { chi2, df, p, expected, mismatch: strayed || (eligible && p < MISMATCH_P), eligible, reason: null };
};
