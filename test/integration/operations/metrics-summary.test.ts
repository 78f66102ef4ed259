import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MetricsSummaryRequest, summarizeMetrics } from '../../../src/operations/metrics/summary.ts';
import { formatMetricsSummary } from '../../../src/report/metrics/summary.ts';
import { codeOf, inWorkspace, saveIn } from '../../helpers/in-workspace.ts';
import { metricLine, writeSegment } from '../../helpers/metrics-lines.ts';
import { promoteIn } from '../../helpers/promote-in.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';
import { textPrompt } from '../../helpers/work-in.ts';

describe('metrics summary', () => {
  let repo: TempRepo;
  beforeAll(async () => {
    repo = createTempRepo();
    repo.write('prompts/a.yaml', textPrompt('one'));
    repo.write('prompts/quiet.yaml', textPrompt('two'));
    await saveIn(repo);
    await promoteIn(repo, { prompt: 'a', version: '1.0.0', environment: 'production' });
    const at = (hour: string, more: object) => metricLine({ ts: `2026-03-01T${hour}:00:00Z`, ...more });
    writeSegment(repo, '2026-03-01.jsonl', [
      at('10', { model: 'm1', status: 'success', metrics: { latency_ms: 100, cost_usd: 0.5 } }),
      at('11', { model: 'm1', status: 'success', metrics: { latency_ms: 300 } }),
      'half a li',
      at('23', {
        model: 'm2',
        status: 'error',
        error: 'timeout',
        meta: { team: 'x' },
        metrics: { cost_usd: 0.25 },
      }),
      at('12', { prompt: 'b', version: '2.0.0', metrics: { latency_ms: 50 } }),
    ]);
  });
  afterAll(() => repo.remove());

  const summarize = (request: MetricsSummaryRequest = {}) =>
    inWorkspace(repo, (workspace) => summarizeMetrics(workspace, request));

  it('gives every figure of a group, first and last seen, cost and success', async () => {
    const { groups, by } = await summarize({ prompts: ['a'] });
    expect(by).toEqual(['prompt']);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({
      key: { prompt: 'a' },
      count: 3,
      errors: 1,
      errorRate: 1 / 3,
      successRate: 2 / 3,
      totalCostUsd: 0.75,
      meanCostUsd: 0.375,
      firstSeen: '2026-03-01T10:00:00.000Z',
      lastSeen: '2026-03-01T23:00:00.000Z',
    });
    expect(groups[0]?.metrics.latency_ms).toEqual({
      count: 2,
      missing: 1,
      mean: 200,
      sd: Math.sqrt(20_000),
      min: 100,
      p25: 150,
      p50: 200,
      p75: 250,
      p95: 290,
      p99: 298,
      max: 300,
      sum: 400,
      direction: 'lower',
      reason: null,
    });
  });

  it('gives null with a reason where there are too few values', async () => {
    const { groups } = await summarize({ prompts: ['b'] });
    expect(groups[0]?.metrics.latency_ms).toMatchObject({ count: 1, sd: null, reason: 'insufficient-data' });
  });

  it('knows the status of a version, and keeps versions of several prompts apart', async () => {
    const { groups, by } = await summarize({ by: ['version'] });
    expect(by).toEqual(['prompt', 'version']);
    expect(groups.map(({ key, status }) => [key, status])).toEqual([
      [{ prompt: 'a', version: '1.0.0' }, 'production'],
      [{ prompt: 'b', version: '2.0.0' }, 'draft'],
    ]);
    expect((await summarize({ by: ['version'], prompts: ['a'] })).by).toEqual(['version']);
  });

  it('names lines that cannot be read, by segment and line, and goes on', async () => {
    const { coverage, warnings } = await summarize();
    expect(coverage).toMatchObject({ segments: 1, records: 4, skipped: 1 });
    expect(warnings).toEqual([
      {
        code: 'METRICS_LINES_SKIPPED',
        message: expect.stringContaining('2026-03-01.jsonl line 4'),
      },
    ]);
  });

  it('takes any field, several prompts, limits and an area of days', async () => {
    const conditions = [{ field: 'meta.team', value: 'x' }];
    expect((await summarize({ where: conditions })).groups.map(({ count }) => count)).toEqual([1]);
    expect((await summarize({ prompts: ['a', 'b'] })).groups).toHaveLength(2);
    const limited = await summarize({ since: '2026-03-01T11:00:00Z', until: '2026-03-01T13:00:00+01:00' });
    expect(limited.groups.map(({ key, count }) => [key.prompt, count])).toEqual([['a', 1]]);
    const days = await summarize({ by: ['day'], timeZone: 'Asia/Tokyo', prompts: ['a'] });
    expect(days.groups.map(({ key, count }) => [key.day, count])).toEqual([
      ['2026-03-01', 2],
      ['2026-03-02', 1],
    ]);
  });

  it('echoes a local time with its offset', async () => {
    const { since, sinceLocal } = await summarize({ since: '2026-03-01T10:00' });
    expect(since).toBe(new Date('2026-03-01T10:00').toISOString());
    expect(sinceLocal).toMatch(/^2026-03-01T10:00:00[+-]\d\d:\d\d$/);
  });

  it('reads a file or a stream instead of the log, and says when there is nothing', async () => {
    const line = metricLine({ ts: '2026-04-01T00:00:00Z', prompt: 'c', metrics: { x: 1 } });
    const file = join(repo.root, 'other.jsonl');
    writeFileSync(file, `${line}\n`);
    const fromFile = await summarize({ metrics: file });
    const stream = (async function* () {
      yield Buffer.from(`${line}\n`);
    })();
    const fromStream = await summarize({ metrics: stream });
    expect(fromFile.groups).toMatchObject([{ key: { prompt: 'c' }, count: 1 }]);
    expect(fromStream.groups).toEqual(fromFile.groups);
    const codes = async (request: MetricsSummaryRequest) =>
      (await summarize(request)).warnings.map(({ code }) => code);
    expect(await codes({ prompts: ['quiet'] })).toEqual(['METRICS_NO_RECORDS', 'METRICS_LINES_SKIPPED']);
    const elsewhere = await inWorkspace(repo, (workspace) => summarizeMetrics(workspace, {}), {
      env: { PROMPTV_METRICS_DIR: 'nowhere' },
    });
    expect(elsewhere).toMatchObject({ groups: [], warnings: [{ code: 'METRICS_LOG_MISSING' }] });
  });

  it.each<readonly [string, MetricsSummaryRequest]>([
    ['PROMPT_NOT_FOUND', { prompts: ['nobody'] }],
    ['TIME_INVALID', { since: 'soon' }],
    ['TIME_ZONE_UNKNOWN', { timeZone: 'Mars/Olympus' }],
    ['METRICS_FIELD_UNKNOWN', { by: ['colour'] }],
    ['FILE_NOT_FOUND', { metrics: 'none.jsonl' }],
  ])('refuses with %s', async (code, request) => {
    expect(await codeOf(summarize(request))).toBe(code);
  });

  it('is a table no wider than the terminal, and plain rows of every figure in a pipe', async () => {
    const result = await summarize({ by: ['model'], prompts: ['a'] });
    const now = new Date('2026-03-02T00:00:00Z');
    for (const columns of [80, 200]) {
      const text = formatMetricsSummary(result, { color: false, columns, now });
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(text).toMatch(/^MODEL +RUNS +SUCCESS +LATENCY/m);
      expect(text).toMatch(/^m1 +2 +100 % +200 ms/m);
    }
    const piped = formatMetricsSummary(result, { color: false, columns: null, now });
    expect(piped.split('\n')[1]).toMatch(/^m1\t2\t0\tlatency_ms\t2\t200\t/);
  });
});

