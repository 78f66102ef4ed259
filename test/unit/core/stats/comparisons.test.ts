import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeCoMoments } from '../../../../src/core/stats/co-moments.ts';
import { compareDistributions } from '../../../../src/core/stats/kolmogorov-smirnov.ts';
import { compareRanks } from '../../../../src/core/stats/mann-whitney.ts';
import { computeMoments, mergeMoments, sumsToMoments } from '../../../../src/core/stats/moments.ts';
import { comparePairs } from '../../../../src/core/stats/paired.ts';
import { compareRates } from '../../../../src/core/stats/proportions.ts';
import { compareQuantiles } from '../../../../src/core/stats/quantile-effect.ts';
import { compareRatios } from '../../../../src/core/stats/ratio.ts';
import { compareMeans, compareMeansRelatively } from '../../../../src/core/stats/welch.ts';
import { relativeError } from './relative-error.ts';
import { sample, varies } from './samples.ts';

const opposite = (value: number | null): number | null => (value === null ? null : 0 - value);

const expectClose = (actual: number | null, expected: number | null, tolerance = 1e-7): void => {
  if (actual === null || expected === null) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(expected)));
};

const rate = fc.integer({ min: 1, max: 400 }).chain((n) => fc.record({ n: fc.constant(n), x: fc.nat(n) }));

describe('swapping the sides', () => {
  it("flips the sign of Welch's t and keeps p", () => {
    fc.assert(
      fc.property(sample(), sample(), (a, b) => {
        const there = compareMeans(computeMoments(a), computeMoments(b));
        const back = compareMeans(computeMoments(b), computeMoments(a));
        expectClose(back.diff, opposite(there.diff));
        expectClose(back.t, opposite(there.t));
        expectClose(back.hedgesG, opposite(there.hedgesG));
        expectClose(back.p, there.p);
        expectClose(back.ci?.[0] ?? null, opposite(there.ci?.[1] ?? null));
      }),
    );
  });

  it('mirrors the rank tests and keeps p', () => {
    fc.assert(
      fc.property(sample(1, 15), sample(1, 15), (a, b) => {
        const there = compareRanks(a, b);
        const back = compareRanks(b, a);
        expect(back.uA).toBe(there.uB);
        expect(back.cliffsDelta).toBe(opposite(there.cliffsDelta));
        expect(back.pAsymptotic).toBe(there.pAsymptotic);
        expectClose(back.pExact, there.pExact, 1e-12);
        const forward = compareDistributions(a, b);
        expect(compareDistributions(b, a).d).toBe(forward.d);
        expectClose(compareDistributions(b, a).pExact, forward.pExact, 1e-12);
      }),
    );
  });

  it('flips the sign of z and keeps both p of two rates', () => {
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        const there = compareRates(a, b);
        const back = compareRates(b, a);
        expectClose(back.z, opposite(there.z));
        expectClose(back.p, there.p);
        expectClose(back.pFisher, there.pFisher, 1e-9);
        expectClose(back.ciNewcombe?.[0] ?? null, opposite(there.ciNewcombe?.[1] ?? null));
      }),
    );
  });

  it('flips the sign of pairs, ratios and quantiles', () => {
    fc.assert(
      fc.property(sample(30, 30), sample(30, 30), (a, b) => {
        const there = comparePairs(a, b);
        const back = comparePairs(b, a);
        expectClose(back.t, opposite(there.t));
        expect(back.wPlus).toBe(there.wMinus);
        expectClose(back.pAsymptotic, there.pAsymptotic);
        const dens = a.map((value) => 1 + Math.abs(value));
        const ratios = [computeCoMoments(a, dens), computeCoMoments(b, dens)] as const;
        expectClose(compareRatios(ratios[1], ratios[0]).t, opposite(compareRatios(...ratios).t));
        const options = { q: 0.5, alpha: 0.05 };
        expectClose(compareQuantiles(b, a, options).diff, opposite(compareQuantiles(a, b, options).diff));
      }),
    );
  });
});

