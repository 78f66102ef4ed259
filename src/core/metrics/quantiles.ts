/** The least and the greatest of some values. */
interface Extremes {
  readonly min: number;
  readonly max: number;
}

/** The values of rank `ranks` (from 0, ascending) among `values`, which are finite and in any order. */
const selectRanks = (values: Float64Array, extremes: Extremes, ranks: readonly number[]): number[] => {
  if (ranks.length === 0) return [];
  if (values.length <= smallCount) {
    const sorted = values.slice().sort();
    return ranks.map((rank) => sorted[rank] ?? Number.NaN);
  }
  return selectByBuckets(values, extremes, ranks);
};

const smallCount = 512;
const bucketBits = 13;

/**
 * Counts the values in buckets, ordered as the values are, by the leading bits of their representation, and sorts
 * only the buckets that hold a wanted rank.
 */
const selectByBuckets = (
  values: Float64Array,
  { min, max }: Extremes,
  ranks: readonly number[],
): number[] => {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const lowest = orderedWordOf(min);
  const bits = 32 - Math.clz32(orderedWordOf(max) - lowest);
  const shift = Math.max(0, bits - bucketBits);
  const starts = new Uint32Array(2 ** bucketBits + 2);
  for (let at = 1; at < words.length; at += 2) {
    const bucket = (orderedWord(words[at] ?? 0) - lowest) >>> shift;
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
  }
  for (let bucket = 1; bucket < starts.length; bucket += 1)
    starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0);
  const wanted = bucketsOfRanks(starts, ranks);
  const sorted = collectBuckets(values, words, { lowest, shift, starts, wanted });
  return ranks.map((rank, index) => {
    const bucket = wanted.ofRank[index] ?? 0;
    return sorted.get(bucket)?.[rank - (starts[bucket] ?? 0)] ?? Number.NaN;
  });
};

/** The upper half of a double as an integer that is ordered as the double is. */
const orderedWord = (word: number): number => (word < 0 ? ~word ^ 0x80000000 : word);

const scratch = new DataView(new ArrayBuffer(8));

const orderedWordOf = (value: number): number => {
  scratch.setFloat64(0, value);
  return orderedWord(scratch.getInt32(0));
};

interface WantedBuckets {
  readonly ofRank: readonly number[];
  /** 1 for a bucket that is wanted. */
  readonly flags: Uint8Array;
}

const bucketsOfRanks = (starts: Uint32Array, ranks: readonly number[]): WantedBuckets => {
  const flags = new Uint8Array(starts.length);
  let bucket = 0;
  const ofRank = ranks.map((rank) => {
    while ((starts[bucket + 1] ?? 0) <= rank) bucket += 1;
    flags[bucket] = 1;
    return bucket;
  });
  return { ofRank, flags };
};

const collectBuckets = (
  values: Float64Array,
  words: Int32Array,
  plan: { lowest: number; shift: number; starts: Uint32Array; wanted: WantedBuckets },
): Map<number, Float64Array> => {
  const { lowest, shift, starts, wanted } = plan;
  const buckets = new Map<number, Float64Array>();
  for (const bucket of new Set(wanted.ofRank))
    buckets.set(bucket, new Float64Array((starts[bucket + 1] ?? 0) - (starts[bucket] ?? 0)));
  const filled = new Uint32Array(wanted.flags.length);
  for (let index = 0; index < values.length; index += 1) {
    const bucket = (orderedWord(words[2 * index + 1] ?? 0) - lowest) >>> shift;
    if (wanted.flags[bucket] !== 1) continue;
    const found = buckets.get(bucket);
    if (found === undefined) continue;
    found[filled[bucket] ?? 0] = values[index] ?? 0;
    filled[bucket] = (filled[bucket] ?? 0) + 1;
  }
  for (const bucket of buckets.values()) bucket.sort();
  return buckets;
};

/** Type-7 quantiles (Hyndman and Fan 1996): linear between the values around rank (n - 1) p. Null of no values. */
export const computeQuantiles = (
  values: Float64Array,
  extremes: Extremes,
  probabilities: readonly number[],
): (number | null)[] => {
  const last = values.length - 1;
  if (last < 0) return probabilities.map(() => null);
  const positions = probabilities.map((p) => last * p);
  const ranks = positions.flatMap((at) => [Math.floor(at), Math.min(last, Math.floor(at) + 1)]);
  const distinct = [...new Set(ranks)].sort((a, b) => a - b);
  const found = selectRanks(values, extremes, distinct);
  const valueAt = new Map(distinct.map((rank, index) => [rank, found[index] ?? Number.NaN]));
  return positions.map((at) => interpolate(at, last, valueAt));
};

const interpolate = (at: number, last: number, valueAt: ReadonlyMap<number, number>): number => {
  const low = valueAt.get(Math.floor(at)) ?? Number.NaN;
  const high = valueAt.get(Math.min(last, Math.floor(at) + 1)) ?? Number.NaN;
  const fraction = at - Math.floor(at);
  return fraction === 0 || low === high ? low : low + fraction * (high - low);
};
