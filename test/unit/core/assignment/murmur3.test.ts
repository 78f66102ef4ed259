import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashText } from '../../../../src/core/assignment/murmur3.ts';

const rotate = (x: bigint, bits: bigint): bigint => ((x << bits) | (x >> (32n - bits))) & 0xffffffffn;

/** A. Appleby's reference, transcribed with 64-bit integers and no shortcuts. */
const referenceHash = (text: string, seed: number): number => {
  const bytes = Buffer.from(text, 'utf8');
  const mix = (k: bigint) => (rotate((k * 0xcc9e2d51n) & 0xffffffffn, 15n) * 0x1b873593n) & 0xffffffffn;
  let h = BigInt(seed);
  const blocks = Math.floor(bytes.length / 4);
  for (let i = 0; i < blocks; i++) {
    h = (rotate(h ^ mix(BigInt(bytes.readUInt32LE(4 * i))), 13n) * 5n + 0xe6546b64n) & 0xffffffffn;
  }
  let tail = 0n;
  for (let i = bytes.length - 1; i >= 4 * blocks; i--) tail = (tail << 8n) | BigInt(bytes[i] ?? 0);
  h ^= mix(tail) ^ BigInt(bytes.length);
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & 0xffffffffn;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & 0xffffffffn;
  return Number(h ^ (h >> 16n));
};

describe('murmur3', () => {
  it('equals the reference for any text and seed', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, fc.nat(0xffffffff), (value, seed) => {
        expect(hashText(value, seed)).toBe(referenceHash(value, seed));
      }),
      { numRuns: 1000 },
    );
  });

  it('hashes long texts that are not ASCII', () => {
    const long = 'é'.repeat(5000);
    expect(hashText(long)).toBe(referenceHash(long, 0));
    expect(hashText(`${long}a`)).toBe(referenceHash(`${long}a`, 0));
  });

  it('takes a lone surrogate for U+FFFD', () => {
    expect(hashText('user-\ud83d')).toBe(hashText('user-\ufffd'));
  });

  it('keeps zero bytes', () => {
    expect(hashText('a\0')).not.toBe(hashText('a'));
    expect(hashText('a\0')).toBe(referenceHash('a\0', 0));
  });
});