describe("Welch's test", () => {
  it('keeps t when a constant is added', () => {
    fc.assert(
      fc.property(sample(3), sample(3), fc.integer({ min: -1_000_000, max: 1_000_000 }), (a, b, shift) => {
        fc.pre(varies(a) && varies(b));
        const shifted = [a, b].map((values) => computeMoments(values.map((value) => value + shift)));
        const [movedA = computeMoments([]), movedB = computeMoments([])] = shifted;
        expectClose(
          compareMeans(movedA, movedB).t,
          compareMeans(computeMoments(a), computeMoments(b)).t,
          1e-6,
        );
      }),
    );
  });

  it('keeps t when the unit changes', () => {
    fc.assert(
      fc.property(sample(3), sample(3), (a, b) => {
        const inMs = compareMeans(computeMoments(a), computeMoments(b));
        const inSeconds = compareMeans(
          computeMoments(a.map((value) => value / 1000)),
          computeMoments(b.map((value) => value / 1000)),
        );
        expectClose(inSeconds.t, inMs.t);
        expectClose(inSeconds.p, inMs.p);
      }),
    );
  });

  it('gives the same from raw values, merged shards and sums', () => {
    fc.assert(
      fc.property(sample(4), sample(4), (a, b) => {
        fc.pre(varies(a) && varies(b));
        const raw = compareMeans(computeMoments(a), computeMoments(b));
        const inShards = (values: number[]) =>
          mergeMoments(computeMoments(values.slice(0, 2)), computeMoments(values.slice(2)));
        const bySums = (values: number[]) =>
          sumsToMoments({
            n: values.length,
            sum: values.reduce((sum, value) => sum + value, 0),
            sumSquares: values.reduce((sum, value) => sum + value * value, 0),
          });
        expectClose(compareMeans(inShards(a), inShards(b)).t, raw.t);
        expectClose(compareMeans(bySums(a), bySums(b)).t, raw.t, 1e-5);
      }),
    );
  });

  it('has an interval that excludes 0 exactly when p is below alpha', () => {
    fc.assert(
      fc.property(sample(3, 10), sample(3, 10), (a, b) => {
        const { ci, p } = compareMeans(computeMoments(a), computeMoments(b), 0.1);
        fc.pre(ci !== null && p !== null && Math.abs(p - 0.1) > 1e-9);
        expect(ci !== null && (ci[0] > 0 || ci[1] < 0)).toBe(p !== null && p < 0.1);
      }),
    );
  });

  it('says why there is no answer', () => {
    const constant = computeMoments([3, 3, 3]);
    expect(compareMeans(computeMoments([]), constant)).toMatchObject({
      meanA: null,
      diff: null,
      p: null,
      reason: 'insufficient-data',
    });
    expect(compareMeans(constant, constant)).toMatchObject({
      diff: 0,
      t: null,
      p: null,
      reason: 'zero-variance',
    });
    const huge = computeMoments([1e300, -1e300, 1e308]);
    expect(compareMeans(huge, constant)).toMatchObject({
      t: null,
      p: null,
      cohensD: null,
      reason: 'ill-conditioned',
    });
  });

  it('gives no change relative to a mean of 0, and keeps the direction below it', () => {
    const zero = computeMoments([-1, 0, 1]);
    const loss = computeMoments([-10, -11, -9]);
    const greaterLoss = computeMoments([-12, -11, -13]);
    expect(compareMeansRelatively(zero, loss)).toMatchObject({ estimate: null, reason: 'zero-baseline' });
    expect(compareMeansRelatively(loss, greaterLoss).estimate).toBeCloseTo(-0.2, 12);
  });
});

describe('pairs', () => {
  it('with one difference throughout have no variance, though the subtraction rounds', () => {
    const a = [1000.1, 1000.2, 1000.3, 1000.7];
    const result = comparePairs(
      a,
      a.map((value) => value + 0.1),
    );
    expect(result).toMatchObject({ t: null, p: null, cohensD: null, reason: 'zero-variance' });
    expect(result.wPlus).toBe(10);
  });

  it('of tiny costs are ranked, not rounded away', () => {
    const a = [1e-12, 2e-12, 3e-12, 4e-12, 5e-12];
    const b = [2e-12, 2.5e-12, 3.2e-12, 3.9e-12, 7e-12];
    const asDollars = comparePairs(a, b);
    const scaled = comparePairs(
      a.map((value) => value * 1e12),
      b.map((value) => value * 1e12),
    );
    expect(asDollars.nNonZero).toBe(5);
    expect(asDollars.wPlus).toBe(scaled.wPlus);
  });

  it('that never differ have no signed-rank p', () => {
    expect(comparePairs([1, 2], [1, 2])).toMatchObject({
      nNonZero: 0,
      pAsymptotic: null,
      pExact: null,
      reason: 'zero-variance',
    });
    expect(comparePairs([], [])).toMatchObject({ n: 0, meanDiff: null, reason: 'insufficient-data' });
  });
});

describe('ratios', () => {
  it('of proportional parts have no variance', () => {
    const proportional = computeCoMoments([3, 6, 9.3], [1, 2, 3.1]);
    expect(compareRatios(proportional, proportional)).toMatchObject({
      seA: 0,
      p: null,
      reason: 'zero-variance',
    });
  });

  it('without a denominator have none to give', () => {
    const empty = computeCoMoments([], []);
    const none = computeCoMoments([1, 2], [0, 0]);
    const some = computeCoMoments([1, 2, 2], [1, 3, 2]);
    expect(compareRatios(none, some)).toMatchObject({ ratioA: null, diff: null, reason: 'zero-baseline' });
    expect(compareRatios(empty, some)).toMatchObject({
      ratioA: null,
      diff: null,
      reason: 'insufficient-data',
    });
  });

  it('with the denominator 1 are means', () => {
    const a = [4, 8, 15, 16, 23];
    const b = [42, 8, 15, 40];
    const ratios = compareRatios(
      computeCoMoments(
        a,
        a.map(() => 1),
      ),
      computeCoMoments(
        b,
        b.map(() => 1),
      ),
    );
    const means = compareMeans(computeMoments(a), computeMoments(b));
    expect(relativeError(ratios.t ?? 0, means.t ?? 1)).toBeLessThan(1e-12);
    expect(relativeError(ratios.df ?? 0, means.df ?? 1)).toBeLessThan(1e-12);
  });
});