describe('the buckets of a time zone', () => {
  let repo: TempRepo;
  const moments = [
    // Out of order, and one from a clock that is hours ahead: the record's own time counts, whatever its segment.
    ['2026-10-25.jsonl', '2026-10-25T01:30:00Z', 'second 02:30'],
    ['2026-10-25.jsonl', '2026-10-25T00:30:00Z', 'first 02:30'],
    ['2026-10-24.jsonl', '2026-10-24T22:30:00Z', 'local 25th'],
    ['2026-03-29.jsonl', '2026-03-29T00:59:59.999Z', 'before the hour that is left out'],
    ['2026-03-29.jsonl', '2026-03-29T01:00:00Z', 'after it'],
    ['2024-02-29.jsonl', '2024-02-29T12:00:00Z', 'leap day'],
    ['2024-02-28.jsonl', '2024-02-29T23:30:00Z', 'skewed into March there'],
  ] as const;
  beforeAll(() => {
    repo = createTempRepo();
    for (const name of new Set(moments.map(([segment]) => segment)))
      writeSegment(
        repo,
        name,
        moments.flatMap(([segment, ts, id]) => (segment === name ? [metricLine({ ts, id })] : [])),
      );
  });
  afterAll(() => repo.remove());

  const bucketsOf = async (bucket: string, timeZone?: string): Promise<(readonly [unknown, number])[]> => {
    const { groups } = await inWorkspace(repo, (workspace) =>
      summarizeMetrics(workspace, { by: [bucket], timeZone }),
    );
    return groups.map(({ key, count }) => [key[bucket], count]);
  };

  it('have a day of 25 hours, one of 23 and a leap day', async () => {
    expect(await bucketsOf('day', 'Europe/Berlin')).toEqual([
      ['2024-02-29', 1],
      ['2024-03-01', 1],
      ['2026-03-29', 2],
      ['2026-10-25', 3],
    ]);
    expect(await bucketsOf('day')).toEqual([
      ['2024-02-29', 2],
      ['2026-03-29', 2],
      ['2026-10-24', 1],
      ['2026-10-25', 2],
    ]);
  });

  it('tell the hour that comes twice apart, and leave out the one that does not come', async () => {
    expect(await bucketsOf('hour', 'Europe/Berlin')).toEqual([
      ['2024-02-29T13+01:00', 1],
      ['2024-03-01T00+01:00', 1],
      ['2026-03-29T01+01:00', 1],
      ['2026-03-29T03+02:00', 1],
      ['2026-10-25T00+02:00', 1],
      ['2026-10-25T02+01:00', 1],
      ['2026-10-25T02+02:00', 1],
    ]);
    expect(await bucketsOf('month', 'Pacific/Auckland')).toEqual([
      ['2024-03', 2],
      ['2026-03', 2],
      ['2026-10', 3],
    ]);
  });
});
