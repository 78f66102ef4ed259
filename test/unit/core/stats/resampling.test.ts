import { describe, expect, it } from 'vitest';
import { bootstrapDifference } from '../../../../src/core/stats/bootstrap.ts';
import {
  countResamples,
  countSplits,
  enumerateBootstrap,
  permuteExactly,
} from '../../../../src/core/stats/enumeration.ts';
import { sortValues } from '../../../../src/core/stats/quantile.ts';
import { compareQuantiles, estimateQuantile } from '../../../../src/core/stats/quantile-effect.ts';
import { createRandomStream } from '../../../../src/core/stats/random.ts';
import { testSampleRatio } from '../../../../src/core/stats/sample-ratio.ts';

describe('the random stream', () => {
  it('repeats itself for a seed and differs for another', () => {
    const take = (seed: number | string) => {
      const { nextUint32 } = createRandomStream(seed);
      return Array.from({ length: 5 }, nextUint32);
    };
    expect(take(7)).toEqual(take(7));
    expect(take(7)).toEqual(take('7'));
    expect(take(7)).not.toEqual(take(8));
    // Pinned: a change of these numbers changes every seeded answer.
    expect(take('promptv')).toMatchInlineSnapshot(`
      [
        1674761393,
        1830027538,
        1755930213,
        1220726378,
        2337855892,
      ]
    `);
  });

  it('is uniform over integers', () => {
    const random = createRandomStream('uniform');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const place = random.nextInteger(10);
      counts[place] = (counts[place] ?? 0) + 1;
    }
    expect(
      testSampleRatio(
        counts,
        counts.map(() => 1),
      ).p,
    ).toBeGreaterThan(0.001);
  });

  it('has normal deviates of mean 0 and variance 1', () => {
    const random = createRandomStream('normal');
    const values = Array.from({ length: 100_000 }, random.nextNormal);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.013);
    expect(Math.abs(values.reduce((sum, value) => sum + value * value, 0) / values.length - 1)).toBeLessThan(
      0.02,
    );
  });
});

describe('the bootstrap', () => {
  const options = { statistic: 'mean', resamples: 20_000, seed: 1, alpha: 0.05 } as const;

  it('approaches the enumeration of all resamples', () => {
    const [a, b] = [
      [1, 2, 4, 8],
      [2, 3, 7, 9],
    ];
    const [low = 0, , high = 0] = enumerateBootstrap(a, b, [0.025, 0.5, 0.975]).quantiles;
    const { ci, diff, se } = bootstrapDifference(a, b, options);
    expect(diff).toBe(1.5);
    expect(ci?.[0]).toBeCloseTo(low, 0);
    expect(ci?.[1]).toBeCloseTo(high, 0);
    // √((σa² + σb²) / n) with divisor n.
    expect(se).toBeCloseTo(Math.sqrt((7.1875 + 8.1875) / 4), 1);
  });

  it('gives the same answer for the same seed', () => {
    const few = { ...options, resamples: 200 };
    expect(bootstrapDifference([1, 2, 3], [2, 5, 9], few)).toEqual(
      bootstrapDifference([1, 2, 3], [2, 5, 9], few),
    );
    expect(bootstrapDifference([1, 2, 3], [2, 5, 9], { ...few, seed: 2 }).se).not.toBe(
      bootstrapDifference([1, 2, 3], [2, 5, 9], few).se,
    );
  });

  it('takes quantiles as well', () => {
    const a = Array.from({ length: 101 }, (_, i) => i);
    const b = a.map((value) => value + 1000);
    const median = bootstrapDifference(a, b, { ...options, resamples: 500, statistic: 0.5 });
    expect(median.diff).toBe(1000);
    expect(median.ci?.[0]).toBeGreaterThan(970);
    expect(median.ci?.[1]).toBeLessThan(1030);
    expect(bootstrapDifference(a, b, { ...options, resamples: 500, statistic: 0.95 }).diff).toBeCloseTo(
      1000,
      9,
    );
  });

  it('says why there is no interval', () => {
    expect(bootstrapDifference([1], [2, 3], options)).toMatchObject({
      ci: null,
      reason: 'insufficient-data',
    });
    expect(bootstrapDifference([1, 1], [2, 2], { ...options, resamples: 50 })).toMatchObject({
      diff: 1,
      ci: null,
      reason: 'zero-variance',
    });
  });
});

describe('exhaustive tests', () => {
  it('say beforehand how much they would go through', () => {
    expect(countResamples(3, 3)).toBe(729);
    expect(countSplits(4, 4)).toBe(70);
    expect(countSplits(30, 2)).toBe(496);
  });

  it('count differences that agree up to rounding as equal', () => {
    expect(permuteExactly([0.1, 0.2, 0.3], [0.3, 0.2, 0.1])).toMatchObject({ p: 1, permutations: 20 });
  });
});

describe('a quantile effect', () => {
  it('has intervals that hold the truth about as often as they say', () => {
    const random = createRandomStream('coverage');
    const draw = (n: number, shift: number) =>
      Array.from({ length: n }, () => Math.exp(random.nextNormal()) + shift);
    let held = 0;
    let heldAlone = 0;
    const rounds = 1000;
    for (let i = 0; i < rounds; i++) {
      const a = draw(400, 0);
      const b = draw(300, 0.5);
      const { ci } = compareQuantiles(a, b, { q: 0.9, alpha: 0.05 });
      if (ci !== null && ci[0] <= 0.5 && ci[1] >= 0.5) held += 1;
      const alone = estimateQuantile(sortValues(a), { q: 0.5, alpha: 0.05 }).ci;
      if (alone !== null && alone[0] <= 1 && alone[1] >= 1) heldAlone += 1;
    }
    expect(held / rounds).toBeGreaterThan(0.93);
    expect(held / rounds).toBeLessThan(0.985);
    expect(heldAlone / rounds).toBeGreaterThan(0.93);
  });

  it('says when a sample is too small to bracket the quantile, or has no spread', () => {
    const options = { q: 0.95, alpha: 0.05 };
    expect(compareQuantiles([1, 2, 3], [1, 2, 3], options)).toMatchObject({
      diff: 0,
      ci: null,
      reason: 'insufficient-data',
    });
    const constant = new Array<number>(200).fill(4);
    expect(compareQuantiles(constant, constant, options)).toMatchObject({
      diff: 0,
      ci: null,
      reason: 'zero-variance',
    });
  });
});
