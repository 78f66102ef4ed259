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

const unitOfSubnormals = -1074;
const bitsBelowTheFirst = 52;

/** The double nearest to `numerator` × 2^`exponent` / `denominator` (positive), ties to even. */
const roundRatio = (numerator: bigint, denominator: bigint, exponent: number): number => {
  const magnitude = numerator < 0n ? -numerator : numerator;
  if (magnitude === 0n) return 0;
  const unit = Math.max(floorLog2(magnitude, denominator) + exponent - bitsBelowTheFirst, unitOfSubnormals);
  const rounded = Number(divideToEven(align(magnitude, denominator, exponent - unit))) * 2 ** unit;
  return numerator < 0n ? -rounded : rounded;
};

interface Ratio {
  readonly dividend: bigint;
  readonly divisor: bigint;
}

/** `numerator` × 2^`exponent` / `denominator` as a ratio of whole numbers. */
const align = (numerator: bigint, denominator: bigint, exponent: number): Ratio => ({
  dividend: numerator << BigInt(Math.max(0, exponent)),
  divisor: denominator << BigInt(Math.max(0, -exponent)),
});

const floorLog2 = (numerator: bigint, denominator: bigint): number => {
  const estimate = bitLength(numerator) - bitLength(denominator);
  const { dividend, divisor } = align(numerator, denominator, -estimate);
  return dividend >= divisor ? estimate : estimate - 1;
};

const bitLength = (value: bigint): number => value.toString(2).length;

const divideToEven = ({ dividend, divisor }: Ratio): bigint => {
  const quotient = dividend / divisor;
  const twiceRemainder = 2n * (dividend - quotient * divisor);
  const isUp = twiceRemainder === divisor ? (quotient & 1n) === 1n : twiceRemainder > divisor;
  return isUp ? quotient + 1n : quotient;
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
