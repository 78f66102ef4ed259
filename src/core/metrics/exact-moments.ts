import { addExact, type ExactNumber, exactZero } from './exact-sum.ts';

/** Exact sums of values and of their squares. */
interface SumPair {
  readonly sum: ExactNumber;
  readonly squares: ExactNumber;
}

/** Sums that are merged by adding, and the extremes; of no values these are ±Infinity. */
export interface ExactSums extends SumPair {
  readonly min: number;
  readonly max: number;
}

// A sum is kept as integers below 2^53 in bins, each 27 bits wide, on one fixed grid of binary exponents. A double
// spans at most three bins, so adding it is exact, and 2^24 of them cannot overflow a bin.
const binBits = 27;
const sliceLength = 2 ** 24;
/** Binary exponents outside ± this take the slow way: their squares, or the errors of these, leave the doubles' range. */
const ordinaryExponent = 400;
const exponentBias = 1023;
const lowestBin = -36;
const bins = 70;

const units = Float64Array.from({ length: bins }, (_, bin) => 2 ** (binBits * (bin + lowestBin)));
const inverses = units.map((unit) => 1 / unit);
const binOf = (exponent: number): number =>
  Math.min(bins - 1, Math.max(4, Math.floor(exponent / binBits) - lowestBin));
/** The bin of the leading bit of a value, and of its square, by the value's biased exponent. */
const topBins = Uint8Array.from({ length: 2048 }, (_, biased) => binOf(biased - exponentBias));
const squareBins = Uint8Array.from({ length: 2048 }, (_, biased) => binOf(2 * (biased - exponentBias) + 1));

/** Sums up values, which are finite: the same for every order and every division into parts. */
export const computeSums = (values: Float64Array): ExactSums => {
  let sum = exactZero;
  let squares = exactZero;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let from = 0; from < values.length; from += sliceLength) {
    const slice = values.subarray(from, from + sliceLength);
    const range = findRange(slice);
    const sums = range.areSmallIntegers ? addIntegers(slice) : addBinned(slice);
    sum = addExact(sum, sums.sum);
    squares = addExact(squares, sums.squares);
    min = Math.min(min, range.min);
    max = Math.max(max, range.max);
  }
  return { sum, squares, min, max };
};

interface ValueRange {
  readonly min: number;
  readonly max: number;
  /** True when plain additions of values and squares cannot round. */
  readonly areSmallIntegers: boolean;
}

const findRange = (values: Float64Array): ValueRange => {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let areIntegers = true;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
    if (Math.floor(value) !== value) areIntegers = false;
  }
  const largest = Math.max(Math.abs(min), Math.abs(max));
  return {
    min,
    max,
    areSmallIntegers: areIntegers && largest * largest * values.length <= Number.MAX_SAFE_INTEGER,
  };
};

const addIntegers = (values: Float64Array): SumPair => {
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    sum += value;
    squares += value * value;
  }
  return { sum: { bits: BigInt(sum), exponent: 0 }, squares: { bits: BigInt(squares), exponent: 0 } };
};

const addBinned = (values: Float64Array): SumPair => {
  const sums = new Float64Array(bins);
  const squares = new Float64Array(bins);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  let extraordinary: SumPair = { sum: exactZero, squares: exactZero };
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const biased = ((words[2 * index + 1] ?? 0) >>> 20) & 0x7ff;
    if (biased > exponentBias + ordinaryExponent || biased < exponentBias - ordinaryExponent) {
      if (value !== 0) extraordinary = addExtraordinary(extraordinary, value);
      continue;
    }
    addToBins(sums, topBins[biased] ?? 0, value);
    const squareBin = squareBins[biased] ?? 0;
    const square = value * value;
    addToBins(squares, squareBin, square);
    // Dekker: the rounding error of the square, from the halves of the value.
    const spread = value * 134_217_729;
    const high = spread - (spread - value);
    const low = value - high;
    addErrorToBins(squares, squareBin, high * high - square + 2 * high * low + low * low);
  }
  return {
    sum: addExact(extraordinary.sum, readBins(sums)),
    squares: addExact(extraordinary.squares, readBins(squares)),
  };
};

/** Adds a value to the bin `at`, which holds its leading bit, and the two below. */
const addToBins = (into: Float64Array, at: number, value: number): void => {
  const first = Math.trunc(value * (inverses[at] ?? 0));
  into[at] = (into[at] ?? 0) + first;
  const rest = value - first * (units[at] ?? 0);
  const second = Math.trunc(rest * (inverses[at - 1] ?? 0));
  into[at - 1] = (into[at - 1] ?? 0) + second;
  const third = (rest - second * (units[at - 1] ?? 0)) * (inverses[at - 2] ?? 0);
  into[at - 2] = (into[at - 2] ?? 0) + third;
};

/** Adds the error of a square whose leading bit lies in the bin `at`: it lies in the next four. */
const addErrorToBins = (into: Float64Array, at: number, error: number): void => {
  const first = Math.trunc(error * (inverses[at - 1] ?? 0));
  into[at - 1] = (into[at - 1] ?? 0) + first;
  addToBins(into, at - 2, error - first * (units[at - 1] ?? 0));
};

const readBins = (from: Float64Array): ExactNumber => {
  const lowest = from.findIndex((bin) => bin !== 0);
  if (lowest < 0) return exactZero;
  let bits = 0n;
  for (let bin = bins - 1; bin >= lowest; bin -= 1) bits = (bits << BigInt(binBits)) + BigInt(from[bin] ?? 0);
  return { bits, exponent: binBits * (lowest + lowestBin) };
};

/** For values so large or small that their squares are no exact pair of doubles. */
const addExtraordinary = ({ sum, squares }: SumPair, value: number): SumPair => {
  const exact = splitDouble(value);
  const square = { bits: exact.bits * exact.bits, exponent: 2 * exact.exponent };
  return { sum: addExact(sum, exact), squares: addExact(squares, square) };
};

/** A finite double as an exact number. */
const splitDouble = (value: number): ExactNumber => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const high = view.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(view.getUint32(4));
  const bits = biased === 0 ? fraction : fraction | (1n << 52n);
  return { bits: value < 0 ? -bits : bits, exponent: Math.max(biased, 1) - exponentBias - 52 };
};
