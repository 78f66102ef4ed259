import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToWindows, computeQuantiles, selectWindows } from '../../../../src/core/metrics/quantiles.ts';
import { referenceQuantile } from '../../../helpers/metrics-reference.ts';

const windowsOf = (values: readonly number[], probabilities: readonly number[], margin: number) => {
  const min = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const max = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return selectWindows(Float64Array.from(values), { min, max, probabilities, margin });
};
const quantilesOf = (values: readonly number[], wanted: readonly number[]) =>
  computeQuantiles(windowsOf(values, wanted, 0), values.length, wanted);

describe('quantiles', () => {
  it('interpolates between ranks as type 7 does', () => {
    expect(quantilesOf([4, 1, 3, 2], [0, 0.25, 0.5, 0.9, 1])).toEqual([1, 1.75, 2.5, 3.7, 4]);
    expect(quantilesOf([7], [0, 0.5, 1])).toEqual([7, 7, 7]);
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

  it('follow from what was kept when a few values have come, and are not guessed when too many have', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.double({ min: -100, max: 100, noNaN: true }));
    const wanted = [0, 0.1, 0.5, 0.99, 1];
    let known = 0;
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 900, size: 'max' }),
        fc.array(value, { maxLength: 60 }),
        fc.integer({ min: 0, max: 40 }),
        (given, more, margin) => {
          const values = given.map((entry) => (entry === 0 ? 0 : entry));
          const added = more.map((entry) => (entry === 0 ? 0 : entry));
          const windows = windowsOf(values, wanted, margin);
          const grown = addToWindows(windows, values.length, Float64Array.from(added).sort());
          const quantiles = computeQuantiles(grown, values.length + added.length, wanted);
          if (added.length <= margin || values.length <= 512) expect(quantiles).not.toBeNull();
          if (quantiles === null) return;
          known += 1;
          expect(quantiles).toEqual(wanted.map((p) => referenceQuantile([...values, ...added], p)));
        },
      ),
      { numRuns: 300 },
    );
    expect(known).toBeGreaterThan(100);
  });
});
