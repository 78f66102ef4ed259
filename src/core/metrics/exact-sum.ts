/** An exact binary number: `bits` × 2^`exponent`. */
export interface ExactNumber {
  readonly bits: bigint;
  readonly exponent: number;
}

export const exactZero: ExactNumber = { bits: 0n, exponent: 0 };

export const addExact = (a: ExactNumber, b: ExactNumber): ExactNumber => {
  if (a.bits === 0n) return b;
  if (b.bits === 0n) return a;
  const exponent = Math.min(a.exponent, b.exponent);
  return { bits: shift(a, exponent) + shift(b, exponent), exponent };
};

const shift = (value: ExactNumber, exponent: number): bigint =>
  value.bits << BigInt(value.exponent - exponent);

/** The double nearest to `numerator` × 2^`exponent` / `denominator` (positive), ties to even. */
const roundRatio = (numerator: bigint, denominator: bigint, exponent: number): number => {
  const magnitude = numerator < 0n ? -numerator : numerator;
  if (magnitude === 0n) return 0;
  // 70 bits of quotient and one sticky bit below them: Number() then rounds the true ratio, once.
  const lift = 70 + bitLength(denominator) - bitLength(magnitude);
  const dividend = magnitude << BigInt(Math.max(0, lift));
  const divisor = denominator << BigInt(Math.max(0, -lift));
  const quotient = dividend / divisor;
  const sticky = quotient * divisor === dividend ? 0n : 1n;
  const rounded = scaleByPowerOfTwo(Number((quotient << 1n) | sticky), exponent - lift - 1);
  return numerator < 0n ? -rounded : rounded;
};

const bitLength = (value: bigint): number => value.toString(16).length * 4;

const scaleByPowerOfTwo = (value: number, exponent: number): number => {
  let scaled = value;
  let left = exponent;
  for (; left > 1000; left -= 1000) scaled *= 2 ** 1000;
  for (; left < -1000; left += 1000) scaled *= 2 ** -1000;
  return scaled * 2 ** left;
};

/** What sums of values and of their squares tell: each figure is the exact one, rounded once. */
interface Moments {
  readonly sum: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean. */
  readonly m2: number;
}

/** Moments of `count` (at least 1) values from the exact sums of values and squares. */
export const computeMoments = (count: number, sum: ExactNumber, squares: ExactNumber): Moments => {
  const n = BigInt(count);
  const exponent = Math.min(squares.exponent, 2 * sum.exponent);
  const deviations =
    n * shift(squares, exponent) - shift({ bits: sum.bits * sum.bits, exponent: 2 * sum.exponent }, exponent);
  return {
    sum: roundRatio(sum.bits, 1n, sum.exponent),
    mean: roundRatio(sum.bits, n, sum.exponent),
    m2: roundRatio(deviations, n, exponent),
  };
};
