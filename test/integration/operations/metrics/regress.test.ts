import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectRegression, type MetricsRegressRequest } from '../../../../src/operations/metrics/regress.ts';
import { saveIn } from '../../../helpers/in-workspace.ts';
import { logNow, logRuns } from '../../../helpers/metric-log.ts';
import { createTempRepo, type TempRepo } from '../../../helpers/temp-repo.ts';
import { call, textPrompt } from '../../../helpers/work-in.ts';

let repo: TempRepo;

const regress = (baseline: string, current: string, more: Partial<MetricsRegressRequest> = {}) =>
  call(repo, detectRegression, { name: 'greet', baseline, current, ...more }, { now: () => logNow });

beforeAll(async () => {
  repo = createTempRepo({ files: { 'prompts/greet.yaml': textPrompt('Hello') } });
  await saveIn(repo, { names: ['greet'] });
  const metrics = { quality: [0.8, 0.1], latency_ms: [700, 100] } as const;
  await logRuns(
    repo,
    { version: '1.0.0', day: '2026-03-02', count: 100, errors: 1, metrics },
    { version: '1.1.0', count: 100, errors: 1, metrics },
    { version: '1.2.0', count: 100, errors: 1, metrics: { ...metrics, latency_ms: [900, 100] } },
    { version: '1.3.0', count: 100, errors: 60, metrics: { quality: [0.8, 0.1] } },
    { version: '1.4.0', count: 1, metrics: { latency_ms: [99_000, 0] } },
    { version: '1.4.0', count: 80, metrics },
  );
});
afterAll(() => repo.remove());

describe('metrics regress', () => {
  it('finds none where nothing changed', async () => {
    const result = await regress('1.0.0', '1.1.0');
    expect(result).toMatchObject({ verdict: 'no regression', minEffect: 0.5, confidence: 0.95 });
    expect(result.metrics.map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ['error_rate', 'no regression'],
      ['latency_ms', 'no regression'],
      ['quality', 'no regression'],
    ]);
  });

  it('finds the metric that got worse and says what to do', async () => {
    const { verdict, metrics, recommendation } = await regress('1.0.0', '1.2.0');
    expect(verdict).toBe('regression');
    expect(metrics.filter((one) => one.verdict === 'regression').map(({ metric }) => metric)).toEqual([
      'latency_ms',
    ]);
    expect(metrics[1]).toMatchObject({
      decidedBy: 'mann-whitney',
      agreement: true,
      values: { current: 100 },
    });
    expect(recommendation).toMatch(/^latency_ms rose .* roll it back\.$/);
    expect((await regress('7d..', '2026-03-01..10d')).verdict).not.toBe('regression');
    expect((await regress('1.2.0', '1.0.0')).verdict).toBe('no regression');
    expect((await regress('1.2.0', '1.0.0', { direction: 'both' })).verdict).toBe('regression');
  });

  it('does not pass where a metric of the baseline has gone, and counts errors', async () => {
    const { metrics } = await regress('1.0.0', '1.3.0');
    expect(metrics.map(({ metric, verdict }) => [metric, verdict])).toEqual([
      ['error_rate', 'regression'],
      ['latency_ms', 'insufficient'],
      ['quality', 'no regression'],
    ]);
    const named = await regress('1.0.0', '1.3.0', { metric: ['latency_ms'] });
    expect(named.verdict).toBe('insufficient');
    expect(named.metrics[0]?.missing).toEqual({ baseline: 0, current: 100 });
  });

  it('reports an outlier and keeps it', async () => {
    const { metrics } = await regress('1.0.0', '1.4.0', { metric: ['latency_ms'] });
    expect(metrics[0]?.outliers?.current.values[0]).toBe(99_000);
    expect(metrics[0]?.values.current).toBe(81);
    const strict = await regress('1.0.0', '1.4.0', { metric: ['latency_ms'], outlierThreshold: 1e6 });
    expect(strict.metrics[0]?.outliers?.current.count).toBe(0);
  });

  it('says that there is no record, and does not pass', async () => {
    const result = await regress('1.0.0', '1.1.0', { environment: 'staging' });
    expect(result.verdict).toBe('insufficient');
    expect(result.recommendation).toBe('The log has no record of 1.0.0: nothing can be said.');
    repo.write('empty.jsonl', '');
    const empty = await regress('7d', '1d', { metrics: 'empty.jsonl' });
    expect(empty.verdict).toBe('insufficient');
    expect(empty.recommendation).toContain('There is no metrics log');
  });
});
