import { describe, expect, it } from 'vitest';
import { computeCoMoments } from '../../../../src/core/stats/co-moments.ts';
import { testDiscordantPairs } from '../../../../src/core/stats/mcnemar.ts';
import { computeMoments, mergeMoments } from '../../../../src/core/stats/moments.ts';
import { comparePairs } from '../../../../src/core/stats/paired.ts';
import { compareRates } from '../../../../src/core/stats/proportions.ts';
import { compareQuantiles } from '../../../../src/core/stats/quantile-effect.ts';
import { createRandomStream } from '../../../../src/core/stats/random.ts';
import { testRateMargin } from '../../../../src/core/stats/rate-gate.ts';
import { compareRatios } from '../../../../src/core/stats/ratio.ts';
import { testRelativeMargin } from '../../../../src/core/stats/relative-gate.ts';
import { compareMeans, compareMeansRelatively } from '../../../../src/core/stats/welch.ts';
import {
  analyze,
  describeExperiment,
  metricNamed,
  type ObservedRecord,
  unitsOf,
} from '../../../helpers/observed.ts';

const draw = (count: number, mean: number, sd: number, seed: string): number[] => {
  const random = createRandomStream(seed);
  return Array.from({ length: count }, () => mean + sd * random.nextNormal());
};
const control = draw(120, 10, 2, 'control');
const treatment = draw(140, 11, 3, 'treatment');
const none: Readonly<Record<string, number>> = {};
const fixed = { mode: 'fixed' } as const;
const rowOf = (
  experiment: Parameters<typeof analyze>[0],
  records: readonly ObservedRecord[],
  options: Parameters<typeof analyze>[2] = fixed,
) => {
  const [row] = analyze(experiment, records, options).metrics;
  if (row === undefined) throw new Error('no metric');
  return row;
};

/** `x` of `n` units said yes. */
const answers = (x: number, n: number) =>
  Array.from({ length: n }, (_, at) => ({ metrics: { quality: at < x ? 1 : 0 } }));

