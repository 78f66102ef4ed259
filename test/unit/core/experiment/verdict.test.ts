import { describe, expect, it } from 'vitest';
import { createRandomStream } from '../../../../src/core/stats/random.ts';
import { analyze, describeExperiment, judge, metricNamed, unitsOf } from '../../../helpers/observed.ts';

/** So many normal values; the same in every run. */
const draw = (count: number, mean: number, sd: number, seed: string): number[] => {
  const random = createRandomStream(seed);
  return Array.from({ length: count }, () => mean + sd * random.nextNormal());
};

const noMetrics: Readonly<Record<string, number>> = {};

const pair = (control: readonly number[], treatment: readonly number[]) => unitsOf({ control, treatment });

const failing = (count: number, errors: number) =>
  Array.from({ length: count }, (_, at) => ({
    status: at < errors ? ('error' as const) : ('success' as const),
    metrics: { quality: 0.7 + (at % 7) / 100 },
  }));

const guarded = describeExperiment({
  guardrails: [{ metric: 'error_rate', bound: { kind: 'absolute', by: 0.02 } }],
});

describe('the verdict of an experiment', () => {
  it.each([
    ['invalid', describeExperiment(), pair(draw(700, 1, 1, 'a'), draw(500, 1, 1, 'b')), null],
    ['insufficient', describeExperiment(), pair(draw(60, 1, 1, 'a'), draw(60, 9, 1, 'b')), null],
    ['reject', guarded, unitsOf({ control: failing(1000, 10), treatment: failing(1000, 120) }), 'control'],
    ['ship', describeExperiment(), pair(draw(600, 10, 2, 'a'), draw(600, 11, 2, 'b')), 'treatment'],
    ['keep-control', describeExperiment(), pair(draw(600, 11, 2, 'a'), draw(600, 10, 2, 'b')), 'control'],
    [
      'equivalent',
      describeExperiment({ mde: { value: 0.5, relative: false } }),
      pair(draw(900, 10, 1, 'a'), draw(900, 10, 1, 'b')),
      null,
    ],
    ['continue', describeExperiment(), pair(draw(300, 10, 5, 'a'), draw(300, 10, 5, 'b')), null],
    ['no-decision', describeExperiment(), pair(draw(1000, 10, 5, 'a'), draw(1000, 10, 5, 'c')), null],
  ] as const)('is %s', (verdict, experiment, records, winner) => {
    expect(judge(experiment, records)).toMatchObject({ verdict, winner });
  });

  it('is review when one metric gains and another loses without weights', () => {
    const experiment = describeExperiment({
      metrics: [metricNamed('quality'), metricNamed('latency_ms', { direction: 'lower' })],
    });
    const both = (quality: readonly number[], latency: readonly number[]) =>
      quality.map((value, at) => ({ metrics: { quality: value, latency_ms: latency[at] ?? 0 } }));
    const records = unitsOf({
      control: both(draw(600, 10, 2, 'a'), draw(600, 800, 100, 'c')),
      treatment: both(draw(600, 11, 2, 'b'), draw(600, 900, 100, 'd')),
    });
    expect(judge(experiment, records)).toMatchObject({ verdict: 'review', winner: null });
    const weighted = describeExperiment({
      metrics: [
        metricNamed('quality', { weight: 0.9 }),
        metricNamed('latency_ms', { direction: 'lower', weight: 0.1 }),
      ],
    });
    expect(judge(weighted, records)).toMatchObject({ verdict: 'ship', winner: 'treatment' });
  });

  it('is review when values of the metric that gains are missing unevenly', () => {
    const holes = draw(600, 11, 2, 'b').map((quality, at) => ({
      metrics: at < 90 ? noMetrics : { quality },
    }));
    const records = unitsOf({ control: draw(600, 10, 2, 'a'), treatment: holes });
    expect(judge(describeExperiment(), records)).toMatchObject({ verdict: 'review', winner: null });
  });

  it('never ships past a failed guardrail, however high the score', () => {
    const experiment = describeExperiment({
      metrics: [metricNamed('quality', { weight: 1 }), metricNamed('speed', { weight: 1 })],
      guardrails: guarded.guardrails,
    });
    const runs = (mean: number, errors: number, seed: string) =>
      draw(800, mean, 1, seed).map((quality, at) => ({
        status: at < errors ? ('error' as const) : ('success' as const),
        metrics: { quality, speed: quality },
      }));
    const records = unitsOf({ control: runs(1, 8, 'a'), treatment: runs(9, 120, 'b') });
    expect(judge(experiment, records)).toMatchObject({ verdict: 'reject', winner: 'control' });
  });

  it('picks the better of two variants that both beat control, and leaves out one that breaks a guardrail', () => {
    const variants = [
      { name: 'control', version: '1.0.0', weight: 1, contentHash: null },
      { name: 'warm', version: '1.1.0', weight: 1, contentHash: null },
      { name: 'short', version: '1.2.0', weight: 1, contentHash: null },
    ] as const;
    const values = {
      control: draw(600, 10, 2, 'a'),
      warm: draw(600, 11, 2, 'b'),
      short: draw(600, 12, 2, 'c'),
    };
    const experiment = describeExperiment({ variants });
    expect(judge(experiment, unitsOf(values))).toMatchObject({ verdict: 'ship', winner: 'short' });
    const slow = (list: readonly number[], latency: number) =>
      list.map((quality, at) => ({ metrics: { quality, latency_ms: latency + (at % 10) } }));
    const records = unitsOf({
      control: slow(values.control, 800),
      warm: slow(values.warm, 800),
      short: slow(values.short, 1200),
    });
    const strict = describeExperiment({
      variants,
      guardrails: [{ metric: 'latency_ms', bound: { kind: 'relative', by: 0.2 } }],
    });
    expect(judge(strict, records)).toMatchObject({ verdict: 'ship', winner: 'warm' });
  });

  it('never lets a metric win by being higher when lower is better', () => {
    const experiment = describeExperiment({ metrics: [metricNamed('quality', { direction: 'lower' })] });
    const higher = judge(experiment, pair(draw(600, 10, 2, 'a'), draw(600, 11, 2, 'b')));
    expect(higher).toMatchObject({ verdict: 'keep-control', winner: 'control' });
    const lower = judge(experiment, pair(draw(600, 11, 2, 'a'), draw(600, 10, 2, 'b')));
    expect(lower).toMatchObject({ verdict: 'ship', winner: 'treatment' });
  });

  it('waits for a guardrail that is still open, and asks a person at the end', () => {
    const experiment = describeExperiment({
      guardrails: [{ metric: 'error_rate', bound: { kind: 'absolute', by: 0.001 } }],
    });
    const runs = (count: number, mean: number, seed: string) =>
      draw(count, mean, 1, seed).map((quality, at) => ({
        status: at % 20 === 0 ? ('error' as const) : ('success' as const),
        metrics: { quality },
      }));
    const at = (count: number) => unitsOf({ control: runs(count, 1, 'a'), treatment: runs(count, 2, 'b') });
    expect(judge(experiment, at(400)).verdict).toBe('continue');
    expect(judge(experiment, at(1000)).verdict).toBe('review');
  });

  it.each([
    ['nothing observed', [], 'Not enough data: nothing was observed yet.'],
    [
      'one unit',
      unitsOf({ control: [1] }),
      'Not enough data: treatment was never seen; check that it is served and recorded.',
    ],
    [
      'a variant that was never exposed',
      unitsOf({ control: draw(10, 1, 1, 'a') }),
      'Not enough data: treatment was never seen; check that it is served and recorded.',
    ],
    [
      'constant values',
      pair(Array<number>(300).fill(0.7), Array<number>(300).fill(0.7)),
      'Not enough data: the values of quality do not vary, so nothing can be tested.',
    ],
    [
      'a metric that nobody recorded',
      unitsOf({ control: failing(200, 0), treatment: failing(200, 0) }).map((record) => ({
        ...record,
        metrics: noMetrics,
      })),
      'Not enough data: no unit of one of the variants has a value of quality; check that it is recorded under this name.',
    ],
  ] as const)('says why there is none: %s', (_, records, sentence) => {
    expect(judge(describeExperiment(), records)).toEqual({ verdict: 'insufficient', winner: null, sentence });
  });

  it('calls a test broken when a variant that has weight was never seen', () => {
    expect(judge(describeExperiment(), unitsOf({ control: draw(200, 1, 1, 'a') }))).toEqual({
      verdict: 'invalid',
      winner: null,
      sentence: 'This test is broken: treatment was never seen; check that it is served and recorded.',
    });
  });

  it('never says that a variant was not seen when all its units met another one too', () => {
    const records = draw(200, 1, 1, 'a').flatMap((quality, at) =>
      ['control', 'treatment'].map((variant) => ({ variant, unit: `u${at}`, metrics: { quality } })),
    );
    expect(judge(describeExperiment(), records).sentence).toBe(
      'This test is broken: 200 units (100 %) met more than one variant; make the assignment sticky and start again.',
    );
  });

  it('does not believe a split in which units met several variants', () => {
    const twice = draw(200, 1, 1, 'a').flatMap((quality, at) =>
      ['control', 'treatment'].map((variant) => ({ variant, unit: `u${at}`, metrics: { quality } })),
    );
    const records = [...pair(draw(600, 10, 2, 'a'), draw(600, 11, 2, 'b')), ...twice];
    const { verdict, sentence } = judge(describeExperiment(), records);
    expect(verdict).toBe('invalid');
    expect(sentence).toBe(
      'This test is broken: 200 units (14 %) met more than one variant; make the assignment sticky and start again.',
    );
  });
});

