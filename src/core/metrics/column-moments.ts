import type { MetricColumn, RowGroups } from './columns.ts';
import { addExact, type ExactNumber, exactZero } from './exact-sum.ts';

/** Per group: how many values, the extremes (of no values ±Infinity), and the exact sums of values and squares. */
export interface ColumnMoments {
  readonly counts: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sums: ExactNumber[];
  readonly squares: ExactNumber[];
}

// A sum is kept as integers below 2^53 in bins, each 27 bits wide, on one fixed grid of binary exponents. A double
// spans at most three bins, so adding it is exact, and 2^24 of them cannot overflow a bin.
const binBits = 27;
const sliceRows = 2 ** 24;
/** Binary exponents outside ± this take the slow way: their squares, or the errors of these, leave the doubles' range. */
const ordinaryExponent = 400;
const exponentBias = 1023;

export const createMoments = (groups: number): ColumnMoments => ({
  counts: new Float64Array(groups),
  min: new Float64Array(groups).fill(Number.POSITIVE_INFINITY),
  max: new Float64Array(groups).fill(Number.NEGATIVE_INFINITY),
  sums: new Array<ExactNumber>(groups).fill(exactZero),
  squares: new Array<ExactNumber>(groups).fill(exactZero),
});

/** The moments of a column's values by group. Exact, hence the same for every order and every division into parts. */
export const computeColumnMoments = (column: MetricColumn, groups: RowGroups): ColumnMoments => {
  const moments = createMoments(groups.count);
  for (let from = 0; from < column.values.length; from += sliceRows) {
    const to = Math.min(from + sliceRows, column.values.length);
    const slice = {
      rows: column.rows?.subarray(from, to) ?? null,
      firstRow: column.rows === null ? from : 0,
      values: column.values.subarray(from, to),
    };
    const range = addExtremes(slice, groups, moments);
    if (range.areSmallIntegers) addIntegers(slice, groups, moments);
    else addBinned(slice, groups, moments, range);
  }
  return moments;
};

interface ColumnSlice {
  readonly rows: Uint32Array | null;
  readonly firstRow: number;
  readonly values: Float64Array;
}

interface ValueRange {
  readonly smallest: number;
  readonly largest: number;
  /** True when plain additions of values and squares cannot round. */
  readonly areSmallIntegers: boolean;
}

const addExtremes = (
  { rows, firstRow, values }: ColumnSlice,
  { groupOf }: RowGroups,
  { counts, min, max }: ColumnMoments,
): ValueRange => {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  let areIntegers = true;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const size = Math.abs(value);
    if (size > largest) largest = size;
    if (size < smallest && size > 0) smallest = size;
    if (Math.trunc(value) !== value) areIntegers = false;
    const group = groupOf[rows === null ? firstRow + index : (rows[index] ?? 0)] ?? -1;
    if (group < 0) continue;
    counts[group] = (counts[group] ?? 0) + 1;
    if (value < (min[group] ?? 0)) min[group] = value;
    if (value > (max[group] ?? 0)) max[group] = value;
  }
  const areSmallIntegers = areIntegers && largest * largest * values.length <= Number.MAX_SAFE_INTEGER;
  return { smallest, largest, areSmallIntegers };
};

const addIntegers = (slice: ColumnSlice, { groupOf, count }: RowGroups, moments: ColumnMoments): void => {
  const { rows, firstRow, values } = slice;
  const sums = new Float64Array(count);
  const squares = new Float64Array(count);
  for (let index = 0; index < values.length; index += 1) {
    const group = groupOf[rows === null ? firstRow + index : (rows[index] ?? 0)] ?? -1;
    if (group < 0) continue;
    const value = values[index] ?? 0;
    sums[group] = (sums[group] ?? 0) + value;
    squares[group] = (squares[group] ?? 0) + value * value;
  }
  for (let group = 0; group < count; group += 1) {
    addTo(moments.sums, group, { bits: BigInt(sums[group] ?? 0), exponent: 0 });
    addTo(moments.squares, group, { bits: BigInt(squares[group] ?? 0), exponent: 0 });
  }
};

const addTo = (totals: ExactNumber[], group: number, value: ExactNumber): void => {
  totals[group] = addExact(totals[group] ?? exactZero, value);
};

/** Bins of the exponents `from` to `to`; `top` gives the bin of a biased exponent of a value, `squareTop` of its square. */
interface Grid {
  readonly lowest: number;
  readonly width: number;
  readonly units: Float64Array;
  readonly inverses: Float64Array;
  readonly top: Int32Array;
  readonly squareTop: Int32Array;
}