describe('the figures of a metric', () => {
  it('are those of Welch for means, absolute and relative', () => {
    const row = rowOf(describeExperiment(), unitsOf({ control, treatment }));
    const [a, b] = [computeMoments(control), computeMoments(treatment)];
    const welch = compareMeans(a, b, 0.05);
    const relative = compareMeansRelatively(a, b, 0.05);
    expect(row).toMatchObject({
      method: 'welch',
      absolute: welch.diff,
      interval: welch.ci,
      p: welch.p,
      hedgesG: welch.hedgesG,
    });
    expect(row).toMatchObject({
      relative: relative.estimate,
      relativeInterval: relative.ci,
      ranks: { test: 'mann-whitney' },
    });
  });

  it('are those of two proportions for rates, and of Fisher where few are expected', () => {
    const experiment = describeExperiment({ metrics: [metricNamed('quality', { kind: 'rate' })] });
    const many = rowOf(experiment, unitsOf({ control: answers(30, 200), treatment: answers(50, 200) }));
    const rates = compareRates({ x: 30, n: 200 }, { x: 50, n: 200 });
    expect(many).toMatchObject({
      method: 'proportions',
      p: rates.p,
      interval: rates.ciNewcombe,
      cohensH: rates.cohensH,
    });
    const few = rowOf(experiment, unitsOf({ control: answers(1, 60), treatment: answers(6, 60) }));
    expect(few).toMatchObject({
      method: 'fisher',
      p: compareRates({ x: 1, n: 60 }, { x: 6, n: 60 }).pFisher,
    });
  });

  it('are those of the delta method where units have several values, and of ratios', () => {
    const several = (variant: string, values: readonly number[]) =>
      values.flatMap((value, at) =>
        Array.from({ length: 1 + (at % 3) }, (_, again) => ({
          ...{ variant, unit: `${variant}-${at}` },
          metrics: { quality: value + again / 10, requests: 1 },
        })),
      );
    const records = [...several('control', control), ...several('treatment', treatment)];
    const totals = (values: readonly number[]) => {
      const counts = values.map((_, at) => 1 + (at % 3));
      const sums = values.map((value, at) => (counts[at] ?? 1) * value + ([0, 0.1, 0.3][at % 3] ?? 0));
      return computeCoMoments(sums, counts);
    };
    const expected = compareRatios(totals(control), totals(treatment));
    const mean = rowOf(describeExperiment(), records);
    expect(mean.method).toBe('delta');
    expect(mean.control.n).toBe(120);
    expect(mean.absolute).toBeCloseTo(expected.diff ?? 0, 9);
    expect(mean.p).toBeCloseTo(expected.p ?? 0, 9);
    const ratio = metricNamed('quality', { kind: 'ratio', denominator: 'requests' });
    const divided = rowOf(describeExperiment({ metrics: [ratio] }), records);
    expect(divided).toMatchObject({ absolute: mean.absolute, p: mean.p, method: 'delta' });
  });

  it('are those of order statistics for quantiles', () => {
    const metric = metricNamed('quality', { kind: 'quantile', quantile: 0.8 });
    const row = rowOf(describeExperiment({ metrics: [metric] }), unitsOf({ control, treatment }));
    const expected = compareQuantiles(control, treatment, { q: 0.8, alpha: 0.05 });
    expect(row).toMatchObject({ method: 'quantile', absolute: expected.diff, interval: expected.ci });
    expect((row.p ?? 1) < 0.05).toBe((row.interval?.[0] ?? -1) > 0);
  });

  it('are those of pairs where cases are run with every variant', () => {
    const a = control.slice(0, 60);
    const b = treatment.slice(0, 60);
    const cases = (variant: string, values: readonly number[]) =>
      values.map((quality, at) => ({ variant, unit: `case-${at}`, metrics: { quality } }));
    const paired = describeExperiment({ design: 'paired' });
    const row = rowOf(paired, [
      ...cases('control', a),
      ...cases('treatment', b),
      ...cases('treatment', []).slice(),
    ]);
    const expected = comparePairs(a, b);
    expect(row).toMatchObject({
      method: 'paired-t',
      absolute: expected.meanDiff,
      interval: expected.ci,
      p: expected.p,
    });
    expect(row.ranks).toEqual({ test: 'signed-rank', p: expected.pExact ?? expected.pAsymptotic });
    const yes = describeExperiment({ design: 'paired', metrics: [metricNamed('quality', { kind: 'rate' })] });
    const passed = (n: number) => Array.from({ length: 60 }, (_, at) => (at < n ? 1 : 0));
    const rates = rowOf(yes, [...cases('control', passed(20)), ...cases('treatment', passed(35))]);
    expect(rates).toMatchObject({ method: 'mcnemar', p: testDiscordantPairs(0, 15).p, absolute: 0.25 });
  });

  it('pair only cases that both variants have, and count the others as missing', () => {
    const cases = (variant: string, count: number) =>
      control
        .slice(0, count)
        .map((quality, at) => ({ variant, unit: `case-${at}`, metrics: at % 10 === 0 ? none : { quality } }));
    const row = rowOf(describeExperiment({ design: 'paired' }), [
      ...cases('control', 60),
      ...cases('treatment', 40).map((record) => ({ ...record, metrics: { quality: 1 } })),
    ]);
    expect(row.control).toMatchObject({ n: 36, missing: 6 });
    expect(row.treatment).toMatchObject({ n: 36, missing: 0 });
  });

  it('never take a missing value for 0', () => {
    const holes = control.map((quality, at) => ({ metrics: at % 2 === 0 ? { quality } : none }));
    const row = rowOf(describeExperiment(), unitsOf({ control: holes, treatment }));
    const kept = control.filter((_, at) => at % 2 === 0);
    expect(row.control).toMatchObject({ n: 60, missing: 60, value: computeMoments(kept).mean });
  });

  it('have wider intervals and larger p in a sequence than in one look', () => {
    const records = unitsOf({ control, treatment });
    const once = rowOf(describeExperiment(), records);
    const always = rowOf(describeExperiment(), records, { mode: 'sequential' });
    const width = ({ interval }: typeof once) => (interval?.[1] ?? 0) - (interval?.[0] ?? 0);
    expect(width(always)).toBeGreaterThan(width(once));
    expect(always.p ?? 0).toBeGreaterThan(once.p ?? 1);
  });

  it('show no test of the score below the fewest units either', () => {
    const metrics = [metricNamed('quality', { weight: 1 }), metricNamed('speed', { weight: 1 })];
    const both = (values: readonly number[]) =>
      values.map((quality, at) => ({ metrics: { quality, speed: (at * 7) % 11 } }));
    const scoreOf = (count: number) =>
      analyze(
        describeExperiment({ metrics }),
        unitsOf({ control: both(control.slice(0, count)), treatment: both(treatment) }),
      ).score[0];
    expect(scoreOf(29)).toMatchObject({ p: null, interval: null, reason: 'insufficient-data' });
    expect(scoreOf(30)).toMatchObject({ p: expect.any(Number), reason: null });
  });

  it('show no test below the fewest units, and say why', () => {
    const row = rowOf(describeExperiment(), unitsOf({ control: control.slice(0, 29), treatment }));
    expect(row).toMatchObject({
      p: null,
      interval: null,
      outcome: 'insufficient',
      reason: 'insufficient-data',
    });
    expect(row.absolute).not.toBeNull();
  });
});

