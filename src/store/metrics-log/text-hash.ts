/** Bytes of a text; four more can be read behind them. */
export interface TextBytes {
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
}

/**
 * Writes a 64-bit hash of a text as two numbers at place `row` of `hashes`; never two zeros. Among a million texts
 * two have one hash with a probability of 1 in 10 million.
 */
export const hashTextBytes = ({ view, start, end }: TextBytes, hashes: Int32Array, row: number): void => {
  const length = end - start;
  let first = length;
  let second = ~length;
  for (let index = 0; index < length; index += 4) {
    const word = view.getInt32(start + index, true);
    const used = index + 4 <= length ? word : word & ((1 << (8 * (length - index))) - 1);
    first = Math.imul(first ^ used, 0x9e3779b1);
    first ^= first >>> 15;
    second = Math.imul(((second << 13) | (second >>> 19)) ^ used, 0x85ebca6b);
    second ^= second >>> 13;
  }
  hashes[2 * row] = first ^ (second >>> 16);
  hashes[2 * row + 1] = second | 1;
};
