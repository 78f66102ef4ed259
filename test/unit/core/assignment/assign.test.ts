import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignVariant, type Split, type WeightedVariant } from '../../../../src/core/assignment/assign.ts';
import { hashText } from '../../../../src/core/assignment/murmur3.ts';
import { testSampleRatio } from '../../../../src/core/stats/sample-ratio.ts';

const weighted = (...weights: number[]): readonly WeightedVariant[] =>
  weights.map((weight, i) => ({ name: `v${i}`, weight }));

const split = (...weights: number[]): Split => ({ salt: 'exp-1', variants: weighted(...weights) });

/** flagd's rule with 64-bit integers. */
const referenceAssign = ({ salt, variants }: Split, unit: string): string | undefined => {
  const total = variants.reduce((sum, { weight }) => sum + BigInt(weight), 0n);
  const bucket = (BigInt(hashText(salt + unit)) * total) >> 32n;
  let end = 0n;
  return variants.find(({ weight }) => {
    end += BigInt(weight);
    return bucket < end;
  })?.name;
};

describe('assignment', () => {
  it("is flagd's rule for any weights up to a total of 2^31", () => {
    const weights = fc.array(fc.oneof(fc.nat(100), fc.nat(Math.floor(2 ** 31 / 10))), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(weights, fc.string(), (list, unit) => {
        fc.pre(list.some((weight) => weight > 0));
        const one = split(...list);
        expect(assignVariant(one, unit)).toBe(referenceAssign(one, unit));
      }),
      { numRuns: 1000 },
    );
    const largest = split(1, 2 ** 31 - 1);
    for (let i = 0; i < 1000; i++)
      expect(assignVariant(largest, `u${i}`)).toBe(referenceAssign(largest, `u${i}`));
  });

  it('splits 100,000 units evenly', () => {
    const counts = new Map([
      ['v0', 0],
      ['v1', 0],
    ]);
    for (let i = 0; i < 100_000; i++) {
      const name = assignVariant(split(50, 50), `user-${i}`);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(testSampleRatio([...counts.values()], [50, 50])).toMatchObject({
      mismatch: false,
      eligible: true,
    });
  });

  it('moves nobody back when the weight of the candidate, listed first, grows', () => {
    const rollout = (percent: number): Split => ({
      salt: 'rollout-7f3a',
      variants: [
        { name: 'candidate', weight: percent },
        { name: 'stable', weight: 100 - percent },
      ],
    });
    const percents = fc
      .tuple(fc.nat(100), fc.nat(100))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(percents, fc.string(), ([before, after], unit) => {
        const had = assignVariant(rollout(before), unit) === 'candidate';
        if (had) expect(assignVariant(rollout(after), unit)).toBe('candidate');
      }),
      { numRuns: 2000 },
    );
    const reached = Array.from({ length: 10_000 }, (_, i) => `user-${i}`);
    const inAt = (percent: number) =>
      reached.filter((unit) => assignVariant(rollout(percent), unit) === 'candidate');
    expect(inAt(0)).toHaveLength(0);
    expect(inAt(100)).toHaveLength(10_000);
    const at25 = new Set(inAt(25));
    expect(inAt(5).every((unit) => at25.has(unit))).toBe(true);
  });

  it('is independent between salts', () => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 40_000; i++) {
      const first = assignVariant({ salt: 'exp-1', variants: weighted(1, 1) }, `user-${i}`) === 'v0' ? 0 : 1;
      const second = assignVariant({ salt: 'exp-2', variants: weighted(1, 1) }, `user-${i}`) === 'v0' ? 0 : 1;
      counts[2 * first + second] = (counts[2 * first + second] ?? 0) + 1;
    }
    expect(testSampleRatio(counts, [1, 1, 1, 1]).mismatch).toBe(false);
  });

  it('never gives a variant of weight 0 to anyone', () => {
    for (let i = 0; i < 2000; i++) expect(assignVariant(split(0, 1, 0), `user-${i}`)).toBe('v1');
  });

  it.each([
    [[]],
    [[0, 0]],
    [[1, -1]],
    [[0.5, 1]],
    [[2 ** 31, 1]],
    [[Number.NaN, 1]],
  ])('refuses the weights %j', (weights) => {
    expect(() => assignVariant(split(...weights), 'u')).toThrow(
      expect.objectContaining({ code: 'SPLIT_INVALID', exitCode: 2 }),
    );
  });
});
