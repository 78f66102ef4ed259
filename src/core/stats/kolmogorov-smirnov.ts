import { kolmogorovUpperTail } from './kolmogorov-distribution.ts';
import { sortValues } from './quantile.ts';
import type { Reason } from './reason.ts';

/** The distributions of two samples compared. */
interface KolmogorovSmirnovResult {
  /** The largest distance between the two empirical distribution functions, 0 to 1. */
  readonly d: number | null;
  /** Two-sided, by counting lattice paths; conservative with ties; `null` above ten million pairs. */
  readonly pExact: number | null;
  /** From the one-sample distribution of the effective size `n m / (n + m)`, rounded. */
  readonly pAsymptotic: number | null;
  /** The exact p where there is one, else the asymptotic. */
  readonly p: number | null;
  readonly method: 'exact' | 'asymptotic' | null;
  readonly reason: Reason | null;
}

const MOST_EXACT_PAIRS = 10_000_000;

const skipValue = (sorted: Float64Array, from: number, value: number): number => {
  let end = from;
  while (sorted[end] === value) end += 1;
  return end;
};

/** The largest `|i m - j n|` over the steps of both distribution functions: D × n × m, an integer. */
const largestGap = (a: Float64Array, b: Float64Array): number => {
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    i = skipValue(a, i, value);
    j = skipValue(b, j, value);
    largest = Math.max(largest, Math.abs(i * b.length - j * a.length));
  }
  return largest;
};

/**
 * The share of lattice paths from (0, 0) to (n, m) that reach a gap of at least `gap`: P(D ≥ d), added up from
 * positive terms. Source: Hodges (1958), as `psmirnov` of R 4.
 */
const pathsOutside = (n: number, m: number, gap: number): number => {
  const share = new Float64Array(m + 1);
  for (let j = 0; j <= m; j++) share[j] = j * n >= gap ? 1 : 0;
  for (let i = 1; i <= n; i++) {
    let left = i * m >= gap ? 1 : (share[0] ?? 0);
    share[0] = left;
    for (let j = 1; j <= m; j++) {
      const mixed = (i * (share[j] ?? 0) + j * left) / (i + j);
      left = Math.abs(i * m - j * n) >= gap ? 1 : mixed;
      share[j] = left;
    }
  }
  return share[m] ?? Number.NaN;
};

/** Halves go to the even neighbour, as NumPy rounds. */
const roundHalfEven = (x: number): number => {
  const below = Math.floor(x);
  return x - below === 0.5 ? below + (below % 2) : Math.round(x);
};

/**
 * The two-sample Kolmogorov–Smirnov test, two-sided. Source: Smirnov (1939); equal to scipy.stats.ks_2samp,
 * methods "exact" and "asymp".
 */
export const compareDistributions = (a: readonly number[], b: readonly number[]): KolmogorovSmirnovResult => {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) {
    return { d: null, pExact: null, pAsymptotic: null, p: null, method: null, reason: 'insufficient-data' };
  }
  const gap = largestGap(sortValues(a), sortValues(b));
  const d = gap / (n * m);
  const pExact = gap === 0 ? 1 : n * m <= MOST_EXACT_PAIRS ? pathsOutside(n, m, gap) : null;
  const effectiveSize = Math.max(1, roundHalfEven((n * m) / (n + m)));
  const pAsymptotic = kolmogorovUpperTail(d, effectiveSize);
  const method = pExact === null ? 'asymptotic' : 'exact';
  return { d, pExact, pAsymptotic, p: pExact ?? pAsymptotic, method, reason: null };
};
