import fc from 'fast-check';
import { mean, sampleVariance as referenceVariance } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { computeCoMoments, mergeCoMoments } from '../../../../src/core/stats/co-moments.ts';
import {
  computeMoments,
  emptyMoments,
  hasLostDigits,
  mergeMoments,
  rateMoments,
  sampleVariance,
  sumsToMoments,
} from '../../../../src/core/stats/moments.ts';
import { sample } from './samples.ts';

const sumsOf = (values: readonly number[]) => ({
  n: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  sumSquares: values.reduce((sum, value) => sum + value * value, 0),
});

describe('moments', () => {
  it('agree with the mean and variance of simple-statistics', () => {
    fc.assert(
      fc.property(sample(), (values) => {
        const moments = computeMoments(values);
        expect(moments.mean).toBeCloseTo(mean(values), 8);
        expect(sampleVariance(moments)).toBeCloseTo(referenceVariance(values), 4);
      }),
    );
  });

  it('of shards merged equal those of the whole, whatever the cut', () => {
    fc.assert(
      fc.property(sample(0, 60), fc.nat(60), fc.nat(60), (values, first, second) => {
        const [low, high] = [Math.min(first, second), Math.max(first, second)];
        const shards = [values.slice(0, low), values.slice(low, high), values.slice(high)];
        const merged = shards.map(computeMoments).reduce(mergeMoments, emptyMoments);
        const whole = computeMoments(values);
        expect(merged.n).toBe(whole.n);
        expect(merged.mean).toBeCloseTo(whole.mean, 8);
        expect(Math.abs(merged.M2 - whole.M2)).toBeLessThanOrEqual(1e-9 * (1 + whole.M2));
      }),
    );
  });

  it('of pairs merge too', () => {
    fc.assert(
      fc.property(sample(0, 30), sample(30, 30), fc.nat(30), (xs, all, cut) => {
        const ys = all.slice(0, xs.length);
        const merged = mergeCoMoments(
          computeCoMoments(xs.slice(0, cut), ys.slice(0, cut)),
          computeCoMoments(xs.slice(cut), ys.slice(cut)),
        );
        const whole = computeCoMoments(xs, ys);
        expect(Math.abs(merged.C - whole.C)).toBeLessThanOrEqual(
          1e-9 * (1 + Math.abs(whole.x.M2) + whole.y.M2),
        );
      }),
    );
  });

  it('lose no digits to a large common offset', () => {
    const values = [1, 2, 3, 4, 5].map((value) => value + 1e12);
    expect(sampleVariance(computeMoments(values))).toBe(2.5);
  });

  it('have exactly no variance for equal values that are no binary fractions', () => {
    const whole = computeMoments(new Array(10).fill(0.1));
    expect(whole).toEqual({ n: 10, mean: 0.1, M2: 0 });
    expect(mergeMoments(whole, computeMoments([0.1, 0.1, 0.1])).M2).toBe(0);
  });

  it('treat values that differ in the last bit as equal', () => {
    expect(sampleVariance(computeMoments([0.1 + 0.2, 0.3, 0.3]))).toBe(0);
  });

  it('of a rate are those of its ones and zeros', () => {
    const listed = computeMoments([1, 1, 1, 0, 0, 0, 0]);
    expect(rateMoments(3, 7).mean).toBeCloseTo(listed.mean, 12);
    expect(rateMoments(3, 7).M2).toBeCloseTo(listed.M2, 12);
    expect(rateMoments(0, 0)).toEqual(emptyMoments);
  });

  it('from sums say when the digits are gone', () => {
    expect(hasLostDigits(sumsOf([1, 2, 3]))).toBe(false);
    expect(hasLostDigits(sumsOf([1e8 + 1, 1e8 + 2, 1e8 + 4]))).toBe(true);
    expect(hasLostDigits(sumsOf([0.5, 0.5]))).toBe(false);
    expect(hasLostDigits({ n: 0, sum: 0, sumSquares: 0 })).toBe(false);
    expect(sumsToMoments(sumsOf([1, 2, 3]))).toEqual({ n: 3, mean: 2, M2: 2 });
  });

  it('have no variance to give below two values', () => {
    expect(sampleVariance(computeMoments([]))).toBeNull();
    expect(sampleVariance(computeMoments([5]))).toBeNull();
  });
});
