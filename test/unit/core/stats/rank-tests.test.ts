import fc from 'fast-check';
import { wilcoxonRankSum } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { kolmogorovUpperTail } from '../../../../src/core/stats/kolmogorov-distribution.ts';
import { compareDistributions } from '../../../../src/core/stats/kolmogorov-smirnov.ts';
import { compareRanks } from '../../../../src/core/stats/mann-whitney.ts';
import { comparePairs } from '../../../../src/core/stats/paired.ts';
import { createRandomStream } from '../../../../src/core/stats/random.ts';
import { relativeError } from './relative-error.ts';

const distinct = (minLength: number, maxLength: number) =>
  fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength, maxLength });

/** Every way to choose `size` of the pooled values, as [chosen, rest]. */
const splits = (pooled: readonly number[], size: number): [number[], number[]][] => {
  if (size === 0) return [[[], [...pooled]]];
  const [head, ...rest] = pooled;
  if (head === undefined || pooled.length < size) return [];
  const withHead = splits(rest, size - 1).map(([chosen, left]): [number[], number[]] => [
    [head, ...chosen],
    left,
  ]);
  const without = splits(rest, size).map(([chosen, left]): [number[], number[]] => [chosen, [head, ...left]]);
  return [...withHead, ...without];
};

const countPairs = (a: readonly number[], b: readonly number[]): number =>
  b.reduce((sum, y) => sum + a.reduce((inner, x) => inner + (y > x ? 1 : y === x ? 0.5 : 0), 0), 0);

const largestGap = (a: readonly number[], b: readonly number[]): number =>
  Math.max(
    ...[...a, ...b].map((value) =>
      Math.abs(a.filter((x) => x <= value).length / a.length - b.filter((y) => y <= value).length / b.length),
    ),
  );

describe('the Mann–Whitney test', () => {
  it('counts the pairs in which b is larger, ties half', () => {
    const values = fc.array(fc.nat(6), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(compareRanks(a, b).uB).toBe(countPairs(a, b));
        const rankSum = wilcoxonRankSum(b, a);
        expect(compareRanks(a, b).uB).toBeCloseTo(rankSum - (b.length * (b.length + 1)) / 2, 9);
      }),
    );
  });

  it('has the exact p of all permutations', () => {
    fc.assert(
      fc.property(distinct(4, 9), fc.integer({ min: 1, max: 3 }), (pooled, size) => {
        const [a, b] = [pooled.slice(0, size), pooled.slice(size)];
        const { uA, uB, pExact } = compareRanks(a, b);
        const extreme = Math.max(uA ?? 0, uB ?? 0);
        const all = splits(pooled, size).map(([x, y]) => countPairs(x, y));
        const upper = all.filter((u) => u >= extreme).length / all.length;
        expect(pExact).toBeCloseTo(Math.min(1, 2 * upper), 12);
      }),
      { numRuns: 50 },
    );
  });

  it('has an exact p that keeps its digits when it is tiny', () => {
    const a = Array.from({ length: 30 }, (_, i) => i);
    const b = Array.from({ length: 30 }, (_, i) => 100 + i);
    // 2 / C(60, 30)
    expect(relativeError(compareRanks(a, b).pExact ?? 0, 2 / 118264581564861420)).toBeLessThan(1e-12);
  });

  it('gives no exact p with ties or too many pairs, and says which p it used', () => {
    expect(compareRanks([1, 2, 2], [2, 3])).toMatchObject({ pExact: null, method: 'asymptotic' });
    expect(compareRanks([1, 2], [3, 4])).toMatchObject({ method: 'exact' });
    const many = Array.from({ length: 51 }, (_, i) => i);
    expect(
      compareRanks(
        many,
        many.map((value) => value + 0.5),
      ).pExact,
    ).toBeNull();
  });

  it('says why there is no answer', () => {
    expect(compareRanks([], [1])).toMatchObject({ uB: null, p: null, reason: 'insufficient-data' });
    expect(compareRanks([2, 2, 2], [2, 2])).toMatchObject({
      cles: 0.5,
      cliffsDelta: 0,
      p: null,
      reason: 'zero-variance',
    });
    const constant = new Array(300_000).fill(7);
    expect(compareRanks(constant, constant)).toMatchObject({ p: null, reason: 'zero-variance' });
  });

  it('sees through one wild value that hides the difference from a mean', () => {
    const random = createRandomStream('heavy tail');
    const a = Array.from({ length: 200 }, () => 100 + random.nextNormal());
    const b = [...Array.from({ length: 199 }, () => 102 + random.nextNormal()), -1e6];
    expect(compareRanks(a, b).p).toBeLessThan(1e-20);
  });
});

