import { binomialTerm } from './stirling.ts';
import type { Rate } from './wilson.ts';

/** The hypergeometric distribution of successes in the first sample when both margins are fixed. */
interface Margins {
  readonly nA: number;
  readonly nB: number;
  readonly successes: number;
}

/** P(X = x). Source: Loader (2000), a quotient of three binomial terms with p = successes / all. */
const hypergeometricTerm = (x: number, { nA, nB, successes }: Margins): number => {
  const all = nA + nB;
  const p = successes / all;
  const q = (all - successes) / all;
  return (
    (binomialTerm(x, nA, p, q) * binomialTerm(successes - x, nB, p, q)) / binomialTerm(successes, all, p, q)
  );
};

/** P(X = x + 1) / P(X = x). */
const ratioUp = (x: number, { nA, nB, successes }: Margins): number =>
  ((nA - x) / (x + 1)) * ((successes - x) / (nB - successes + x + 1));

/** Σ P(X = k) from x outwards (step 1 or -1) by the ratio of neighbours. */
const sumOutwards = (x: number, step: 1 | -1, margins: Margins): number => {
  const first = hypergeometricTerm(x, margins);
  let term = 1;
  let sum = 1;
  for (let k = x; term > sum * 1e-18; k += step) {
    term *= step === 1 ? ratioUp(k, margins) : 1 / ratioUp(k - 1, margins);
    sum += term;
  }
  return first * sum;
};

/** The first x in [from, to], going from the mode outwards, that is no more probable than `limit`; `null` if none is. */
const findOppositeStart = (
  range: readonly [number, number],
  limit: number,
  margins: Margins,
): number | null => {
  const [inner, outer] = range;
  if (hypergeometricTerm(outer, margins) > limit) return null;
  let near = inner;
  let far = outer;
  while (Math.abs(far - near) > 1) {
    const middle = Math.trunc((near + far) / 2);
    if (hypergeometricTerm(middle, margins) > limit) near = middle;
    else far = middle;
  }
  return hypergeometricTerm(near, margins) > limit ? far : near;
};

/**
 * Fisher's exact test of two rates, two-sided: the probability of all tables no more probable than the observed one
 * (equal up to 1e-7, as R and SciPy); `null` without trials. Source: R. A. Fisher (1935).
 */
export const fisherExactP = (a: Rate, b: Rate): number | null => {
  if (a.n === 0 || b.n === 0) return null;
  const margins: Margins = { nA: a.n, nB: b.n, successes: a.x + b.x };
  const low = Math.max(0, margins.successes - b.n);
  const high = Math.min(margins.successes, a.n);
  if (low === high) return 1;
  const mode = Math.floor(((margins.successes + 1) * (a.n + 1)) / (a.n + b.n + 2));
  if (a.x === mode) return 1;
  const limit = hypergeometricTerm(a.x, margins) * (1 + 1e-7);
  const isBelow = a.x < mode;
  const own = sumOutwards(a.x, isBelow ? -1 : 1, margins);
  const start = findOppositeStart([mode, isBelow ? high : low], limit, margins);
  const opposite = start === null ? 0 : sumOutwards(start, isBelow ? 1 : -1, margins);
  return Math.min(1, own + opposite);
};
