/** A sorted stretch of values: `first` is the rank, from 0 among all values, of the first of them. */
export interface RankWindow {
  readonly first: number;
  readonly values: Float64Array;
}

interface WindowRequest {
  readonly min: number;
  readonly max: number;
  readonly probabilities: readonly number[];
  /** How many ranks to keep on either side of those a quantile needs. */
  readonly margin: number;
}

const smallCount = 512;
const bucketBits = 13;

/**
 * The sorted surroundings of the quantiles wanted, ascending and apart. Values (finite, in any order, between `min`
 * and `max`) are counted in buckets by the leading bits of their representation, which is ordered as they are; only
 * the buckets that hold a wanted rank are sorted.
 */
export const selectWindows = (values: Float64Array, request: WindowRequest): RankWindow[] => {
  const ranges = wantedRanges(values.length, request);
  if (ranges.length === 0) return [];
  if (values.length <= smallCount) return [{ first: 0, values: values.slice().sort() }];
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const lowest = orderedWordOf(request.min);
  const bits = 32 - Math.clz32(orderedWordOf(request.max) - lowest);
  const scale: BucketScale = { lowest, shift: Math.max(0, bits - bucketBits) };
  const starts = countBuckets(words, scale);
  return collectWindows(values, words, scale, starts, mergeRanges(ranges, starts));
};

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Ranks, both included, ascending. */
const wantedRanges = (count: number, { probabilities, margin }: WindowRequest): Range[] =>
  count === 0
    ? []
    : [...new Set(probabilities)]
        .sort((a, b) => a - b)
        .map((p) => ({
          low: Math.max(0, Math.floor((count - 1) * p) - margin),
          high: Math.min(count - 1, Math.floor((count - 1) * p) + 1 + margin),
        }));

interface BucketScale {
  readonly lowest: number;
  readonly shift: number;
}

/** The upper half of a double as an integer that is ordered as the double is. */
const orderedWord = (word: number): number => (word < 0 ? ~word ^ 0x80000000 : word);

const scratch = new DataView(new ArrayBuffer(8));

const orderedWordOf = (value: number): number => {
  scratch.setFloat64(0, value);
  return orderedWord(scratch.getInt32(0));
};

/** The rank of each bucket's first value; one more bucket than there are ends the last. */
const countBuckets = (words: Int32Array, { lowest, shift }: BucketScale): Uint32Array => {
  const starts = new Uint32Array(2 ** bucketBits + 2);
  for (let at = 1; at < words.length; at += 2) {
    const bucket = (orderedWord(words[at] ?? 0) - lowest) >>> shift;
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
  }
  let start = 0;
  for (let bucket = 0; bucket < starts.length; bucket += 1) {
    start += starts[bucket] ?? 0;
    starts[bucket] = start;
  }
  return starts;
};

/** Ranges of ranks as ranges of buckets, joined where they meet in one. */
const mergeRanges = (ranges: readonly Range[], starts: Uint32Array): Range[] => {
  const merged: Range[] = [];
  let low = 0;
  for (const range of ranges) {
    while ((starts[low + 1] ?? 0) <= range.low) low += 1;
    let high = low;
    while ((starts[high + 1] ?? 0) <= range.high) high += 1;
    const last = merged.at(-1);
    if (last === undefined || low > last.high) merged.push({ low, high });
    else merged.splice(-1, 1, { low: last.low, high: Math.max(last.high, high) });
  }
  return merged;
};

const collectWindows = (
  values: Float64Array,
  words: Int32Array,
  { lowest, shift }: BucketScale,
  starts: Uint32Array,
  ranges: readonly Range[],
): RankWindow[] => {
  const placeOf = new Int32Array(starts.length).fill(-1);
  const ends = ranges.map(({ low, high }) => (starts[high + 1] ?? 0) - (starts[low] ?? 0));
  const found = new Float64Array(ends.reduce((sum, length) => sum + length, 0));
  const cursors = new Uint32Array(ranges.length);
  for (const [number, { low, high }] of ranges.entries()) {
    placeOf.fill(number, low, high + 1);
    cursors[number] = ends.slice(0, number).reduce((sum, length) => sum + length, 0);
  }
  const begins = cursors.slice();
  for (let index = 0; index < values.length; index += 1) {
    const place = placeOf[(orderedWord(words[2 * index + 1] ?? 0) - lowest) >>> shift] ?? -1;
    if (place < 0) continue;
    const cursor = cursors[place] ?? 0;
    found[cursor] = values[index] ?? 0;
    cursors[place] = cursor + 1;
  }
  return ranges.map(({ low }, number) => ({
    first: starts[low] ?? 0,
    values: found.subarray(begins[number], cursors[number]).sort(),
  }));
};

/** Windows of `count` values after the `added` ones (sorted) have come to them. */
export const addToWindows = (
  windows: readonly RankWindow[],
  count: number,
  added: Float64Array,
): RankWindow[] =>
  windows.map(({ first, values }) => {
    const isLast = first + values.length === count;
    const from = first === 0 ? 0 : added.findIndex((value) => value >= (values[0] ?? 0));
    const start = from < 0 ? added.length : from;
    const above = added.findIndex((value) => value > (values.at(-1) ?? 0));
    const end = isLast || above < 0 ? added.length : above;
    const merged = new Float64Array(values.length + Math.max(0, end - start));
    merged.set(values);
    merged.set(added.subarray(start, Math.max(start, end)), values.length);
    return { first: first + start, values: merged.sort() };
  });

/**
 * Type-7 quantiles (Hyndman and Fan 1996): linear between the values around rank (count - 1) p. Null when a window
 * that is needed is missing.
 */
export const computeQuantiles = (
  windows: readonly RankWindow[],
  count: number,
  probabilities: readonly number[],
): number[] | null => {
  const valueAt = (rank: number): number | undefined =>
    windows.map(({ first, values }) => values[rank - first]).find((value) => value !== undefined);
  const quantiles: number[] = [];
  for (const p of probabilities) {
    const at = (count - 1) * p;
    const low = valueAt(Math.floor(at));
    const high = valueAt(Math.min(count - 1, Math.floor(at) + 1));
    if (low === undefined || high === undefined) return null;
    const fraction = at - Math.floor(at);
    quantiles.push(fraction === 0 || low === high ? low : low + fraction * (high - low));
  }
  return quantiles;
};
