import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MetricsTrendRequest, readTrend } from '../../../../src/operations/metrics/trend.ts';
import { codeOf, saveIn } from '../../../helpers/in-workspace.ts';
import { logNow, logRuns } from '../../../helpers/metric-log.ts';
import { createTempRepo, type TempRepo } from '../../../helpers/temp-repo.ts';
import { call, textPrompt } from '../../../helpers/work-in.ts';

let repo: TempRepo;

const trend = (request: Partial<MetricsTrendRequest> = {}) =>
  call(
    repo,
    readTrend,
    { name: 'greet', metric: 'latency_ms', bucket: 'day', ...request },
    { now: () => logNow },
  );

const back = { prompt: 'back', count: 40 } as const;

beforeAll(async () => {
  repo = createTempRepo({ files: { 'prompts/greet.yaml': textPrompt('Hello', 'type: chat\n') } });
  await saveIn(repo, {});
  const days = Array.from({ length: 10 }, (_, index) => index);
  await logRuns(
    repo,
    ...days.map(
      (index) =>
        ({
          version: index < 6 ? '1.0.0' : '1.1.0',
          day: `2026-03-${String(index + 5).padStart(2, '0')}`,
          count: 30,
          errors: index,
          metrics: { latency_ms: [500 + 50 * index, 20] },
        }) as const,
    ),
    { ...back, version: '1.0.0', day: '2026-03-09', metrics: { latency_ms: [500, 20] } },
    { ...back, version: '1.1.0', day: '2026-03-11', metrics: { latency_ms: [700, 20] } },
    { ...back, version: '1.0.0', day: '2026-03-12', metrics: { latency_ms: [500, 20] } },
    { ...back, version: '1.0.0', day: '2026-03-13', metrics: { latency_ms: [500, 20] } },
    { prompt: 'other', version: '1.0.0', day: '2026-01-01', count: 5, metrics: { latency_ms: [1, 0] } },
  );
});
afterAll(() => repo.remove());

describe('metrics trend', () => {
  it('fits a line to the days of the last thirty and marks where the version changed', async () => {
    const { series, changes, since } = await trend({ forecast: 1 });
    expect(since.slice(0, 10)).toBe('2026-02-13');
    expect(series.map(({ key, verdict, points }) => [key, verdict, points.length])).toEqual([
      [null, 'worsening', 10],
    ]);
    expect(Math.round(series[0]?.slope ?? 0)).toBe(50);
    expect(Math.round((series[0]?.forecast[0]?.value ?? 0) / 10)).toBe(100);
    expect(changes).toMatchObject([
      { bucket: '2026-03-11', version: '1.1.0', previousVersion: '1.0.0', comparison: { verdict: 'worse' } },
    ]);
  });

  it('has a line for each version, or type, and one of errors', async () => {
    expect((await trend({ by: 'version' })).series.map(({ key }) => key)).toEqual(['1.0.0', '1.1.0']);
    const byType = await trend({ name: undefined, by: 'type', since: '90d' });
    expect(byType.series.map(({ key }) => key)).toEqual([null, 'chat']);
    const errors = await trend({ metric: 'error_rate' });
    expect(errors.series[0]?.points.at(-1)).toMatchObject({ value: 0.3, count: 30 });
  });

  it('puts records into the buckets of the time zone', async () => {
    const { series } = await trend({ timeZone: 'Asia/Tokyo' });
    expect(series[0]?.points.at(-1)?.bucket).toBe('2026-03-15');
    expect(await codeOf(trend({ timeZone: 'Nowhere/Land' }))).toBe('TIME_ZONE_UNKNOWN');
    expect(await codeOf(trend({ since: 'soon' }))).toBe('TIME_INVALID');
  });

  it('keeps an empty bucket as a gap, and marks where a version came back', async () => {
    const { series, changes } = await trend({ name: 'back' });
    expect(series[0]?.points.map(({ bucket, value }) => [bucket, value === null])).toEqual([
      ['2026-03-09', false],
      ['2026-03-10', true],
      ['2026-03-11', false],
      ['2026-03-12', false],
      ['2026-03-13', false],
    ]);
    const told = changes.map(({ bucket, version, previousVersion, kind, comparison }) => [
      ...[bucket, previousVersion, version, kind],
      [comparison.verdict, comparison.a.count, comparison.b.count],
    ]);
    expect(told).toEqual([
      ['2026-03-11', '1.0.0', '1.1.0', 'appears', ['worse', 40, 40]],
      ['2026-03-12', '1.1.0', '1.0.0', 'takes over', ['better', 40, 80]],
    ]);
  });

  it('takes conditions, and says which prompt there is none of', async () => {
    const errors = await trend({ metric: 'error_rate', where: [{ field: 'status', value: 'error' }] });
    expect(errors.series[0]?.points.at(-1)).toMatchObject({ value: 1, count: 9 });
    expect((await trend({ metric: 'latncy_ms' })).warnings).toMatchObject([
      { code: 'METRIC_NOT_RECORDED', message: expect.stringContaining('they have latency_ms') },
    ]);
    expect(await codeOf(trend({ name: 'gret' }))).toBe('PROMPT_NOT_FOUND');
    const both = { environment: 'production', where: [{ field: 'environment', value: 'staging' }] };
    expect(await codeOf(trend(both))).toBe('METRICS_FIELD_TAKEN');
  });
});
