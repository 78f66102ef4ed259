/** The series of Stirling's error in 1/n, exact to the last bit from `SERIES_FROM` on. */
const SERIES_FROM = 16;
const HALF_LOG_TWO_PI = 0.9189385332046728;

const stirlingSeries = (n: number): number => {
  const square = n * n;
  const inner = 1 / 1680 - (1 / 1188 - 691 / 360360 / square) / square;
  return (1 / 12 - (1 / 360 - (1 / 1260 - inner / square) / square) / square) / n;
};

/**
 * What Stirling's formula leaves out of ln Γ(n + 1): `ln n! - (n + ½) ln n + n - ½ ln 2π`, for any real n > 0.
 * Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000), his `stirlerr`; below 16 by
 * its recurrence instead of his table of halves, so that fractional degrees of freedom are as accurate.
 */
export const stirlingError = (n: number): number => {
  let error = 0;
  let k = n;
  while (k < SERIES_FROM) {
    error += (k + 0.5) * Math.log1p(1 / k) - 1;
    k += 1;
  }
  return error + stirlingSeries(k);
};

/** ln Γ(x) for x > 0. Differences of it lose digits: prefer `stirlingError` there. */
export const logGamma = (x: number): number =>
  (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingError(x);

/**
 * `x ln(x / m) + m - x`, half the deviance of x about m, without cancellation when x is near m.
 * Source: Loader (2000), his `bd0`.
 */
const devianceTerm = (x: number, m: number): number => {
  if (x === 0) return m;
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let term = 2 * x * v;
  let sum = (x - m) * v;
  for (let j = 3; j < 2000; j += 2) {
    term *= v * v;
    const next = sum + term / j;
    if (next === sum) break;
    sum = next;
  }
  return sum;
};

/** `mean^k e^-mean / Γ(k + 1)` for any real k ≥ 0. Source: Loader (2000), his saddle-point `dpois`. */
export const poissonTerm = (k: number, mean: number): number => {
  if (k === 0) return Math.exp(-mean);
  return Math.exp(-stirlingError(k) - devianceTerm(k, mean)) / Math.sqrt(2 * Math.PI * k);
};

/**
 * `Γ(n + 1) / (Γ(k + 1) Γ(n - k + 1)) p^k q^(n - k)` for any real 0 ≤ k ≤ n; `q` is 1 - p, given so that it keeps its digits.
 * Source: Loader (2000), his saddle-point `dbinom`.
 */
export const binomialTerm = (k: number, n: number, p: number, q: number): number => {
  const rest = n - k;
  if (k === 0) return n === 0 ? 1 : Math.exp(p < 0.1 ? n * Math.log1p(-p) : n * Math.log(q));
  if (rest === 0) return Math.exp(q < 0.1 ? n * Math.log1p(-q) : n * Math.log(p));
  const error = stirlingError(n) - stirlingError(k) - stirlingError(rest);
  const exponent = error - devianceTerm(k, n * p) - devianceTerm(rest, n * q);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * rest));
};
