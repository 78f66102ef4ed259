import fc from 'fast-check';
import { quantile as referenceQuantile } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { computeCoMoments } from '../../../../src/core/stats/co-moments.ts';
import { describeValues, estimateMean } from '../../../../src/core/stats/describe.ts';
import { fitLinearTrend, forecastTrend } from '../../../../src/core/stats/linear-trend.ts';
import { computeMoments } from '../../../../src/core/stats/moments.ts';
import { findOutliers } from '../../../../src/core/stats/outliers.ts';
import { sortedQuantile, sortValues } from '../../../../src/core/stats/quantile.ts';
import { sample } from './samples.ts';

describe('quantiles', () => {
  it('agree with the type 7 of simple-statistics', () => {
    fc.assert(
      fc.property(sample(1), fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        expect(sortedQuantile(sortValues(values), q)).toBeCloseTo(referenceQuantile(values, q), 9);
      }),
    );
  });

  it('are the extremes at 0 and 1, and nothing of nothing', () => {
    const sorted = sortValues([3, 1, 2]);
    expect([sortedQuantile(sorted, 0), sortedQuantile(sorted, 1)]).toEqual([1, 3]);
    expect(sortedQuantile(sortValues([]), 0.5)).toBeNull();
  });
});

describe('a description', () => {
  it('has every figure of a sample', () => {
    expect(describeValues([4, 1, 3, 2])).toEqual({
      n: 4,
      sum: 10,
      mean: 2.5,
      sd: Math.sqrt(5 / 3),
      min: 1,
      p25: 1.75,
      p50: 2.5,
      p75: 3.25,
      p95: 3.8499999999999996,
      p99: 3.9699999999999998,
      max: 4,
      reason: null,
    });
  });

  it('of one value has no spread, of none nothing but the count', () => {
    expect(describeValues([7])).toMatchObject({
      n: 1,
      mean: 7,
      sd: null,
      p50: 7,
      reason: 'insufficient-data',
    });
    expect(describeValues([])).toMatchObject({
      n: 0,
      sum: 0,
      mean: null,
      max: null,
      reason: 'insufficient-data',
    });
  });

  it('of a mean gives its interval: 2.2010 standard errors each way for 12 values', () => {
    const { mean, se, ci } = estimateMean(computeMoments([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
    expect(((ci?.[1] ?? 0) - (mean ?? 0)) / (se ?? 1)).toBeCloseTo(2.20098516, 8);
  });
});

describe('a trend', () => {
  it('does not depend on where the axes begin', () => {
    fc.assert(
      fc.property(sample(5, 20), fc.integer({ min: -1000, max: 1000 }), (ys, shift) => {
        const xs = ys.map((_, i) => i);
        const here = fitLinearTrend(computeCoMoments(xs, ys));
        const there = fitLinearTrend(
          computeCoMoments(
            xs.map((x) => x + shift),
            ys.map((y) => y - shift),
          ),
        );
        expect(there.slope ?? 0).toBeCloseTo(here.slope ?? 0, 6);
        expect(there.p ?? 0).toBeCloseTo(here.p ?? 0, 6);
      }),
    );
  });

  it('on a line has no residual variance to test with', () => {
    const xs = [0, 1, 2, 3, 4, 5];
    const trend = fitLinearTrend(
      computeCoMoments(
        xs,
        xs.map((x) => 0.1 * x + 0.7),
      ),
    );
    expect(trend.slope).toBeCloseTo(0.1, 12);
    expect(trend).toMatchObject({ p: null, slopeCi: null, residualSd: 0, reason: 'zero-variance' });
  });

  it('says why there is none', () => {
    const fitLine = (xs: number[], ys: number[]) => fitLinearTrend(computeCoMoments(xs, ys));
    expect(fitLine([1], [2])).toMatchObject({ slope: null, reason: 'insufficient-data' });
    expect(fitLine([1, 1, 1], [2, 3, 4])).toMatchObject({ slope: null, reason: 'zero-variance' });
    expect(fitLine([1, 2], [2, 4])).toMatchObject({ slope: 2, p: null, reason: 'insufficient-data' });
    expect(fitLine([1e200, 2e200, 4e200], [2e200, 4e200, 1])).toMatchObject({
      slope: null,
      reason: 'ill-conditioned',
    });
  });

  it('forecasts with an interval that widens away from the points', () => {
    // R: predict(lm(y ~ x), data.frame(x = c(8, 20)), interval = "prediction")
    const points = computeCoMoments([0, 1, 2, 3, 4, 5, 6, 7], [410, 415, 409, 422, 431, 428, 440, 447]);
    const [near, far] = forecastTrend(points, [8, 20]);
    expect(near?.y).toBeCloseTo(449.3571428571, 8);
    expect((near?.ci?.[1] ?? 0) - (near?.y ?? 0)).toBeLessThan((far?.ci?.[1] ?? 0) - (far?.y ?? 0));
    expect(forecastTrend(computeCoMoments([1, 1], [2, 3]), [4])).toEqual([{ x: 4, y: null, ci: null }]);
  });
});

describe('outliers', () => {
  it('are found among eight values, where a plain z-score of 3 cannot fire', () => {
    expect(findOutliers([95, 98, 92, 96, 94, 97, 93, 310], 3).outlierIndexes).toEqual([7]);
  });

  it('are found when over half of the values are equal', () => {
    expect(findOutliers([5, 5, 5, 5, 5, 5, 5, 5, 5, 1000], 3)).toMatchObject({
      mad: 0,
      outlierIndexes: [9],
      scale: 'mean-ad',
    });
  });

  it('are none among equal values or none', () => {
    expect(findOutliers([5, 5, 5], 3)).toMatchObject({
      outlierIndexes: [],
      scale: null,
      reason: 'zero-variance',
    });
    expect(findOutliers([], 3)).toMatchObject({ median: null, reason: 'insufficient-data' });
  });
});
