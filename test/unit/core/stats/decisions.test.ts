import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeMoments, rateMoments } from '../../../../src/core/stats/moments.ts';
import { adjustPValues } from '../../../../src/core/stats/multiplicity.ts';
import { normalQuantile } from '../../../../src/core/stats/normal.ts';
import {
  computeMeansPower,
  findDetectableEffect,
  planMeansSampleSize,
} from '../../../../src/core/stats/power-means.ts';
import { computeRatesPower, planRatesSampleSize } from '../../../../src/core/stats/power-rates.ts';
import { testAbsoluteMargin, testRelativeMargin } from '../../../../src/core/stats/relative-gate.ts';
import {
  computeMixtureRatio,
  planSequentialUnits,
  sequenceWidth,
  testSequentially,
} from '../../../../src/core/stats/sequential.ts';
import { sample } from './samples.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('adjusted p-values', () => {
  it('are never below the raw ones, keep their order and stay at most Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(probability, { minLength: 1, maxLength: 12 }), (raw) => {
        const { holm, bh, bonferroni } = adjustPValues(raw);
        for (const [i, p] of raw.entries()) {
          expect(holm[i]).toBeGreaterThanOrEqual(p);
          expect(bh[i]).toBeGreaterThanOrEqual(p * (1 - 1e-15));
          expect(bonferroni[i]).toBeGreaterThanOrEqual(holm[i] ?? 2);
          expect(holm[i]).toBeGreaterThanOrEqual(bh[i] ?? 2);
          expect(holm[i]).toBeLessThanOrEqual(1);
          for (const [j, other] of raw.entries()) {
            if (p < other) expect(holm[i]).toBeLessThanOrEqual(holm[j] ?? -1);
            if (p < other) expect(bh[i]).toBeLessThanOrEqual(bh[j] ?? -1);
          }
        }
      }),
    );
  });

  it('leave tests without an answer out of the family', () => {
    expect(adjustPValues([0.01, null, 0.04]).holm).toEqual([0.02, null, 0.04]);
    expect(adjustPValues([null])).toEqual({ holm: [null], bh: [null], bonferroni: [null] });
    expect(adjustPValues([])).toEqual({ holm: [], bh: [], bonferroni: [] });
  });
});

describe('the gate of a mean', () => {
  const options = { margin: 0.1, direction: 'higher', alpha: 0.05 } as const;
  const around = (mean: number) => computeMoments([-2, -1, 0, 1, 2].map((value) => mean + value));

  it('never lets lower-is-better win by being higher', () => {
    const slower = testRelativeMargin(around(100), around(200), { ...options, direction: 'lower' });
    const better = testRelativeMargin(around(100), around(200), options);
    expect(slower.verdict).toBe('fail');
    expect(better.verdict).toBe('pass');
  });

  it('mirrors when the metric changes its sign', () => {
    fc.assert(
      fc.property(sample(3), sample(3), (stable, canary) => {
        const negate = (values: number[]) => computeMoments(values.map((value) => -value));
        const higher = testRelativeMargin(computeMoments(stable), computeMoments(canary), options);
        const lower = testRelativeMargin(negate(stable), negate(canary), { ...options, direction: 'lower' });
        expect(lower.verdict).toBe(higher.verdict);
        expect(lower.slack ?? 0).toBeCloseTo(higher.slack ?? 0, 6);
        expect(lower.pPass ?? 0).toBeCloseTo(higher.pPass ?? 0, 6);
      }),
    );
  });

  it('widens what is accepted below 0 too', () => {
    expect(testRelativeMargin(around(-100), around(-105), options).verdict).toBe('pass');
    expect(testRelativeMargin(around(-100), around(-120), options).verdict).toBe('fail');
  });

  it('has one-sided p-values that add up to 1 and an interval whose end decides', () => {
    const { pPass, pFail, ci, verdict } = testRelativeMargin(around(100), around(95), options);
    expect((pPass ?? 0) + (pFail ?? 0)).toBeCloseTo(1, 12);
    expect(verdict).toBe('pass');
    expect(ci?.[0]).toBeGreaterThan(0);
  });

  it('is inconclusive without spread or data, and says why', () => {
    const constant = computeMoments([5, 5, 5]);
    expect(testRelativeMargin(constant, constant, options)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'zero-variance',
    });
    expect(testRelativeMargin(computeMoments([]), constant, options)).toMatchObject({
      verdict: 'inconclusive',
      relativeChange: null,
      reason: 'insufficient-data',
    });
    expect(testRelativeMargin(around(0), around(0), options)).toMatchObject({
      relativeChange: null,
      reason: 'zero-baseline',
    });
  });

  it('takes absolute margins in units, also of a rate', () => {
    const units = { margin: 0.02, direction: 'lower', alpha: 0.05 } as const;
    expect(testAbsoluteMargin(rateMoments(30, 3000), rateMoments(33, 3000), units).verdict).toBe('pass');
    expect(testAbsoluteMargin(rateMoments(30, 3000), rateMoments(150, 3000), units).verdict).toBe('fail');
    expect(testAbsoluteMargin(around(10), around(11), { ...units, margin: 1 }).slack).toBeCloseTo(0, 12);
  });
});

