import { describe, expect, it } from 'vitest';
import { kolmogorovUpperTail } from '../../../../src/core/stats/kolmogorov-distribution.ts';
import { compareRanks } from '../../../../src/core/stats/mann-whitney.ts';
import {
  computeMoments,
  emptyMoments,
  type Moments,
  mergeMoments,
} from '../../../../src/core/stats/moments.ts';
import { computeMeansPower, planMeansSampleSize } from '../../../../src/core/stats/power-means.ts';
import { planRatesSampleSize } from '../../../../src/core/stats/power-rates.ts';
import { compareRates } from '../../../../src/core/stats/proportions.ts';
import { createRandomStream } from '../../../../src/core/stats/random.ts';
import { testSequentially } from '../../../../src/core/stats/sequential.ts';
import { compareMeans } from '../../../../src/core/stats/welch.ts';

type Draw = () => number;

const take = (n: number, draw: Draw): number[] => Array.from({ length: n }, draw);

/** One test that is looked at after every 50 units, 25 a side; whether each rule ever rejected. */
const peek = (drawA: Draw, drawB: Draw, looks: number): { sequential: boolean; fixed: boolean } => {
  let a: Moments = emptyMoments;
  let b: Moments = emptyMoments;
  let sequential = false;
  let fixed = false;
  for (let look = 0; look < looks; look++) {
    a = mergeMoments(a, computeMoments(take(25, drawA)));
    b = mergeMoments(b, computeMoments(take(25, drawB)));
    const { diff, se, p } = compareMeans(a, b);
    const test = testSequentially({
      estimate: diff ?? 0,
      se: se ?? 0,
      n: a.n + b.n,
      alpha: 0.05,
      nStar: 1000,
    });
    sequential ||= test.p !== null && test.p < 0.05;
    fixed ||= p !== null && p < 0.05;
  }
  return { sequential, fixed };
};

/** Distance of p-values from the uniform distribution, as a p of its own. */
const testUniform = (pValues: readonly number[]): number => {
  const sorted = [...pValues].sort((x, y) => x - y);
  const n = sorted.length;
  const gap = Math.max(...sorted.map((p, i) => Math.max((i + 1) / n - p, p - i / n)));
  return kolmogorovUpperTail(gap, n);
};

describe('an A/A test', () => {
  it.each([
    ['normal', (random: ReturnType<typeof createRandomStream>) => () => random.nextNormal()],
    [
      'heavy-tailed',
      (random: ReturnType<typeof createRandomStream>) => () => Math.exp(0.75 * random.nextNormal()),
    ],
    [
      'yes or no',
      (random: ReturnType<typeof createRandomStream>) => () => (random.nextUniform() < 0.3 ? 1 : 0),
    ],
  ])('with %s values looked at every 50 units rejects at most alpha', (name, open) => {
    const draw = open(createRandomStream(`peeking ${name}`));
    const runs = Array.from({ length: 1000 }, () => peek(draw, draw, 60));
    const sequential = runs.filter((run) => run.sequential).length / runs.length;
    const fixed = runs.filter((run) => run.fixed).length / runs.length;
    expect(sequential).toBeLessThanOrEqual(0.05);
    // What peeking costs without it, and the proof that this test can fail.
    expect(fixed).toBeGreaterThan(0.15);
  });

  it('has uniform p-values, of means and of ranks', () => {
    const random = createRandomStream('uniform p');
    const pairs = Array.from(
      { length: 2000 },
      () => [take(60, random.nextNormal), take(60, random.nextNormal)] as const,
    );
    const welch = pairs.map(([a, b]) => compareMeans(computeMoments(a), computeMoments(b)).p ?? 2);
    const ranks = pairs.map(([a, b]) => compareRanks(a, b).pAsymptotic ?? 2);
    expect(testUniform(welch)).toBeGreaterThan(0.01);
    expect(testUniform(ranks)).toBeGreaterThan(0.01);
    expect(testUniform(welch.map((p) => p ** 1.2))).toBeLessThan(0.01);
  });
});

describe('an A/B test', () => {
  it('of means finds the planned effect with the planned power, within 3 points', () => {
    const random = createRandomStream('power of means');
    const d = 0.4;
    const { nA, nB } = planMeansSampleSize({ d, alpha: 0.05, power: 0.8, ratio: 1.5 });
    const found = Array.from({ length: 4000 }, () => {
      const a = computeMoments(take(nA, random.nextNormal));
      const b = computeMoments(take(nB, () => d + random.nextNormal()));
      return (compareMeans(a, b).p ?? 1) < 0.05;
    }).filter(Boolean).length;
    expect(Math.abs(found / 4000 - 0.8)).toBeLessThan(0.03);
    expect(computeMeansPower({ d, nA, nB, alpha: 0.05 }).power).toBeGreaterThanOrEqual(0.8);
  });

  it('of rates finds the planned effect with the planned power, within 3 points', () => {
    const random = createRandomStream('power of rates');
    const { nA, nB } = planRatesSampleSize({ rateA: 0.1, rateB: 0.16, alpha: 0.05, power: 0.8, ratio: 1 });
    const count = (n: number, rate: number): number =>
      take(n, random.nextUniform).filter((u) => u < rate).length;
    const found = Array.from({ length: 3000 }, () => {
      const a = { x: count(nA, 0.1), n: nA };
      const b = { x: count(nB, 0.16), n: nB };
      return (compareRates(a, b).p ?? 1) < 0.05;
    }).filter(Boolean).length;
    expect(Math.abs(found / 3000 - 0.8)).toBeLessThan(0.03);
  });

  it('stops early and in the right direction under the confidence sequence', () => {
    const random = createRandomStream('detection');
    const runs = Array.from({ length: 200 }, () =>
      peek(random.nextNormal, () => 0.3 + random.nextNormal(), 40),
    );
    expect(runs.filter((run) => run.sequential).length / runs.length).toBeGreaterThan(0.95);
  });
});
