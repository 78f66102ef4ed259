/** So many rows of a bucket, and their table, fit into the processor's cache. */
const rowsOfBucket = 4096;

/**
 * The rows whose 64-bit hash, two numbers a row, an earlier row has, where `isSame` confirms it; ascending. Rows whose
 * second number is 0 have none. A table of all rows would be slow to reach at every one of them: they are sorted into
 * buckets by their hash first, in their order, and each bucket has a small table.
 */
export const findRepeatedRows = (
  hashes: Int32Array,
  isSame: (row: number, other: number) => boolean,
): Uint32Array => {
  const bits = Math.max(0, Math.ceil(Math.log2(hashes.length / 2 / rowsOfBucket)));
  const { starts, rows, firsts } = sortIntoBuckets(hashes, bits);
  const largest = starts.reduce((most, start, at) => Math.max(most, (starts[at + 1] ?? start) - start), 0);
  const slots = new Int32Array(slotsFor(largest));
  const repeated: number[] = [];
  for (let bucket = 0; bucket + 1 < starts.length; bucket += 1) {
    const [start, end] = [starts[bucket] ?? 0, starts[bucket + 1] ?? 0];
    const mask = slotsFor(end - start) - 1;
    slots.fill(0, 0, mask + 1);
    for (let at = start; at < end; at += 1) {
      const first = firsts[at] ?? 0;
      const row = rows[at] ?? 0;
      let slot = first & mask;
      for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const known = (slots[slot] ?? 0) - 1;
        const other = rows[known] ?? 0;
        const isHash = firsts[known] === first && hashes[2 * other + 1] === hashes[2 * row + 1];
        if (isHash && isSame(row, other)) break;
      }
      if (slots[slot] === 0) slots[slot] = at + 1;
      else repeated.push(row);
    }
  }
  return Uint32Array.from(repeated).sort();
};

/** A power of two, of which at most half is used. */
const slotsFor = (rows: number): number => 2 ** Math.ceil(Math.log2(2 * Math.max(1, rows)));

/** Rows and the first halves of their hashes, ordered by the upper bits of those; each bucket's start, and the last's end. */
const sortIntoBuckets = (
  hashes: Int32Array,
  bits: number,
): { readonly starts: Uint32Array; readonly rows: Uint32Array; readonly firsts: Int32Array } => {
  const bucketOf = (first: number): number => (bits === 0 ? 0 : first >>> (32 - bits));
  const starts = new Uint32Array(2 ** bits + 1);
  for (let at = 0; at < hashes.length; at += 2) {
    if (hashes[at + 1] === 0) continue;
    const next = bucketOf(hashes[at] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let bucket = 1; bucket < starts.length; bucket += 1)
    starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0);
  const count = starts.at(-1) ?? 0;
  const [rows, firsts, cursors] = [new Uint32Array(count), new Int32Array(count), starts.slice()];
  for (let at = 0; at < hashes.length; at += 2) {
    if (hashes[at + 1] === 0) continue;
    const first = hashes[at] ?? 0;
    const bucket = bucketOf(first);
    const place = cursors[bucket] ?? 0;
    rows[place] = at / 2;
    firsts[place] = first;
    cursors[bucket] = place + 1;
  }
  return { starts, rows, firsts };
};
