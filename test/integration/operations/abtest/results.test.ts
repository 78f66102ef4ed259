import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRandomStream } from '../../../../src/core/stats/random.ts';
import {
  computeSampleSize,
  readResults,
  showExperiment,
  simulateAbtest,
  tickExperiments,
  watchResults,
} from '../../../../src/index.ts';
import { createIn, createTestedRepo, definition, startIn, stopIn } from '../../../helpers/experiments.ts';
import { codeOf } from '../../../helpers/in-workspace.ts';
import { metricLine, writeSegment } from '../../../helpers/metrics-lines.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';
import { call } from '../../../helpers/work-in.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const begun = { now: () => new Date('2026-03-14T00:00:00Z') };
const later = { now: () => new Date('2026-03-15T12:00:00Z') };

/** A running experiment on `quality` alone. */
const makeExperiment = async (fields: Readonly<Record<string, unknown>> = {}): Promise<TempRepo> => {
  const repo = await createTestedRepo();
  repos.push(repo);
  const metrics = [{ name: 'quality', direction: 'higher' }];
  await createIn(repo, { definition: { ...definition, metrics, ...fields } }, begun);
  await startIn(repo, {}, begun);
  return repo;
};

interface Runs {
  readonly count: number;
  readonly gain: number;
  readonly hour?: string;
}

/** Records of as many units in each variant; the treatment gains so much quality. */
const linesOf = ({ count, gain, hour = '10' }: Runs): string[] => {
  const random = createRandomStream(`results ${hour}`);
  return Array.from({ length: 2 * count }, (_, at) => {
    const variant = at % 2 === 0 ? 'control' : 'treatment';
    const quality = 10 + (variant === 'treatment' ? gain : 0) + 2 * random.nextNormal();
    return metricLine({
      ts: `2026-03-14T${hour}:00:00Z`,
      prompt: 'greet',
      version: variant === 'treatment' ? '1.0.1' : '1.0.0',
      experiment: 'tone',
      variant,
      unit: `${hour}-${at}`,
      status: 'success',
      metrics: { quality },
    });
  });
};

const record = (repo: TempRepo, runs: Runs): void => writeSegment(repo, '2026-03-14.jsonl', linesOf(runs));
const results = (repo: TempRepo, request: object = {}) =>
  call(repo, readResults, { id: 'tone', ...request }, later);

