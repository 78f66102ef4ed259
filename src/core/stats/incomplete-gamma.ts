import { evaluateContinuedFraction } from './continued-fraction.ts';
import { poissonTerm } from './stirling.ts';

const iterationLimit = (a: number): number => 1000 + 40 * Math.sqrt(a);

/** P by its power series, for x < a + 1. */
const lowerSeries = (a: number, x: number): number => {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < iterationLimit(a); k++) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return poissonTerm(a, x) * sum;
};

/** Q by its continued fraction, for x ≥ a + 1. */
const upperFraction = (a: number, x: number): number => {
  const step = (j: number) => ({ numerator: -j * (j - a), denominator: x + 2 * j + 1 - a });
  return (a * poissonTerm(a, x)) / evaluateContinuedFraction(x + 1 - a, step, iterationLimit(a));
};

/**
 * The regularised incomplete gamma function Q(a, x) = Γ(a, x) / Γ(a), small values with full relative accuracy.
 * Source: NIST DLMF 8.9.2 and 8.11.4, with Loader's saddle point before them.
 */
export const upperGamma = (a: number, x: number): number => {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
};

/** P(a, x) = 1 - Q(a, x), small values with full relative accuracy. */
export const lowerGamma = (a: number, x: number): number => {
  if (x <= 0) return 0;
  return x < a + 1 ? lowerSeries(a, x) : 1 - upperFraction(a, x);
};
