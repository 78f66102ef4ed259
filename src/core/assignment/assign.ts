import { promptvError } from '../../errors.ts';
import { hashText } from './murmur3.ts';

/** The largest total weight: above it the product with a 32-bit hash would not fit. */
const MOST_WEIGHT = 2 ** 31;

/** One part of a split; weights are integers, shares of their total. */
export interface WeightedVariant {
  readonly name: string;
  readonly weight: number;
}

/** How units are divided: the order of the variants is part of the rule, the salt keeps experiments independent. */
export interface Split {
  readonly salt: string;
  readonly variants: readonly WeightedVariant[];
}

/** `(hash × total) >> 32` without BigInt: the hash in halves of 16 bits keeps every product below 2^53. */
const scaleHash = (hash: number, total: number): number => {
  const high = (hash >>> 16) * total;
  const low = (hash & 0xffff) * total;
  return Math.floor((high + Math.floor(low / 0x10000)) / 0x10000);
};

const addWeights = (split: Split): number => {
  let total = 0;
  for (const { name, weight } of split.variants) {
    if (!Number.isInteger(weight) || weight < 0) {
      throw promptvError('SPLIT_INVALID', { reason: `variant ${name} has the weight ${weight}` });
    }
    total += weight;
  }
  if (total === 0 || total > MOST_WEIGHT) {
    throw promptvError('SPLIT_INVALID', { reason: `the weights add up to ${total}` });
  }
  return total;
};

/**
 * The name of the variant that `unit` belongs to, the same on every machine; throws SPLIT_INVALID. Any text is a unit
 * here: commands and the client refuse an empty one. Source: flagd's rule,
 * `bucket = (murmur3_32(utf8(salt + unit)) × total) >> 32` over cumulative weights in listed order.
 */
export const assignVariant = (split: Split, unit: string): string => {
  const bucket = scaleHash(hashText(split.salt + unit), addWeights(split));
  let end = 0;
  for (const { name, weight } of split.variants) {
    end += weight;
    if (bucket < end) return name;
  }
  throw promptvError('SPLIT_INVALID', { reason: 'it has no variants' });
};