const planGrid = ({ smallest, largest }: ValueRange): Grid => {
  const low = Math.max(-ordinaryExponent, Math.floor(Math.log2(smallest)) - 1);
  const high = Math.min(ordinaryExponent, Math.floor(Math.log2(largest)) + 1);
  // The error of a square reaches 105 bits below its leading one.
  const lowest = Math.min(Math.floor(low / binBits) - 2, Math.floor((2 * low + 1) / binBits) - 4);
  const highest = Math.max(lowest, Math.floor(high / binBits), Math.floor((2 * high + 1) / binBits));
  const width = highest - lowest + 1;
  const bins = Array.from({ length: width }, (_, bin) => lowest + bin);
  const binOf = (exponent: number): number => Math.floor(exponent / binBits) - lowest;
  return {
    lowest,
    width,
    units: Float64Array.from(bins, (bin) => 2 ** (binBits * bin)),
    inverses: Float64Array.from(bins, (bin) => 2 ** (-binBits * bin)),
    top: Int32Array.from({ length: 2048 }, (_, biased) => binOf(biased - exponentBias)),
    squareTop: Int32Array.from({ length: 2048 }, (_, biased) => binOf(2 * (biased - exponentBias) + 1)),
  };
};

const addBinned = (
  slice: ColumnSlice,
  { groupOf, count }: RowGroups,
  moments: ColumnMoments,
  range: ValueRange,
): void => {
  const { rows, firstRow, values } = slice;
  const grid = planGrid(range);
  const sums = new Float64Array(count * grid.width);
  const squares = new Float64Array(count * grid.width);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let index = 0; index < values.length; index += 1) {
    const group = groupOf[rows === null ? firstRow + index : (rows[index] ?? 0)] ?? -1;
    if (group < 0) continue;
    const value = values[index] ?? 0;
    const biased = ((words[2 * index + 1] ?? 0) >>> 20) & 0x7ff;
    if (biased - exponentBias > ordinaryExponent || biased - exponentBias < -ordinaryExponent) {
      addExtraordinary(moments, group, value);
      continue;
    }
    const base = group * grid.width;
    addToBins(sums, base + (grid.top[biased] ?? 0), grid, base, value);
    const squareTop = base + (grid.squareTop[biased] ?? 0);
    const square = value * value;
    addToBins(squares, squareTop, grid, base, square);
    // Dekker: the rounding error of the square, from the halves of the value.
    const spread = value * 134_217_729;
    const high = spread - (spread - value);
    const low = value - high;
    const error = high * high - square + 2 * high * low + low * low;
    if (error !== 0) addErrorToBins(squares, squareTop, grid, base, error);
  }
  for (let group = 0; group < count; group += 1) {
    addTo(moments.sums, group, readBins(sums, group, grid));
    addTo(moments.squares, group, readBins(squares, group, grid));
  }
};

/** Adds a value to the bin `at`, which holds its leading bit, and the two below. */
const addToBins = (bins: Float64Array, at: number, grid: Grid, base: number, value: number): void => {
  const first = Math.trunc(value * (grid.inverses[at - base] ?? 0));
  bins[at] = (bins[at] ?? 0) + first;
  const rest = value - first * (grid.units[at - base] ?? 0);
  const second = Math.trunc(rest * (grid.inverses[at - base - 1] ?? 0));
  bins[at - 1] = (bins[at - 1] ?? 0) + second;
  const third = (rest - second * (grid.units[at - base - 1] ?? 0)) * (grid.inverses[at - base - 2] ?? 0);
  bins[at - 2] = (bins[at - 2] ?? 0) + third;
};

/** Adds the error of a square whose leading bit lies in the bin `at`: it lies in the next four. */
const addErrorToBins = (bins: Float64Array, at: number, grid: Grid, base: number, error: number): void => {
  const first = Math.trunc(error * (grid.inverses[at - base - 1] ?? 0));
  bins[at - 1] = (bins[at - 1] ?? 0) + first;
  addToBins(bins, at - 2, grid, base, error - first * (grid.units[at - base - 1] ?? 0));
};

const readBins = (bins: Float64Array, group: number, grid: Grid): ExactNumber => {
  let bits = 0n;
  for (let bin = grid.width - 1; bin >= 0; bin -= 1)
    bits = (bits << BigInt(binBits)) + BigInt(bins[group * grid.width + bin] ?? 0);
  return { bits, exponent: binBits * grid.lowest };
};

/** Zero, and values so large or small that their squares are no exact pair of doubles. */
const addExtraordinary = (moments: ColumnMoments, group: number, value: number): void => {
  if (value === 0) return;
  const exact = splitDouble(value);
  addTo(moments.sums, group, exact);
  addTo(moments.squares, group, { bits: exact.bits * exact.bits, exponent: 2 * exact.exponent });
};

/** A finite double as an exact number. */
export const splitDouble = (value: number): ExactNumber => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const high = view.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(view.getUint32(4));
  const bits = biased === 0 ? fraction : fraction | (1n << 52n);
  return { bits: value < 0 ? -bits : bits, exponent: Math.max(biased, 1) - exponentBias - 52 };
};
