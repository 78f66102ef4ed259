import { describe, expect, it } from 'vitest';
import { planSampleSize } from '../../../../src/core/experiment/sample-size.ts';
import { simulateExperiment } from '../../../../src/core/experiment/simulate.ts';
import { compareDistributions } from '../../../../src/core/stats/kolmogorov-smirnov.ts';
import { createRandomStream } from '../../../../src/core/stats/random.ts';
import { analyze, describeExperiment, metricNamed, unitsOf } from '../../../helpers/observed.ts';

const alpha = 0.05;
/** Standard errors of a share over so many runs. */
const errorOf = (share: number, runs: number): number => Math.sqrt((share * (1 - share)) / runs);

describe('an experiment played many times', () => {
  it.each([
    ['a mean', { name: 'quality', type: 'mean', baseline: 10, sd: 3, effect: 1 }],
    ['a rate', { name: 'solved', type: 'rate', baseline: 0.2, sd: 0, effect: 0.05 }],
  ] as const)('claims no more than alpha where there is nothing, looking each 50 units: %s', (_, metric) => {
    const { sequential } = simulateExperiment({
      ...{ metrics: [metric], variants: 2, unitsPerVariant: 1000, lookEvery: 50, runs: 400, seed: 'A/A' },
      ...{ alpha, minUnits: 30 },
    });
    expect(sequential.aa.rate).toBeLessThanOrEqual(alpha);
    expect(sequential.ab.rate).toBeGreaterThan(0.4);
  });

  it('claims no more than alpha of five metrics in three variants together', () => {
    const metrics = Array.from({ length: 5 }, (_, at) => ({
      ...{ name: `m${at}`, type: 'mean' as const, baseline: 0, sd: 1, effect: 0.5 },
    }));
    const { sequential, fixed } = simulateExperiment({
      ...{ metrics, variants: 3, unitsPerVariant: 200, lookEvery: 50, runs: 300, seed: 'family' },
      ...{ alpha, minUnits: 30 },
    });
    expect(sequential.aa.rate).toBeLessThanOrEqual(alpha);
    expect(fixed.aa.rate).toBeLessThanOrEqual(alpha + 3 * errorOf(alpha, 300));
  });

  it.each([
    ['a mean', { type: 'mean', baseline: 100, sd: 20, mde: { value: 6, relative: false } }],
    ['a rate', { type: 'rate', baseline: 0.3, sd: null, mde: { value: 0.1, relative: false } }],
  ] as const)('finds the planned effect as often as planned, within 3 points: %s', (_, goal) => {
    const plan = planSampleSize({ ...goal, alpha, power: 0.8, ratio: 1, variants: 2 });
    const metric = {
      name: 'x',
      type: goal.type,
      baseline: goal.baseline,
      sd: goal.sd ?? 0,
      effect: plan.effect,
    };
    const { fixed } = simulateExperiment({
      ...{ metrics: [metric], variants: 2, unitsPerVariant: plan.control, lookEvery: plan.control },
      ...{ runs: 3000, seed: 'power', alpha, minUnits: 30 },
    });
    expect(Math.abs(fixed.ab.rate - 0.8)).toBeLessThanOrEqual(0.03);
    expect(Math.abs(fixed.aa.rate - alpha)).toBeLessThanOrEqual(4 * errorOf(alpha, 3000));
  });

  it.each([
    ['normal values', 'mean', (x: number) => 10 + 2 * x],
    ['heavy tails', 'mean', (x: number) => 800 * Math.exp(0.5 * x)],
  ] as const)('gives uniform p-values where there is nothing: %s', (_, kind, shape) => {
    const random = createRandomStream('uniform');
    const draw = () => Array.from({ length: 150 }, () => shape(random.nextNormal()));
    const experiment = describeExperiment({ metrics: [metricNamed('quality', { kind })] });
    const ps = Array.from({ length: 400 }, () => {
      const records = unitsOf({ control: draw(), treatment: draw() });
      return analyze(experiment, records, { mode: 'fixed' }).metrics[0]?.p ?? 0;
    });
    const even = Array.from({ length: 4000 }, (_each, at) => (at + 0.5) / 4000);
    expect(compareDistributions(even, ps).p).toBeGreaterThan(0.01);
  });

  it('covers the true difference of a quantile as often as it says, also where units have several values', () => {
    const random = createRandomStream('coverage');
    const metric = metricNamed('latency_ms', { kind: 'quantile', quantile: 0.9, direction: 'lower' });
    const experiment = describeExperiment({ metrics: [metric] });
    const draw = (variant: string) =>
      Array.from({ length: 150 }, (_, at) => {
        const own = random.nextNormal();
        return Array.from({ length: 4 }, () => ({
          ...{ variant, unit: `${variant}-${at}` },
          metrics: { latency_ms: 100 + 10 * own + 5 * random.nextNormal() },
        }));
      }).flat();
    const runs = 300;
    const covered = Array.from({ length: runs }, () => {
      const [row] = analyze(experiment, [...draw('control'), ...draw('treatment')], {
        mode: 'fixed',
      }).metrics;
      const [low, high] = row?.interval ?? [1, -1];
      return low <= 0 && 0 <= high;
    }).filter(Boolean).length;
    expect(covered / runs).toBeGreaterThan(0.95 - 3 * errorOf(0.95, runs));
  });
});