describe('guardrails', () => {
  const guard = (metric: string, kind: 'absolute' | 'relative', by: number) =>
    describeExperiment({ guardrails: [{ metric, bound: { kind, by } }] });

  it('agree with the gate of means and with the gate of rates', () => {
    const [mean] = analyze(
      guard('quality', 'relative', 0.05),
      unitsOf({ control, treatment }),
      fixed,
    ).guardrails;
    const gate = testRelativeMargin(computeMoments(control), computeMoments(treatment), {
      ...{ margin: 0.05, direction: 'lower', alpha: 0.05 },
    });
    expect(mean).toMatchObject({ slack: gate.slack, interval: gate.ci, outcome: gate.verdict });
    const runs = (errors: number) =>
      Array.from({ length: 400 }, (_, at) => ({
        status: at < errors ? ('error' as const) : ('success' as const),
      }));
    for (const errors of [0, 8, 20, 60]) {
      const records = unitsOf({ control: runs(8), treatment: runs(errors) });
      const [rate] = analyze(guard('error_rate', 'absolute', 0.02), records, fixed).guardrails;
      const rates = testRateMargin(
        { x: 8, n: 400 },
        { x: errors, n: 400 },
        {
          ...{ margin: 0.02, direction: 'lower', alpha: 0.05 },
        },
      );
      expect(rate).toMatchObject({ outcome: rates.verdict, slack: expect.closeTo(rates.slack ?? 0, 12) });
    }
  });

  it.each([
    ['the same in both', 100, 100, 'relative', 0.2, 'pass'],
    ['within the bound', 100, 119, 'relative', 0.2, 'pass'],
    ['beyond the bound', 100, 121, 'relative', 0.2, 'fail'],
    ['the same in both, with an absolute bound', 0, 0, 'absolute', 1, 'pass'],
    ['0 in both, of which a share is no bound', 0, 0, 'relative', 0.2, 'inconclusive'],
  ] as const)('take values that do not vary as they are: %s', (_, a, b, kind, by, outcome) => {
    const constant = (value: number) => Array<number>(100).fill(value);
    const records = unitsOf({ control: constant(a), treatment: constant(b) });
    const [guardrail] = analyze(guard('quality', kind, by), records).guardrails;
    const reason = outcome === 'inconclusive' ? 'zero-baseline' : 'zero-variance';
    expect(guardrail).toMatchObject({ outcome, interval: null, reason });
    const few = unitsOf({ control: constant(a).slice(0, 29), treatment: constant(b) });
    expect(analyze(guard('quality', kind, by), few).guardrails[0]?.outcome).toBe('inconclusive');
  });

  it('do not take a rate without a failure for one that cannot fail', () => {
    const all = (count: number) => Array.from({ length: count }, () => ({ status: 'success' as const }));
    const outcomeOf = (count: number) => {
      const records = unitsOf({ control: all(count), treatment: all(count) });
      return analyze(guard('success_rate', 'relative', -0.02), records).guardrails[0]?.outcome;
    };
    expect([outcomeOf(60), outcomeOf(3000)]).toEqual(['inconclusive', 'pass']);
  });

  it('take the sign of the bound as the way that is worse', () => {
    const lower = unitsOf({ control: treatment, treatment: control });
    const [must] = analyze(guard('quality', 'relative', -0.02), lower, fixed).guardrails;
    expect(must?.outcome).toBe('fail');
    const [may] = analyze(guard('quality', 'relative', 0.02), lower, fixed).guardrails;
    expect(may?.outcome).toBe('pass');
  });
});

describe('shards', () => {
  it('merged give the moments of the whole', () => {
    const whole = computeMoments([...control, ...treatment]);
    const merged = [control.slice(0, 7), control.slice(7), treatment]
      .map(computeMoments)
      .reduce(mergeMoments);
    expect(merged.n).toBe(whole.n);
    expect(merged.mean).toBeCloseTo(whole.mean, 12);
    expect(merged.M2 / whole.M2).toBeCloseTo(1, 12);
  });
});
