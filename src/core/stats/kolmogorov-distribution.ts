import { binomialTerm } from './stirling.ts';

const MOST_EXACT = 500;

/** P(D+ ≥ d) of the one-sided statistic: a sum of positive terms. Source: Birnbaum and Tingey (1951). */
const oneSidedTail = (d: number, n: number): number => {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const p = d + j / n;
    if (p < 1) sum += (binomialTerm(j, n, p, 1 - p) * d) / p;
  }
  return sum;
};

type Matrix = readonly Float64Array[];

const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => {
    const product = new Float64Array(row.length);
    for (const [k, left] of row.entries()) {
      const other = b[k] ?? product;
      for (let j = 0; j < product.length; j++) product[j] = (product[j] ?? 0) + left * (other[j] ?? 0);
    }
    return product;
  });

const inverseFactorial = (k: number): number => {
  let value = 1;
  for (let i = 2; i <= k; i++) value /= i;
  return value;
};

/** The transition matrix of Durbin's process for a band of `h` beside an integer. */
const bandMatrix = (size: number, h: number): Matrix => {
  const edge = (k: number): number => 1 - h ** k;
  const corner = 2 * h - 1 > 0 ? (2 * h - 1) ** size : 0;
  return Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (__, j) => {
      const k = i - j + 1;
      if (k < 0) return 0;
      if (i === size - 1 && j === 0) return (1 - 2 * h ** size + corner) * inverseFactorial(k);
      if (j === 0) return edge(i + 1) * inverseFactorial(k);
      return (i === size - 1 ? edge(size - j) : 1) * inverseFactorial(k);
    }),
  );
};

/** A number as `value × 10^exponent`, for powers far below the smallest double. */
interface ScaledMatrix {
  readonly matrix: Matrix;
  readonly exponent: number;
}

const rescale = ({ matrix, exponent }: ScaledMatrix): ScaledMatrix => {
  const centre = matrix[matrix.length >> 1]?.[matrix.length >> 1] ?? 0;
  if (centre <= 1e140) return { matrix, exponent };
  return { matrix: matrix.map((row) => row.map((value) => value * 1e-140)), exponent: exponent + 140 };
};

const raise = (base: Matrix, power: number): ScaledMatrix => {
  if (power === 1) return { matrix: base, exponent: 0 };
  const half = raise(base, power >> 1);
  const square = multiply(half.matrix, half.matrix);
  const matrix = power % 2 === 0 ? square : multiply(square, base);
  return rescale({ matrix, exponent: 2 * half.exponent });
};

/** P(D < d). Source: Marsaglia, Tsang and Wang, Evaluating Kolmogorov's distribution (2003). */
const exactLower = (d: number, n: number): number => {
  const k = Math.floor(n * d) + 1;
  const { matrix, exponent: start } = raise(bandMatrix(2 * k - 1, k - n * d), n);
  let value = matrix[k - 1]?.[k - 1] ?? Number.NaN;
  let exponent = start;
  for (let i = 1; i <= n; i++) {
    value *= i / n;
    if (value < 1e-140) {
      value *= 1e140;
      exponent -= 140;
    }
  }
  return value * 10 ** exponent;
};

/** Sums `polynomial(m²) e^(-m² π² / 8z²)` over odd m, four polynomials at once. */
const sumOddTerms = (z: number, polynomials: readonly ((square: number) => number)[]): readonly number[] =>
  polynomials.map((polynomial) => {
    let sum = 0;
    for (let m = 1; m < 60; m += 2)
      sum += polynomial(m * m) * Math.exp((-m * m * Math.PI ** 2) / (8 * z * z));
    return sum;
  });

/** P(D < d) by the expansion in powers of 1/√n. Source: Pelz and Good (1976), as Simard and L'Ecuyer (2011) give it. */
const expandedLower = (d: number, n: number): number => {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const pi2 = Math.PI ** 2;
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = sumOddTerms(z, [
    () => 1,
    (s) => -z2 + (pi2 / 4) * s,
    (s) =>
      6 * z2 ** 3 +
      2 * z2 ** 2 +
      ((pi2 * (2 * z2 ** 2 - 5 * z2)) / 4) * s +
      ((pi2 ** 2 * (1 - 2 * z2)) / 16) * s * s,
    (s) =>
      -30 * z2 ** 3 -
      90 * z2 ** 4 +
      ((pi2 * (135 * z2 ** 2 - 96 * z2 ** 3)) / 4) * s +
      ((pi2 ** 2 * (212 * z2 ** 2 - 60 * z2)) / 16) * s * s +
      ((pi2 ** 3 * (5 - 30 * z2)) / 64) * s ** 3,
  ]);
  let even2 = 0;
  let even3 = 0;
  for (let k = 1; k < 30; k++) {
    const weight = k * k * Math.exp((-k * k * pi2) / (2 * z2));
    even2 += weight;
    even3 += (3 * z2 - pi2 * k * k) * weight;
  }
  const term2 = k2 / (72 * z ** 7) - (pi2 * even2) / (36 * z ** 3);
  const term3 = k3 / (6480 * z ** 10) + (pi2 * even3) / (216 * z ** 6);
  const sum = k0 / z + k1 / (6 * z ** 4 * Math.sqrt(n)) + term2 / n + term3 / n ** 1.5;
  return Math.sqrt(2 * Math.PI) * sum;
};

/**
 * P(D ≥ d) of the two-sided one-sample statistic of n values. Exact where it is small (twice the one-sided tail) and
 * up to 500 values; beyond, an expansion within 1e-7. Source: Simard and L'Ecuyer (2011) for the division of ranges.
 */
export const kolmogorovUpperTail = (d: number, n: number): number => {
  if (d >= 1) return 0;
  if (2 * n * d <= 1) return 1;
  const square = n * d * d;
  if (d >= 0.5 || square >= 4) return Math.min(1, 2 * oneSidedTail(d, n));
  if (n <= MOST_EXACT) return Math.max(0, 1 - exactLower(d, n));
  return square < 0.01 ? 1 : Math.max(0, 1 - expandedLower(d, n));
};
