import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeQuantiles } from '../../../../src/core/metrics/quantiles.ts';
import { referenceQuantile } from '../../../helpers/metrics-reference.ts';

const quantilesOf = (values: readonly number[], wanted: readonly number[]) =>
  computeQuantiles(
    Float64Array.from(values),
    {
      min: values.reduce((a, b) => Math.min(a, b), Infinity),
      max: values.reduce((a, b) => Math.max(a, b), -Infinity),
    },
    wanted,
  );

describe('quantiles', () => {
  it('interpolates between ranks as type 7 does', () => {
    expect(quantilesOf([4, 1, 3, 2], [0, 0.25, 0.5, 0.9, 1])).toEqual([1, 1.75, 2.5, 3.7, 4]);
    expect(quantilesOf([7], [0, 0.5, 1])).toEqual([7, 7, 7]);
    expect(quantilesOf([], [0.5])).toEqual([null]);
  });

  it('finds in buckets what a sort finds, for every spread of values', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom(1e-320, -1e-320, 1e308, -1e308),
    );
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 600, maxLength: 1500, size: 'max' }),
        fc.array(probability, { maxLength: 9 }),
        (given, wanted) => {
          const values = given.map((entry) => (entry === 0 ? 0 : entry));
          expect(quantilesOf(values, wanted)).toEqual(wanted.map((p) => referenceQuantile(values, p)));
        },
      ),
      { numRuns: 40 },
    );
  });
});
