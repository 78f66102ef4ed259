import { normalUpperTail } from './normal.ts';

/** Wilcoxon's signed ranks of paired differences; zeros are left out. */
export interface SignedRankTest {
  /** Sums of the ranks of positive and of negative differences. */
  readonly wPlus: number;
  readonly wMinus: number;
  readonly nNonZero: number;
  /** Two-sided, normal with continuity and tie correction; `null` when every difference is 0. */
  readonly pAsymptotic: number | null;
  /** Two-sided, from all sign patterns; `null` with ties or zeros, or above 200 differences. */
  readonly pExact: number | null;
}

const MOST_EXACT = 200;

/** P(W ≤ w) of n signed ranks without ties; a sum of positive terms. Source: Wilcoxon (1945), rank by rank. */
const exactTail = (w: number, n: number): number => {
  const probability = new Float64Array(w + 1).fill(1, 0, 1);
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = w; sum >= 0; sum--) {
      const added = sum >= rank ? (probability[sum - rank] ?? 0) : 0;
      probability[sum] = ((probability[sum] ?? 0) + added) / 2;
    }
  }
  return probability.reduce((total, value) => total + value, 0);
};

interface RankSums {
  readonly wPlus: number;
  readonly tieTerm: number;
}

/** Ranks by size with middle ranks for ties, and adds up those of positive differences. */
const sumRanks = (differences: readonly number[]): RankSums => {
  const bySize = [...differences].sort((a, b) => Math.abs(a) - Math.abs(b));
  const sizeAt = (i: number): number => Math.abs(bySize[i] ?? Number.NaN);
  let wPlus = 0;
  let tieTerm = 0;
  for (let start = 0; start < bySize.length; ) {
    let end = start + 1;
    while (sizeAt(end) === sizeAt(start)) end += 1;
    const tied = end - start;
    const positive = bySize.slice(start, end).filter((difference) => difference > 0).length;
    wPlus += positive * (start + (tied + 1) / 2);
    tieTerm += tied * (tied * tied - 1);
    start = end;
  }
  return { wPlus, tieTerm };
};

const asymptoticP = (wPlus: number, n: number, tieTerm: number): number => {
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieTerm / 48;
  const distance = Math.abs(wPlus - (n * (n + 1)) / 4);
  return 2 * normalUpperTail(Math.max(0, distance - 0.5) / Math.sqrt(variance));
};

/**
 * The signed-rank test of differences. Source: Wilcoxon (1945), tie correction by Lehmann (1975); equal to
 * scipy.stats.wilcoxon(zero_method='wilcox', correction=True) and its exact method.
 */
export const testSignedRanks = (differences: readonly number[]): SignedRankTest => {
  const nonZero = differences.filter((difference) => difference !== 0);
  const n = nonZero.length;
  const { wPlus, tieTerm } = sumRanks(nonZero);
  const wMinus = (n * (n + 1)) / 2 - wPlus;
  const isExact = n > 0 && n === differences.length && tieTerm === 0 && n <= MOST_EXACT;
  return {
    wPlus,
    wMinus,
    nNonZero: n,
    pAsymptotic: n === 0 ? null : asymptoticP(wPlus, n, tieTerm),
    pExact: isExact ? Math.min(1, 2 * exactTail(Math.min(wPlus, wMinus), n)) : null,
  };
};
