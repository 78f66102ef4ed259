const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** UTF-8 bytes of texts that are not ASCII; kept between calls, because assignment hashes millions of them. */
let scratch = new Uint8Array(1024);
const encoder = new TextEncoder();

const mixWord = (word: number): number => {
  const product = Math.imul(word, C1);
  return Math.imul((product << 15) | (product >>> 17), C2);
};

const mixBlock = (hash: number, word: number): number => {
  const mixed = hash ^ mixWord(word);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
};

const finish = (hash: number, length: number): number => {
  let h = hash ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** MurmurHash3_x86_32 of the first `length` bytes, an unsigned 32-bit integer. Source: A. Appleby, SMHasher (2011). */
const hashBytes = (bytes: Uint8Array, length: number, seed: number): number => {
  let hash = seed | 0;
  const wholeBlocks = length & ~3;
  for (let i = 0; i < wholeBlocks; i += 4) {
    const word =
      (bytes[i] ?? 0) |
      ((bytes[i + 1] ?? 0) << 8) |
      ((bytes[i + 2] ?? 0) << 16) |
      ((bytes[i + 3] ?? 0) << 24);
    hash = mixBlock(hash, word);
  }
  let tail = 0;
  for (let i = length - 1; i >= wholeBlocks; i--) tail = (tail << 8) | (bytes[i] ?? 0);
  return finish(hash ^ mixWord(tail), length);
};

const hashEncoded = (text: string, seed: number): number => {
  if (scratch.length < 3 * text.length) scratch = new Uint8Array(6 * text.length);
  return hashBytes(scratch, encoder.encodeInto(text, scratch).written, seed);
};

/**
 * MurmurHash3_x86_32 of a text's UTF-8 bytes, an unsigned 32-bit integer. ASCII is hashed straight from its
 * characters; a lone surrogate counts as U+FFFD, as in every encoder.
 */
export const hashText = (text: string, seed = 0): number => {
  const { length } = text;
  const wholeBlocks = length & ~3;
  let hash = seed | 0;
  let seen = 0;
  for (let i = 0; i < wholeBlocks; i += 4) {
    const c0 = text.charCodeAt(i);
    const c1 = text.charCodeAt(i + 1);
    const c2 = text.charCodeAt(i + 2);
    const c3 = text.charCodeAt(i + 3);
    seen |= c0 | c1 | c2 | c3;
    hash = mixBlock(hash, c0 | (c1 << 8) | (c2 << 16) | (c3 << 24));
  }
  let tail = 0;
  for (let i = length - 1; i >= wholeBlocks; i--) {
    const code = text.charCodeAt(i);
    seen |= code;
    tail = (tail << 8) | code;
  }
  if (seen > 0x7f) return hashEncoded(text, seed);
  return finish(hash ^ mixWord(tail), length);
};