describe('the Kolmogorov–Smirnov test', () => {
  it('measures the largest gap and its exact p over all permutations', () => {
    fc.assert(
      fc.property(distinct(4, 9), fc.integer({ min: 1, max: 3 }), (pooled, size) => {
        const [a, b] = [pooled.slice(0, size), pooled.slice(size)];
        const { d, pExact } = compareDistributions(a, b);
        expect(d).toBeCloseTo(largestGap(a, b), 12);
        const all = splits(pooled, size).map(([x, y]) => largestGap(x, y));
        expect(pExact).toBeCloseTo(all.filter((gap) => gap >= (d ?? 0) - 1e-12).length / all.length, 12);
      }),
      { numRuns: 50 },
    );
  });

  it('finds no difference between a sample and itself', () => {
    expect(compareDistributions([1, 2, 2, 3], [1, 2, 2, 3])).toMatchObject({
      d: 0,
      pExact: 1,
      pAsymptotic: 1,
      p: 1,
    });
  });

  it('leaves the exact p out above ten million pairs', () => {
    const a = Array.from({ length: 4000 }, (_, i) => i);
    const result = compareDistributions(
      a,
      a.map((value) => value + 100.5),
    );
    expect(result).toMatchObject({ pExact: null, method: 'asymptotic' });
    expect(result.p).toBeGreaterThan(0.1);
  });

  it('says when there are no values', () => {
    expect(compareDistributions([], [1])).toMatchObject({ d: null, p: null, reason: 'insufficient-data' });
  });

  // scipy.stats.kstwo.sf 1.17; its own expansion is used between 140 and 100,000 values.
  it.each([
    [0.7, 12, 2.035522361128315e-6, 1e-9],
    [0.3, 40, 0.0010904155041397967, 1e-9],
    [0.03, 400, 0.8534115453673426, 1e-6],
    [0.05, 1000, 0.013012074781090332, 1e-6],
  ])('has the one-sample tail of d = %d for n = %d', (d, n, p, tolerance) => {
    expect(relativeError(kolmogorovUpperTail(d, n), p)).toBeLessThan(tolerance);
  });

  it('has a one-sample tail that joins where its methods meet', () => {
    for (const z of [0.6, 1, 1.5, 1.9, 1.999]) {
      const exact = kolmogorovUpperTail(z / Math.sqrt(500), 500);
      const expanded = kolmogorovUpperTail(z / Math.sqrt(501), 501);
      expect(relativeError(expanded, exact)).toBeLessThan(1e-3);
    }
    expect(kolmogorovUpperTail(0.0001, 1000)).toBe(1);
    expect(kolmogorovUpperTail(1, 5)).toBe(0);
  });
});

describe("Wilcoxon's signed ranks", () => {
  it('have the exact p of all sign patterns', () => {
    const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.nat(255), (differences, pattern) => {
        const ranks = differences.map((size) => differences.filter((other) => other <= size).length);
        const plus = (signs: number) => ranks.reduce((sum, rank, i) => sum + ((signs >> i) & 1) * rank, 0);
        const signs = pattern % 2 ** differences.length;
        const b = differences.map((size, i) => ((signs >> i) & 1 ? size : -size));
        const { wPlus, wMinus, pExact } = comparePairs(
          b.map(() => 0),
          b,
        );
        expect(wPlus).toBe(plus(signs));
        const patterns = Array.from({ length: 2 ** differences.length }, (_, i) => plus(i));
        const tail = patterns.filter((w) => w <= Math.min(wPlus, wMinus)).length / patterns.length;
        expect(pExact).toBeCloseTo(Math.min(1, 2 * tail), 12);
      }),
      { numRuns: 60 },
    );
  });
});
