import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeSums } from '../../../../src/core/metrics/exact-moments.ts';
import { computeMoments } from '../../../../src/core/metrics/exact-sum.ts';
import { referenceMoments } from '../../../helpers/metrics-reference.ts';

const momentsOf = (values: readonly number[]) => {
  const { sum, squares } = computeSums(Float64Array.from(values));
  return computeMoments(values.length, sum, squares);
};

const decimal = fc
  .tuple(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, places]) => digits / 10 ** places);
const ordinary = fc.double({ min: -1e15, max: 1e15, noNaN: true });
const moderate = fc.double({ min: 1e-60, max: 1e60, noNaN: true });
const tiny = fc.double({ min: -1e-150, max: 1e-150, noNaN: true });

describe('exact moments', () => {
  it('gives the sum, mean and squared deviations that rational arithmetic gives, rounded once', () => {
    for (const value of [decimal, ordinary, moderate, tiny])
      fc.assert(
        fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
          expect(momentsOf(values)).toEqual(referenceMoments(values));
        }),
        { numRuns: 200 },
      );
  });

  it('rounds once what only a subnormal can hold', () => {
    const values = [0, -1.0188699843267168e-154, 0, 0, 0];
    expect(momentsOf(values).m2).toBe(8.30476835969539e-309);
    const { MIN_VALUE } = Number;
    expect(momentsOf([MIN_VALUE, 0]).mean).toBe(0);
    expect(momentsOf([3 * MIN_VALUE, 0]).mean).toBe(2 * MIN_VALUE);
    expect(momentsOf([2 * MIN_VALUE, 0, 0]).mean).toBe(MIN_VALUE);
  });

  it('sums ten tenths as the doubles they are', () => {
    expect(momentsOf(new Array<number>(10).fill(0.1))).toEqual({ sum: 1, mean: 0.1, m2: 0 });
  });

  it('keeps what cancels', () => {
    expect(momentsOf([1e16, 1, -1e16]).sum).toBe(1);
    expect(momentsOf([1e9 + 0.25, 1e9 + 0.5, 1e9 + 0.75]).m2).toBe(0.125);
  });

  it('takes the largest and the smallest doubles', () => {
    const { MAX_VALUE, MIN_VALUE } = Number;
    expect(momentsOf([MAX_VALUE, -MAX_VALUE, MIN_VALUE, MIN_VALUE]).sum).toBe(2 * MIN_VALUE);
    expect(momentsOf([MAX_VALUE, MAX_VALUE])).toEqual({
      sum: Number.POSITIVE_INFINITY,
      mean: MAX_VALUE,
      m2: 0,
    });
    expect(momentsOf([MAX_VALUE, -MAX_VALUE]).m2).toBe(Number.POSITIVE_INFINITY);
    expect(momentsOf([1e-300, 3e-300]).mean).toBe(2e-300);
    expect(momentsOf([1e300, 1, -1e300]).sum).toBe(1);
  });

  it('does not depend on the order, nor on what else is in a column', () => {
    const value = fc.oneof(
      decimal,
      ordinary,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.nat(), (values, seed) => {
        const shuffled = values
          .map((entry, index) => ({ entry, rank: (index * 7919 + seed) % 61 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ entry }) => entry);
        expect(momentsOf(shuffled)).toEqual(momentsOf(values));
      }),
    );
  });
});
