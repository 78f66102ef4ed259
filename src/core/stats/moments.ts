/** Count, mean and sum of squared deviations from the mean: all that the tests of means need of a sample. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly M2: number;
}

/** What a database can add up in one pass. */
interface Sums {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** Spread below this share of the mean is rounding noise of equal values. */
const NOISE = 4 * Number.EPSILON;

export const emptyMoments: Moments = { n: 0, mean: 0, M2: 0 };

/**
 * Moments of finite values. Sums are compensated and taken from the first value, so that a large common offset
 * costs no digits and equal values have exactly no variance. Source: Chan, Golub and LeVeque (1983), corrected two-pass.
 */
export const computeMoments = (values: ArrayLike<number>): Moments => {
  const n = values.length;
  const first = values[0];
  if (first === undefined) return emptyMoments;
  const mean = first + sumFrom(values, first) / n;
  let squares = 0;
  let rest = 0;
  for (let at = 0; at < n; at += 1) {
    const deviation = (values[at] ?? Number.NaN) - mean;
    squares += deviation * deviation;
    rest += deviation;
  }
  return { n, mean, M2: Math.max(0, squares - (rest * rest) / n) };
};

/** Σ (value - base), compensated. Source: A. Neumaier (1974); simple-statistics' `sum` does the same for plain arrays. */
const sumFrom = (values: ArrayLike<number>, base: number): number => {
  let sum = 0;
  let lost = 0;
  for (let at = 0; at < values.length; at += 1) {
    const value = (values[at] ?? Number.NaN) - base;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
};

/** Moments of `successes` ones among `n` trials. */
export const rateMoments = (successes: number, n: number): Moments =>
  n === 0 ? emptyMoments : { n, mean: successes / n, M2: (successes * (n - successes)) / n };

/** Moments from sums; digits are lost when the mean is large against the spread: ask `hasLostDigits`. */
export const sumsToMoments = ({ n, sum: total, sumSquares }: Sums): Moments =>
  n === 0 ? emptyMoments : { n, mean: total / n, M2: Math.max(0, sumSquares - (total * total) / n) };

/** Whether the variance of these sums is mostly rounding error: under 1e-12 of the squares it was taken from. */
export const hasLostDigits = ({ n, sum: total, sumSquares }: Sums): boolean => {
  if (n === 0) return false;
  const M2 = sumSquares - (total * total) / n;
  return M2 !== 0 && M2 < 1e-12 * sumSquares;
};

/** Moments of two samples together. Source: Chan, Golub and LeVeque, Updating formulae (1979). */
export const mergeMoments = (a: Moments, b: Moments): Moments => {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const n = a.n + b.n;
  const delta = b.mean - a.mean;
  return {
    n,
    mean: a.mean + (delta * b.n) / n,
    M2: a.M2 + b.M2 + delta * delta * ((a.n * b.n) / n),
  };
};

/** The sample variance (divisor n - 1), 0 for values that differ by rounding only; `null` below two values. */
export const sampleVariance = ({ n, mean, M2 }: Moments): number | null => {
  if (n < 2) return null;
  return Math.sqrt(M2 / n) <= NOISE * Math.abs(mean) ? 0 : M2 / (n - 1);
};
