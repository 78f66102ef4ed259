import { chiSquareUpperTail } from './chi-square.ts';
import type { Reason } from './reason.ts';
import type { Rate } from './wilson.ts';

/** Whether several rates are one rate. */
interface HomogeneityTest {
  readonly chi2: number | null;
  readonly df: number;
  readonly p: number | null;
  /** Every cell expects at least 5: below, the p is rough. */
  readonly eligible: boolean;
  readonly reason: Reason | null;
}

/**
 * Pearson's chi-square test that all rates are equal, such as the share of missing values per variant. Variants
 * without trials leave the test. Source: Pearson (1900); the rule of 5 is Cochran's (1954).
 */
export const testEqualRates = (rates: readonly Rate[]): HomogeneityTest => {
  const present = rates.filter(({ n }) => n > 0);
  const df = Math.max(0, present.length - 1);
  if (df === 0) return { chi2: null, df, p: null, eligible: false, reason: 'insufficient-data' };
  const trials = present.reduce((sum, { n }) => sum + n, 0);
  const pooled = present.reduce((sum, { x }) => sum + x, 0) / trials;
  const rare = Math.min(pooled, 1 - pooled);
  if (rare === 0) return { chi2: null, df, p: null, eligible: false, reason: 'zero-variance' };
  const chi2 = present.reduce((sum, { x, n }) => {
    const excess = x - n * pooled;
    return sum + (excess * excess) / (n * pooled * (1 - pooled));
  }, 0);
  const eligible = present.every(({ n }) => n * rare >= 5);
  return { chi2, df, p: chiSquareUpperTail(chi2, df), eligible, reason: null };
};
