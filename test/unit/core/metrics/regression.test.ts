import { describe, expect, it } from 'vitest';
import {
  judgeRegression,
  type RegressionOptions,
  type RegressionSample,
} from '../../../../src/core/metrics/regression.ts';
import { computeMoments } from '../../../../src/core/stats/moments.ts';
import { normalQuantile } from '../../../../src/core/stats/normal.ts';

const sample = (values: readonly number[]): RegressionSample => ({ moments: computeMoments(values), values });

/** Values at the quantiles of a normal distribution: what a sample of it looks like without chance. */
const normal = (count: number, mean: number, sd: number): RegressionSample =>
  sample(Array.from({ length: count }, (_, i) => mean + sd * normalQuantile((i + 0.5) / count)));

const repeat = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

const options = (more: Partial<RegressionOptions> = {}): RegressionOptions => ({
  metric: 'quality',
  direction: 'higher',
  tests: ['welch', 'mann-whitney'],
  confidence: 0.95,
  minEffect: 0.5,
  ...more,
});
const latency = { metric: 'latency_ms', direction: 'lower' } as const;

describe('a regression', () => {
  it.each([
    ['a quality that falls', normal(50, 0.8, 0.1), normal(50, 0.7, 0.1), options(), 'regression'],
    ['a quality that rises', normal(50, 0.7, 0.1), normal(50, 0.8, 0.1), options(), 'no regression'],
    ['a latency that grows', normal(50, 700, 100), normal(50, 800, 100), options(latency), 'regression'],
    ['a latency that falls', normal(50, 800, 100), normal(50, 700, 100), options(latency), 'no regression'],
    [
      'a latency that falls, where both directions count',
      normal(50, 800, 100),
      normal(50, 700, 100),
      options({ ...latency, regressionDirection: 'both' }),
      'regression',
    ],
    [
      'a significant change of 0.2 standard deviations',
      normal(2000, 700, 100),
      normal(2000, 720, 100),
      options(latency),
      'no regression',
    ],
    [
      'the same where less counts',
      normal(2000, 700, 100),
      normal(2000, 720, 100),
      options({ ...latency, minEffect: 0.1 }),
      'regression',
    ],
    [
      'a large change of few values',
      normal(4, 700, 100),
      normal(4, 780, 100),
      options(latency),
      'insufficient',
    ],
    ['no value at all', sample([]), normal(50, 800, 100), options(latency), 'insufficient'],
    ['equal values', sample(repeat(20, 1)), sample(repeat(20, 1)), options(), 'no regression'],
    ['equal values that are worse', sample(repeat(20, 1)), sample(repeat(20, 0)), options(), 'regression'],
  ])('is judged of %s', (_, baseline, current, judged, verdict) => {
    expect(judgeRegression(baseline, current, judged).verdict).toBe(verdict);
  });

  it("has Hedges' g beside Cohen's d, nearer to 0, and an interval", () => {
    const { cohensD, hedgesG, interval, change } = judgeRegression(
      normal(20, 0.8, 0.1),
      normal(20, 0.7, 0.1),
      options(),
    );
    expect(change).toBeCloseTo(-0.1, 10);
    expect(Math.abs(hedgesG ?? 0)).toBeLessThan(Math.abs(cohensD ?? 0));
    expect(cohensD).toBeLessThan(-0.9);
    expect(interval?.[1]).toBeLessThan(0);
  });

  it('is decided by rank for a heavy-tailed metric and by the mean for others, and a disagreement is said', () => {
    const calm = Array.from({ length: 60 }, (_, i) => 700 + i);
    // Two calls in sixty hang: the mean grows fivefold, the ranks hardly move.
    const hanging = sample([...calm.slice(0, 50).map((value) => value + 1), ...repeat(10, 20_000)]);
    const byRank = judgeRegression(sample(calm), hanging, options(latency));
    const byMean = judgeRegression(sample(calm), hanging, options({ metric: 'x', direction: 'lower' }));
    expect([byRank.decidedBy, byMean.decidedBy]).toEqual(['mann-whitney', 'welch']);
    expect([byRank.agreement, byMean.agreement]).toEqual([false, false]);
    expect([byRank.verdict, byMean.verdict]).toEqual(['no regression', 'regression']);
    expect(byRank.recommendation).toContain(
      'The two tests disagree; the test of Mann and Whitney by rank decides',
    );
    expect(byMean.recommendation).toContain("disagree; Welch's test of the mean decides");
  });

  it('asks only the test that is wanted', () => {
    const { tests, agreement, decidedBy } = judgeRegression(
      normal(50, 700, 100),
      normal(50, 800, 100),
      options({ ...latency, tests: ['welch'] }),
    );
    expect([tests.length, agreement, decidedBy]).toEqual([1, null, 'welch']);
  });
});
