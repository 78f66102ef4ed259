import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fisherExactP } from '../../../../src/core/stats/fisher.ts';
import { testEqualRates } from '../../../../src/core/stats/homogeneity.ts';
import { testDiscordantPairs } from '../../../../src/core/stats/mcnemar.ts';
import { compareRates } from '../../../../src/core/stats/proportions.ts';
import { restrictRate, testRateMargin } from '../../../../src/core/stats/rate-gate.ts';
import { testSampleRatio } from '../../../../src/core/stats/sample-ratio.ts';
import { estimateRate } from '../../../../src/core/stats/wilson.ts';
import { relativeError } from './relative-error.ts';

const choose = (n: number, k: number): number => {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
};

const rate = (most: number) =>
  fc.integer({ min: 1, max: most }).chain((n) => fc.record({ n: fc.constant(n), x: fc.nat(n) }));

describe("Fisher's exact test", () => {
  it('adds up all tables no more probable than the observed one', () => {
    fc.assert(
      fc.property(rate(25), rate(25), (a, b) => {
        const successes = a.x + b.x;
        const probability = (x: number) =>
          (choose(a.n, x) * choose(b.n, successes - x)) / choose(a.n + b.n, successes);
        const limit = probability(a.x) * (1 + 1e-7);
        let expected = 0;
        for (let x = Math.max(0, successes - b.n); x <= Math.min(a.n, successes); x++) {
          if (probability(x) <= limit) expected += probability(x);
        }
        expect(fisherExactP(a, b)).toBeCloseTo(expected, 10);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps its digits when they are few: 2 / C(40, 20) and below', () => {
    const all = { x: 20, n: 20 };
    const none = { x: 0, n: 20 };
    expect(relativeError(fisherExactP(none, all) ?? 0, 2 / 137846528820)).toBeLessThan(1e-12);
    expect(fisherExactP({ x: 0, n: 1000 }, { x: 500, n: 1000 })).toBeLessThan(1e-150);
  });

  it('works on a billion trials', () => {
    const p = fisherExactP({ x: 5e8, n: 1e9 }, { x: 5e8 + 30_000, n: 1e9 });
    // The z-test's p, which it tends to: z = 1.3416.
    expect(p).toBeCloseTo(0.1797, 3);
  });

  it('has no answer without trials', () => {
    expect(fisherExactP({ x: 0, n: 0 }, { x: 1, n: 2 })).toBeNull();
  });
});

describe('two rates', () => {
  it('have intervals within 0 and 1 that hold the rate', () => {
    fc.assert(
      fc.property(rate(500), ({ x, n }) => {
        const [low = 2, high = -1] = estimateRate({ x, n }) ?? [];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(x / n);
        expect(high).toBeGreaterThanOrEqual(x / n);
      }),
    );
  });

  it('say why something is missing', () => {
    expect(compareRates({ x: 0, n: 0 }, { x: 1, n: 2 })).toMatchObject({
      rateA: null,
      rateB: 0.5,
      diff: null,
      pFisher: null,
      reason: 'insufficient-data',
    });
    expect(compareRates({ x: 3, n: 3 }, { x: 5, n: 5 })).toMatchObject({
      z: null,
      p: null,
      pFisher: 1,
      reason: 'zero-variance',
    });
    expect(compareRates({ x: 0, n: 9 }, { x: 5, n: 9 })).toMatchObject({
      relativeLift: null,
      reason: 'zero-baseline',
    });
  });
});

describe('equal rates', () => {
  it('of two samples are tested by the square of z', () => {
    const [a, b] = [
      { x: 12, n: 100 },
      { x: 25, n: 130 },
    ] as const;
    const { z, p } = compareRates(a, b);
    const test = testEqualRates([a, b]);
    expect(test.chi2).toBeCloseTo((z ?? 0) ** 2, 10);
    expect(test.p).toBeCloseTo(p ?? 0, 10);
    expect(test).toMatchObject({ df: 1, eligible: true, reason: null });
  });

  it('leave out variants without trials and say why there is no answer', () => {
    expect(
      testEqualRates([
        { x: 1, n: 10 },
        { x: 0, n: 0 },
        { x: 4, n: 10 },
      ]),
    ).toMatchObject({ df: 1, eligible: false });
    expect(testEqualRates([{ x: 1, n: 10 }])).toMatchObject({ p: null, reason: 'insufficient-data' });
    expect(
      testEqualRates([
        { x: 0, n: 10 },
        { x: 0, n: 10 },
      ]),
    ).toMatchObject({ p: null, reason: 'zero-variance' });
  });
});

describe("McNemar's test", () => {
  it('is the exact binomial test with a half', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), (onlyA, onlyB) => {
        fc.pre(onlyA + onlyB > 0);
        const n = onlyA + onlyB;
        let tail = 0;
        for (let k = 0; k <= Math.min(onlyA, onlyB); k++) tail += choose(n, k) / 2 ** n;
        expect(testDiscordantPairs(onlyA, onlyB).p).toBeCloseTo(Math.min(1, 2 * tail), 10);
      }),
    );
    expect(testDiscordantPairs(0, 0)).toEqual({ p: null, reason: 'insufficient-data' });
    expect(relativeError(testDiscordantPairs(0, 1000).p ?? 0, 2 * 2 ** -1000)).toBeLessThan(1e-11);
  });
});