describe('planning', () => {
  const goal = { alpha: 0.05, power: 0.8, ratio: 1 };

  it('reaches the power it was asked for, and not with fewer units', () => {
    const effect = fc.double({ min: 0.02, max: 2, noNaN: true });
    const ratio = fc.double({ min: 0.2, max: 5, noNaN: true });
    fc.assert(
      fc.property(effect, ratio, (d, nRatio) => {
        const { nExact, nA, nB } = planMeansSampleSize({ ...goal, d, ratio: nRatio });
        const power = (n: number) => computeMeansPower({ d, nA: n, nB: n * nRatio, alpha: 0.05 }).power;
        expect(nA).toBe(Math.max(2, Math.ceil(nExact - 1e-9)));
        expect(nB).toBe(Math.max(2, Math.ceil(nExact * nRatio - 1e-9)));
        if (nExact > 2 && nExact * nRatio > 2) expect(power(nExact)).toBeCloseTo(0.8, 8);
      }),
      { numRuns: 40 },
    );
  });

  it.each([10, 100, 1e6])('ends for an effect of %d standard deviations', (d) => {
    const { nExact, nA, nB } = planMeansSampleSize({ ...goal, d });
    expect(nExact).toBeGreaterThan(0);
    expect([nA, nB]).toEqual([nA, nA]);
    expect(nA).toBeLessThanOrEqual(3);
  });

  it('approaches the normal approximation for a minute effect', () => {
    const { nExact } = planMeansSampleSize({ ...goal, d: 1e-6 });
    // 2 ((1.959964 + 0.841621) / d)²
    expect(nExact / 15.697759e12).toBeCloseTo(1, 5);
  });

  it('finds the effect that the planned units detect', () => {
    const { nExact } = planMeansSampleSize({ ...goal, d: 0.3 });
    expect(findDetectableEffect({ ...goal, nA: nExact, nB: nExact })).toBeCloseTo(0.3, 8);
  });

  it('agrees with the documented examples of power.prop.test in R', () => {
    const rates = { rateA: 0.5, rateB: 0.75, alpha: 0.05 };
    expect(planRatesSampleSize({ ...rates, power: 0.9, ratio: 1 }).nExact).toBeCloseTo(76.7, 1);
    expect(computeRatesPower({ ...rates, nA: 50, nB: 50 })).toBeCloseTo(0.74, 3);
  });

  it('of rates reaches its power with unequal sides too', () => {
    const plan = planRatesSampleSize({ rateA: 0.1, rateB: 0.08, alpha: 0.05, power: 0.8, ratio: 3 });
    const power = computeRatesPower({
      rateA: 0.1,
      rateB: 0.08,
      alpha: 0.05,
      nA: plan.nExact,
      nB: 3 * plan.nExact,
    });
    expect(power).toBeCloseTo(0.8, 10);
  });
});

describe('the confidence sequence', () => {
  const look = { se: 0.1, n: 400, alpha: 0.05, nStar: 1000 };

  it('excludes 0 exactly when its p is below alpha', () => {
    for (let estimate = 0; estimate < 1; estimate += 0.01) {
      const { ci, p } = testSequentially({ ...look, estimate });
      expect((ci?.[0] ?? 0) > 0).toBe((p ?? 1) < 0.05);
    }
  });

  it.each([
    [0.05, 1.55],
    [0.01, 1.39],
  ])('at alpha %d is %d times as wide as one look where it is narrowest', (alpha, times) => {
    const ratioAt = (n: number) => sequenceWidth(n, { alpha, nStar: 5000 }) / normalQuantile(1 - alpha / 2);
    expect(ratioAt(5000)).toBeCloseTo(times, 2);
    expect(Math.min(ratioAt(2500), ratioAt(10_000))).toBeGreaterThan(ratioAt(5000));
  });

  it('is wider than the fixed interval', () => {
    expect(testSequentially({ ...look, estimate: 0 }).halfWidth).toBeGreaterThan(1.96 * look.se);
  });

  it('says why there is no answer', () => {
    expect(testSequentially({ ...look, estimate: 1, se: 0 })).toMatchObject({
      p: null,
      ci: null,
      reason: 'zero-variance',
    });
    expect(testSequentially({ ...look, estimate: 1, n: 0 })).toMatchObject({
      p: null,
      reason: 'insufficient-data',
    });
    expect(testSequentially({ ...look, estimate: 1e300, se: 1e-300 })).toMatchObject({
      p: null,
      reason: 'ill-conditioned',
    });
    expect(computeMixtureRatio({ diff: 1, v: 0, n: 10, tau2: 1 })).toMatchObject({
      p: null,
      reason: 'zero-variance',
    });
    expect(computeMixtureRatio({ diff: 1, v: 1, n: 0, tau2: 1 })).toMatchObject({
      p: null,
      reason: 'insufficient-data',
    });
  });

  it('plans the first number of units at which it is narrow enough', () => {
    const goal = { unitSd: 2, halfWidth: 0.2, alpha: 0.05, nStar: 1000 };
    const units = planSequentialUnits(goal);
    const width = (n: number) =>
      testSequentially({ estimate: 0, se: goal.unitSd / Math.sqrt(n), n, alpha: 0.05, nStar: 1000 })
        .halfWidth ?? 0;
    expect(width(units)).toBeLessThanOrEqual(0.2);
    expect(width(units - 1)).toBeGreaterThan(0.2);
  });
});