describe('the sentence of a verdict', () => {
  const three = [
    { name: 'control', version: '1.0.0', weight: 1, contentHash: null },
    { name: 'warm', version: '1.1.0', weight: 1, contentHash: null },
    { name: 'short', version: '1.2.0', weight: 1, contentHash: null },
  ] as const;
  const slow = (list: readonly number[], latency: number) =>
    list.map((quality, at) => ({ metrics: { quality, latency_ms: latency + (at % 10) } }));
  const bounded = { metric: 'latency_ms', bound: { kind: 'relative', by: 0.2 } } as const;

  it('says only of the winner that its guardrails hold', () => {
    const records = unitsOf({
      control: slow(draw(600, 10, 2, 'a'), 800),
      warm: slow(draw(600, 11, 2, 'b'), 800),
      short: slow(draw(600, 12, 2, 'c'), 1200),
    });
    const { sentence } = judge(describeExperiment({ variants: three, guardrails: [bounded] }), records);
    expect(sentence).toMatch(/^Ship warm: quality \+.*; its guardrails hold\.$/);
  });

  it('names the variant that breaks a guardrail beside one that is worse', () => {
    const records = unitsOf({
      control: slow(draw(600, 10, 2, 'a'), 800),
      warm: slow(draw(600, 9, 2, 'b'), 800),
      short: slow(draw(600, 12, 2, 'c'), 1200),
    });
    const { verdict, sentence } = judge(
      describeExperiment({ variants: three, guardrails: [bounded] }),
      records,
    );
    expect(verdict).toBe('keep-control');
    expect(sentence).toMatch(
      /^Keep control: quality -.* in warm, short breaks the guardrail on latency_ms\.$/,
    );
  });

  it('does not call everything uncertain when one variant is surely worse', () => {
    const records = unitsOf({
      control: draw(400, 10, 2, 'a'),
      warm: draw(400, 9, 2, 'b'),
      short: draw(400, 10, 2, 'c'),
    });
    const { verdict, sentence } = judge(describeExperiment({ variants: three }), records);
    expect(verdict).toBe('continue');
    expect(sentence).toMatch(
      /^Go on: quality -.* in warm, but no difference is certain of short after 400 units/,
    );
  });

  it('says why an experiment that was stopped early has no decision', () => {
    const records = pair(draw(300, 10, 5, 'a'), draw(300, 10, 5, 'b'));
    expect(judge(describeExperiment({ state: 'stopped' }), records)).toMatchObject({
      verdict: 'no-decision',
      sentence:
        'No decision: the experiment has ended, and after 300 units a variant no difference is certain.',
    });
  });

  it('counts what an open guardrail needs, not what the metrics need', () => {
    const runs = (mean: number, seed: string) =>
      draw(400, mean, 1, seed).map((quality, at) => ({
        status: at % 20 === 0 ? ('error' as const) : ('success' as const),
        metrics: { quality },
      }));
    const experiment = describeExperiment({ ...guarded, plannedN: null });
    const records = unitsOf({ control: runs(1, 'a'), treatment: runs(2, 'b') });
    const [guardrail] = analyze(experiment, records).guardrails;
    expect(guardrail).toMatchObject({ outcome: 'inconclusive', moreUnits: expect.any(Number) });
    const more = (guardrail?.moreUnits ?? 0).toLocaleString('en-US');
    expect(judge(experiment, records).sentence).toContain(
      `is still open after 400 units a variant; about ${more} more,`,
    );
  });
});
