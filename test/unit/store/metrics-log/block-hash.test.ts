import { describe, expect, it } from 'vitest';
import { createRandomStream } from '../../../../src/core/stats/random.ts';
import { hashBlock } from '../../../../src/store/metrics-log/block-hash.ts';

const random = createRandomStream('blocks');

const makeBlock = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.nextInteger(256));

const hash = (bytes: Uint8Array, start = 0, length = bytes.length - start): string =>
  hashBlock(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), start, length);

describe('the hash of a block', () => {
  it.each([
    0, 1, 3, 15, 16, 17, 64, 1000, 4099,
  ])('of %i bytes is another after any change of a bit', (length) => {
    const bytes = makeBlock(length);
    const before = hash(bytes);
    const others = Array.from({ length: Math.min(400, length * 8) }, (_, index) => {
      const changed = bytes.slice();
      const bit = length * 8 <= 400 ? index : random.nextInteger(length * 8);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return hash(changed);
    });
    expect(others).not.toContain(before);
    expect(before).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is that of the bytes, wherever they stand, and of their number and order', () => {
    const bytes = makeBlock(100);
    expect(hash(Uint8Array.from([1, 2, 3, ...bytes]), 3)).toBe(hash(bytes));
    const swapped = Uint8Array.from([...bytes.slice(16, 32), ...bytes.slice(0, 16), ...bytes.slice(32)]);
    const zeros = [new Uint8Array(16), new Uint8Array(17), new Uint8Array(32)].map((block) => hash(block));
    expect(new Set([hash(bytes), hash(swapped), hash(bytes, 0, 99), ...zeros]).size).toBe(6);
  });
});