describe('the results of an experiment', () => {
  it('ship a treatment that is better, and say so in one sentence made of the figures', async () => {
    const repo = await makeExperiment({ plannedN: 1000 });
    record(repo, { count: 400, gain: 1 });
    const found = await results(repo);
    const [row] = found.metrics;
    expect(found).toMatchObject({ verdict: 'ship', winner: 'treatment', isDecided: true });
    expect(row).toMatchObject({ metric: 'quality', outcome: 'better', control: { n: 400, missing: 0 } });
    const percent = Number(((row?.relative ?? 0) * 100).toPrecision(2));
    expect(found.sentence).toContain(`quality +${percent} %`);
    expect(found.progress).toMatchObject({ unitsPerVariant: 400, plannedN: 1000, days: 1.5, maxDays: 7 });
  });

  it('read only records of this experiment and prompt', async () => {
    const repo = await makeExperiment();
    const others = linesOf({ count: 50, gain: 0, hour: '11' }).map((line) =>
      line.replace('"tone"', '"other"'),
    );
    writeSegment(repo, '2026-03-14.jsonl', [...linesOf({ count: 150, gain: 0 }), ...others]);
    expect((await results(repo)).variants.map(({ units }) => units)).toEqual([150, 150]);
  });

  it('tell the same from a file as from the log, with the same units where a name needs escapes', async () => {
    const repo = await makeExperiment();
    const plain = linesOf({ count: 120, gain: 1 });
    const escaped = plain.map((line) => line.replace(/"unit":"(\d)/, '"unit":"\\u003$1'));
    writeSegment(repo, '2026-03-14.jsonl', plain);
    writeFileSync(join(repo.dir, 'other.jsonl'), [...plain, ...escaped.map(renumber)].join('\n'));
    const fromLog = await results(repo);
    const fromFile = await results(repo, { metrics: 'other.jsonl' });
    expect(fromFile.variants.map(({ units, records }) => [units, records])).toEqual([
      [120, 240],
      [120, 240],
    ]);
    expect(fromLog.variants.map(({ units }) => units)).toEqual([120, 120]);
  });

  it('are the same whichever segments and writers the log is divided among, cold and warm', async () => {
    const repo = await makeExperiment({ guardrails: [{ metric: 'error_rate', bound: '+2pp' }] });
    const days = ['10', '11', '12'].flatMap((hour) => linesOf({ count: 70, gain: 1, hour }));
    // A unit with records on both days, and one that met both variants in two segments.
    const again = days.slice(0, 8).map(renumber);
    const crossed = days
      .slice(0, 1)
      .map((line) => renumber(renumber(line)).replace('"variant":"control"', '"variant":"treatment"'));
    const lines = [...days, ...again, ...crossed];
    writeFileSync(join(repo.dir, 'whole.jsonl'), lines.join('\n'));
    const writers = ['a', 'b', 'c'];
    for (const [at, writer] of writers.entries())
      writeSegment(
        repo,
        `2026-03-14.${writer}.jsonl`,
        lines.filter((_, line) => line % writers.length === at),
      );
    const figuresOf = async (request: object = {}) => {
      const { metrics, guardrails, variants, validity, verdict, sentence } = await results(repo, request);
      return { metrics, guardrails, variants, validity, verdict, sentence };
    };
    const whole = await figuresOf({ metrics: 'whole.jsonl' });
    expect(whole.variants.map(({ units }) => units)).toEqual([209, 210]);
    const [cold, warm] = [await figuresOf(), await figuresOf()];
    expect(warm).toEqual(cold);
    expect(roundAll(cold)).toEqual(roundAll(whole));
  });

  it('name the first units that met several variants, and keep the names out of the file', async () => {
    const repo = await makeExperiment();
    const lines = linesOf({ count: 150, gain: 0 });
    const other = lines
      .slice(10, 20)
      .map((line) => renumber(line).replace(/"variant":"\w+"/, '"variant":"control"'));
    writeSegment(repo, '2026-03-14.jsonl', [...lines, ...other]);
    const found = await results(repo);
    expect(found.crossedUnits).toEqual(['10-11', '10-13', '10-15']);
    expect(found.validity.crossed).toMatchObject({ units: 5, ok: false });
    expect(found.sentence).toContain('5 units (1.7 %) met more than one variant');
    await stopIn(repo, {}, later);
    const text = repo.git('show', 'HEAD:.promptv/experiments/tone.yaml');
    expect(text).toContain('crossed:');
    expect(text).not.toContain('10-11');
  });

  it('say which metric nobody recorded, and which there are', async () => {
    const repo = await makeExperiment({ guardrails: [{ metric: 'latency', bound: '+20%' }] });
    record(repo, { count: 40, gain: 0 });
    const { warnings } = await results(repo, { metric: ['qualty'] });
    expect(warnings.map(({ message }) => message)).toEqual([
      'No record here has the metric qualty; they have quality.',
      'No record here has the metric latency; they have quality.',
    ]);
    expect((await results(repo)).warnings).toHaveLength(1);
  });

  it('are of the last phase alone, unless another is asked for', async () => {
    const repo = await makeExperiment();
    await startIn(repo, { weights: { treatment: 80 } }, { now: () => new Date('2026-03-14T12:00:00Z') });
    writeSegment(repo, '2026-03-14.jsonl', [
      ...linesOf({ count: 40, gain: 0 }),
      ...linesOf({ count: 60, gain: 0, hour: '13' }),
    ]);
    const last = await results(repo);
    expect(last).toMatchObject({ phase: { number: 2, count: 2 }, variants: [{ units: 60 }, { units: 60 }] });
    const first = await results(repo, { phase: 1 });
    expect(first).toMatchObject({
      phase: { number: 1 },
      variants: [{ units: 40, weight: 50 }, { units: 40 }],
    });
    expect(await codeOf(results(repo, { phase: 3 }))).toBe('PHASE_NOT_FOUND');
  });

  it('give the classical test at the planned number of units, and not before', async () => {
    const repo = await makeExperiment({ plannedN: 300 });
    record(repo, { count: 200, gain: 1 });
    expect(await codeOf(results(repo, { mode: 'fixed' }))).toBe('FIXED_TOO_EARLY');
    record(repo, { count: 300, gain: 1 });
    expect(await results(repo, { mode: 'fixed' })).toMatchObject({ mode: 'fixed', verdict: 'ship' });
    const unplanned = await makeExperiment();
    expect(await codeOf(results(unplanned, { mode: 'fixed' }))).toBe('PLAN_MISSING');
  });

  it('stay with the decision in the file of the experiment', async () => {
    const repo = await makeExperiment();
    record(repo, { count: 400, gain: 1 });
    await stopIn(repo, { winner: 'treatment' }, later);
    const { experiment } = await call(repo, showExperiment, { id: 'tone' });
    const now = await results(repo);
    expect(experiment.decision).toMatchObject({
      verdict: 'ship',
      winner: 'treatment',
      sentence: now.sentence,
    });
    expect(experiment.decision?.numbers).toMatchObject({
      metrics: [{ metric: 'quality', p: now.metrics[0]?.p }],
    });
  });

  it('are shown again when new observations have come', async () => {
    const repo = await makeExperiment();
    record(repo, { count: 120, gain: 0 });
    const watch = new AbortController();
    const seen: number[] = [];
    const onResult = ({ variants }: { readonly variants: readonly { readonly units: number }[] }): void => {
      seen.push(variants[0]?.units ?? 0);
      if (seen.length === 2) watch.abort();
      else record(repo, { count: 130, gain: 0 });
    };
    await call(repo, watchResults, { id: 'tone', until: watch.signal, intervalMs: 1, onResult }, later);
    expect(seen).toEqual([120, 130]);
  });
});

/** Sums depend on the order of their terms in the last bits. */
const roundAll = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'number' ? Number(each.toPrecision(10)) : each,
  );

/** The same record as another run. */
const renumber = (line: string): string => line.replace(/"id":"/, '"id":"again-');

describe('a tick', () => {
  it('concludes what is decided, once, and leaves alone what does not stop by itself', async () => {
    const repo = await makeExperiment({ autoStop: true });
    record(repo, { count: 400, gain: 1 });
    const dry = await call(repo, tickExperiments, { dryRun: true }, later);
    expect(dry.experiments).toMatchObject([
      { id: 'tone', action: 'concluded', winner: 'treatment', commit: null },
    ]);
    const before = repo.git('rev-list', '--count', 'HEAD');
    const done = await call(repo, tickExperiments, {}, later);
    expect(done.experiments).toMatchObject([{ action: 'concluded', verdict: 'ship' }]);
    expect(repo.git('rev-list', '--count', 'HEAD')).toBe(String(Number(before) + 1));
    expect((await call(repo, tickExperiments, {}, later)).experiments).toEqual([]);
    const other = await makeExperiment();
    record(other, { count: 400, gain: 1 });
    expect(await call(other, tickExperiments, {}, later)).toMatchObject({ experiments: [], left: ['tone'] });
  });

  it('stops without a winner what has no more time, and lets the rest go on', async () => {
    const repo = await makeExperiment({ autoStop: true });
    record(repo, { count: 150, gain: 0 });
    expect((await call(repo, tickExperiments, {}, later)).experiments).toMatchObject([{ action: 'running' }]);
    const over = { now: () => new Date('2026-03-22T00:00:00Z') };
    const { experiments } = await call(repo, tickExperiments, {}, over);
    expect(experiments).toMatchObject([{ action: 'stopped', winner: null, verdict: 'no-decision' }]);
    const { experiment } = await call(repo, showExperiment, { id: 'tone' });
    expect(experiment).toMatchObject({
      state: 'stopped',
      decision: { winner: null, reason: 'abtest tick: its time is over' },
    });
  });
});

describe('planning', () => {
  it('takes baseline, spread and traffic from the log', async () => {
    const repo = await makeExperiment();
    record(repo, { count: 500, gain: 0 });
    const plan = await call(repo, computeSampleSize, { from: 'greet@1.0.0', metric: 'quality', mde: '5%' });
    const { source, goal, total, days } = plan;
    expect(source).toMatchObject({ prompt: 'greet', version: '1.0.0', records: 500, recordsPerDay: 500 });
    expect(goal.baseline).toBeCloseTo(10, 0);
    expect(days).toBe(total / 500);
  });

  it('plans by units where records name them, not by records', async () => {
    const repo = await makeExperiment();
    const lines = linesOf({ count: 200, gain: 0 });
    writeSegment(repo, '2026-03-14.jsonl', [
      ...lines,
      ...lines.map(renumber),
      ...lines.map(renumber).map(renumber),
    ]);
    const ask = { from: 'greet@1.0.0', metric: 'quality', mde: '5%' };
    const named = await call(repo, computeSampleSize, ask);
    expect(named.source).toMatchObject({ records: 600, units: 200, recordsPerDay: 600, unitsPerDay: 200 });
    expect(named.days).toBe(named.total / 200);
    // The same value three times a unit: the spread between units is that of one record a unit.
    record(repo, { count: 200, gain: 0 });
    const once = await call(repo, computeSampleSize, ask);
    expect(named.goal.sd).toBeCloseTo(once.goal.sd ?? 0, 9);
    expect(named.warnings).toEqual([]);
    writeSegment(repo, '2026-03-14.jsonl', [...lines, 'torn']);
    expect((await call(repo, computeSampleSize, ask)).warnings).toMatchObject([
      { code: 'METRICS_LINES_SKIPPED' },
    ]);
    const nameless = lines.map((line) => line.replace(/"unit":"[^"]*",/, ''));
    writeSegment(repo, '2026-03-14.jsonl', nameless);
    const { source, days, total } = await call(repo, computeSampleSize, ask);
    expect(source).toMatchObject({ records: 200, units: null, unitsPerDay: null });
    expect(days).toBe(total / 200);
  });

  it.each([
    [{ type: 'rate', baseline: 0.5, mde: '60pp' }],
    [{ baseline: 5, mde: '1' }],
    [{ baseline: 0, sd: 1, mde: '5%' }],
    [{ mde: '1' }],
    [{ baseline: 5, sd: 1, mde: 'much' }],
    [{ from: 'greet@1.0.0', mde: '5%' }],
  ] as const)('refuses what no plan follows from: %o', async (request) => {
    expect(await codeOf(computeSampleSize(null, request))).toBe('SAMPLE_SIZE_INVALID');
  });

  it('says when a metric is played as what it is not', async () => {
    const repo = await makeExperiment({
      metrics: [
        { name: 'quality', direction: 'higher', kind: 'quantile', quantile: 0.9 },
        { name: 'latency_ms', direction: 'lower' },
      ],
    });
    record(repo, { count: 100, gain: 0 });
    const { warnings } = await call(repo, simulateAbtest, { id: 'tone', runs: 5 });
    expect(warnings.map(({ code }) => code)).toEqual(['METRIC_MISSING', 'METRIC_PLAYED_AS_MEAN']);
  });

  it('plays an experiment with the figures that the log has of its control, the same for the same seed', async () => {
    const repo = await makeExperiment({ mde: '5%', plannedN: 300 });
    record(repo, { count: 300, gain: 0 });
    const play = (seed: string) => call(repo, simulateAbtest, { id: 'tone', runs: 40, seed });
    const first = await play('a');
    expect(first.plan.metrics).toMatchObject([{ name: 'quality', type: 'mean' }]);
    expect(await play('a')).toEqual(first);
    expect(first.sequential.aa.rate).toBeLessThanOrEqual(0.05);
    expect(first.fixed.ab.rate).toBeGreaterThan(0.5);
  });
});

describe('what is written', () => {
  it('is nothing by reading results', async () => {
    const repo = await makeExperiment();
    record(repo, { count: 40, gain: 0 });
    const log = readFileSync(join(repo.dir, '.promptv/metrics/2026-03-14.jsonl'), 'utf8');
    const before = [repo.git('rev-parse', 'HEAD'), repo.git('status', '--porcelain')];
    await results(repo);
    expect(readFileSync(join(repo.dir, '.promptv/metrics/2026-03-14.jsonl'), 'utf8')).toBe(log);
    expect([repo.git('rev-parse', 'HEAD'), repo.git('status', '--porcelain')]).toEqual(before);
  });
});
