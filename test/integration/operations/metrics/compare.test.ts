import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareMetrics, type MetricsCompareRequest } from '../../../../src/operations/metrics/compare.ts';
import { codeOf, saveIn } from '../../../helpers/in-workspace.ts';
import { logNow, logRuns } from '../../../helpers/metric-log.ts';
import { createTempRepo, type TempRepo } from '../../../helpers/temp-repo.ts';
import { call, textPrompt } from '../../../helpers/work-in.ts';

let repo: TempRepo;

const compare = (a: string, b: string, more: Partial<MetricsCompareRequest> = {}) =>
  call(repo, compareMetrics, { name: 'greet', a, b, ...more }, { now: () => logNow });

beforeAll(async () => {
  repo = createTempRepo({ files: { 'prompts/greet.yaml': textPrompt('Hello') } });
  await saveIn(repo, { names: ['greet'] });
  await logRuns(
    repo,
    { version: '1.0.0', count: 200, errors: 4, metrics: { latency_ms: [800, 100], quality: [0.7, 0.1] } },
    { version: '1.1.0', count: 200, errors: 40, metrics: { latency_ms: [700, 100], quality: [0.69, 0.1] } },
    { version: '1.1.0', environment: 'staging', count: 30, metrics: { latency_ms: [700, 100] } },
    { version: '0.9.0', day: '2026-03-02', count: 50, metrics: { latency_ms: [800, 300] } },
  );
});
afterAll(() => repo.remove());

describe('metrics compare', () => {
  it('judges each metric by its direction and says what is missing', async () => {
    const { a, b, metrics, warnings } = await compare('1.0.0', '1.1.0');
    expect([a.records, a.errors, b.records, b.errors, warnings]).toEqual([200, 4, 230, 40, []]);
    expect(metrics.map(({ metric, verdict, test }) => [metric, verdict, test])).toEqual([
      ['error_rate', 'worse', 'proportions'],
      ['latency_ms', 'better', 'welch'],
      ['quality', 'no difference', 'welch'],
    ]);
    expect(metrics[2]?.b).toMatchObject({ count: 200, missing: 30 });
    expect(metrics.every(({ distribution }) => distribution === null)).toBe(true);
  });

  it('compares distributions that have one mean', async () => {
    const { metrics } = await compare('0.9.0', '1.0.0', { metric: ['latency_ms'], distribution: true });
    expect(metrics).toMatchObject([{ verdict: 'no difference', distribution: { verdict: 'different' } }]);
    expect(metrics[0]?.distribution?.sampled).toEqual({ a: 50, b: 200, seed: null });
  });

  it('takes periods, environments and selectors for sides', async () => {
    const periods = await compare('2026-03-02..10d', '24h', { metric: ['latency_ms'] });
    expect([periods.a.records, periods.b.records, periods.a.version]).toEqual([50, 430, null]);
    const inStaging = await compare('1.0.0', '1.1.0', { environment: 'staging', metric: ['latency_ms'] });
    expect(inStaging).toMatchObject({
      a: { records: 0 },
      b: { records: 30 },
      metrics: [{ verdict: 'insufficient', reason: 'insufficient-data', change: null }],
    });
    expect((await compare('latest', '1.1.0')).a.version).toBe('1.0.0');
  });

  it('looks at the records that conditions leave, but at no version beside that of the side', async () => {
    const where = [{ field: 'status', value: 'error' }];
    const { a, b, coverage } = await compare('1.0.0', '1.1.0', { where });
    expect([a.records, b.records, coverage.records]).toEqual([4, 40, 480]);
    const byVersion = { where: [{ field: 'version', value: '1.0.0' }] };
    expect(await codeOf(compare('1.0.0', '1.1.0', byVersion))).toBe('METRICS_FIELD_TAKEN');
    expect((await compare('2026-03-02..10d', '24h', byVersion)).b.records).toBe(200);
    expect(await codeOf(compare('1.0.0', '1.1.0', { where: [{ field: 'colour', value: 'x' }] }))).toBe(
      'METRICS_FIELD_UNKNOWN',
    );
  });

  it('refuses what is neither a version nor a period', async () => {
    expect(await codeOf(compare('1.0.0', '3.0.0'))).toBe('VERSION_NOT_FOUND');
    expect(await codeOf(compare('7d..14d', '1.0.0'))).toBe('PERIOD_INVALID');
  });

  it('reads a file in place of the log and says which lines are none', async () => {
    const line = (version: string, id: number) =>
      JSON.stringify({
        ts: '2026-03-01T00:00:00Z',
        prompt: 'greet',
        version,
        id: `${id}`,
        metrics: { x: id },
      });
    repo.write('other.jsonl', `${line('1.0.0', 1)}\nnonsense\n${line('1.1.0', 2)}\n`);
    const { metrics, warnings } = await compare('1.0.0', '1.1.0', { metrics: 'other.jsonl' });
    expect(metrics.map(({ metric, verdict, a }) => [metric, verdict, a.count, a.missing])).toEqual([
      ['error_rate', 'insufficient', 0, 1],
      ['x', 'insufficient', 1, 0],
    ]);
    expect(warnings).toMatchObject([
      { code: 'METRICS_LINES_SKIPPED', message: expect.stringContaining('other.jsonl line 2') },
    ]);
  });
});
