import { hashText } from '../assignment/murmur3.ts';
import { normalQuantile } from './normal.ts';

/** A reproducible stream of random numbers: the same seed gives the same numbers on every machine. */
export interface RandomStream {
  /** Integer from 0 to 2^32 - 1. */
  readonly nextUint32: () => number;
  /** Number in [0, 1) with 53 random bits. */
  readonly nextUniform: () => number;
  /** Integer from 0 to bound - 1; the bias is below bound / 2^53. */
  readonly nextInteger: (bound: number) => number;
  /** Standard normal deviate, by the quantile function: one uniform each. */
  readonly nextNormal: () => number;
}

/** Spreads a 32-bit seed over independent words. Source: Steele, Lea and Flood's SplitMix with MurmurHash3's finaliser. */
const createSeeder = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x85ebca6b);
    word ^= word >>> 13;
    word = Math.imul(word, 0xc2b2ae35);
    return word ^ (word >>> 16);
  };
};

/**
 * Opens a stream for a seed (a text, or a number, which stands for its decimal text).
 * Source: sfc32 of C. Doty-Humphrey's PractRand: 128 bits of state, period at least 2^32, no failures known.
 */
export const createRandomStream = (seed: number | string): RandomStream => {
  const nextSeed = createSeeder(hashText(String(seed)));
  let a = nextSeed();
  let b = nextSeed();
  let c = nextSeed();
  let counter = 1;
  const nextUint32 = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let i = 0; i < 16; i++) nextUint32();
  const nextUniform = (): number => ((nextUint32() >>> 5) * 0x4000000 + (nextUint32() >>> 6)) / 2 ** 53;
  return {
    nextUint32,
    nextUniform,
    nextInteger: (bound) => Math.floor(nextUniform() * bound),
    nextNormal: () => normalQuantile(nextUniform() + 2 ** -54),
  };
};