describe('the sample ratio', () => {
  it('is broken by a unit in a variant of weight 0, and only by that where the rest is even', () => {
    expect(testSampleRatio([500, 500, 1], [1, 1, 0])).toMatchObject({ p: 1, mismatch: true });
    expect(testSampleRatio([500, 500, 0], [1, 1, 0])).toMatchObject({ p: 1, mismatch: false });
  });

  it('is not judged on too few units', () => {
    expect(testSampleRatio([14, 0], [1, 1])).toMatchObject({ eligible: false, mismatch: false });
    expect(testSampleRatio([0, 0], [1, 1])).toMatchObject({
      p: null,
      mismatch: false,
      reason: 'insufficient-data',
    });
    expect(testSampleRatio([9], [1])).toMatchObject({ df: 0, p: null, reason: 'insufficient-data' });
  });

  it('does not depend on the unit of the weights', () => {
    const once = testSampleRatio([480, 530, 990], [1, 1, 2]);
    const shares = testSampleRatio([480, 530, 990], [0.25, 0.25, 0.5]);
    expect(shares.p).toBeCloseTo(once.p ?? 0, 12);
  });
});

describe('the gate of a rate', () => {
  const likelihood = (x: number, n: number, p: number): number =>
    (x === 0 ? 0 : x * Math.log(p)) + (x === n ? 0 : (n - x) * Math.log1p(-p));

  it('restricts the stable rate to the greatest likelihood', () => {
    const delta = fc.integer({ min: -30, max: 30 }).map((points) => points / 100);
    fc.assert(
      fc.property(rate(60), rate(60), delta, (stable, canary, shift) => {
        const value = (p: number) =>
          likelihood(stable.x, stable.n, p) + likelihood(canary.x, canary.n, p + shift);
        const found = restrictRate(stable, canary, shift);
        const low = Math.max(0, -shift);
        const high = Math.min(1, 1 - shift);
        const best = Math.max(
          ...Array.from({ length: 999 }, (_, i) => value(low + ((high - low) * (i + 1)) / 1000)),
        );
        const inside = Math.min(high - 1e-12, Math.max(low + 1e-12, found));
        expect(value(inside)).toBeGreaterThanOrEqual(best - 1e-6);
      }),
      { numRuns: 300 },
    );
  });

  const lower = { margin: 0.02, direction: 'lower', alpha: 0.05 } as const;

  it('passes two spotless sides, fails a clear rise, and waits where it cannot tell', () => {
    expect(testRateMargin({ x: 0, n: 1000 }, { x: 0, n: 1000 }, lower).verdict).toBe('pass');
    expect(testRateMargin({ x: 10, n: 1000 }, { x: 90, n: 1000 }, lower).verdict).toBe('fail');
    expect(testRateMargin({ x: 1, n: 20 }, { x: 1, n: 20 }, lower).verdict).toBe('inconclusive');
    expect(testRateMargin({ x: 0, n: 0 }, { x: 1, n: 20 }, lower)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'insufficient-data',
    });
  });

  it('judges success as it judges failure', () => {
    const failures = testRateMargin({ x: 30, n: 900 }, { x: 21, n: 400 }, lower);
    const successes = testRateMargin(
      { x: 870, n: 900 },
      { x: 379, n: 400 },
      { ...lower, direction: 'higher' },
    );
    expect(successes.z).toBeCloseTo(failures.z ?? 0, 9);
    expect(successes.verdict).toBe(failures.verdict);
  });
});
