import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricRecord } from '../../../src/core/metrics/record.ts';
import { doctor } from '../../../src/operations/doctor.ts';
import { listErrors } from '../../../src/operations/metrics/errors.ts';
import { exportMetrics, type MetricsExportRequest } from '../../../src/operations/metrics/export.ts';
import { type MetricsPruneRequest, pruneMetrics } from '../../../src/operations/metrics/prune.ts';
import { type MetricsTailRequest, tailMetrics } from '../../../src/operations/metrics/tail.ts';
import { codeOf, inWorkspace } from '../../helpers/in-workspace.ts';
import { metricLine, writeSegment } from '../../helpers/metrics-lines.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';

let repo: TempRepo;
beforeAll(() => {
  repo = createTempRepo();
  const at = (ts: string, more: object) => metricLine({ ts, status: 'success', ...more });
  const failed = (ts: string, error: string, region: string) => at(ts, { status: 'error', error, region });
  writeSegment(repo, '2026-03-01.jsonl', [
    at('2026-03-01T10:00:00Z', { id: 'one', metrics: { latency_ms: 100 }, meta: { note: 'a "b", c' } }),
    failed('2026-03-01T11:00:00Z', 'timeout', 'eu'),
    failed('2026-03-01T12:00:00Z', 'timeout', 'us'),
    'garbage',
  ]);
  writeSegment(repo, '2026-03-01.w2.jsonl', [
    at('2026-03-01T10:00:00Z', { id: 'one', metrics: { latency_ms: 999 } }),
    failed('2026-03-01T11:30:00Z', 'rate_limit', 'eu'),
  ]);
  writeSegment(repo, '2026-03-02.jsonl', [
    at('2026-03-02T09:00:00Z', { prompt: 'b', metrics: { quality: 1 } }),
  ]);
});
afterAll(() => repo.remove());

describe('metrics errors', () => {
  it('lists classes by frequency with share, times, versions and regions', async () => {
    const result = await inWorkspace(repo, (workspace) => listErrors(workspace, { prompts: ['a'] }));
    expect(result).toMatchObject({ records: 4, errorCount: 3, errorRate: 3 / 4 });
    expect(result.errors).toEqual([
      {
        error: 'timeout',
        count: 2,
        share: 2 / 3,
        firstSeen: '2026-03-01T11:00:00.000Z',
        lastSeen: '2026-03-01T12:00:00.000Z',
        prompts: [{ value: 'a', count: 2 }],
        versions: [{ value: 'a@1.0.0', count: 2 }],
        regions: [
          { value: 'eu', count: 1 },
          { value: 'us', count: 1 },
        ],
      },
      expect.objectContaining({ error: 'rate_limit', count: 1 }),
    ]);
    expect(result.warnings).toMatchObject([{ code: 'METRICS_LINES_SKIPPED' }]);
  });
});

describe('doctor', () => {
  it('names the lines of the log that cannot be read', async () => {
    const { findings } = await inWorkspace(repo, (workspace) => doctor(workspace, {}));
    expect(findings).toContainEqual(
      expect.objectContaining({
        id: 'METRICS_LINES_INVALID',
        message: expect.stringContaining('2026-03-01.jsonl line 5'),
      }),
    );
  });
});

describe('metrics tail', () => {
  const tail = async (request: Partial<MetricsTailRequest> = {}): Promise<string[]> => {
    const found: MetricRecord[] = [];
    await inWorkspace(repo, (workspace) =>
      tailMetrics(workspace, { onRecord: (record) => found.push(record), ...request }),
    );
    return found.map(({ ts, error = '' }) => `${ts.slice(5, 16)} ${error}`.trim());
  };

  it('gives the last records of all writers in the order of time, a repeated id once', async () => {
    expect(await tail({ limit: 3 })).toEqual([
      '03-01T11:30 rate_limit',
      '03-01T12:00 timeout',
      '03-02T09:00',
    ]);
    expect(await tail()).toHaveLength(5);
    expect(await tail({ prompts: ['a'], where: [{ field: 'region', value: 'eu' }] })).toEqual([
      '03-01T11:00 timeout',
      '03-01T11:30 rate_limit',
    ]);
  });

  it('counts the lines that it could not read on the way', async () => {
    const tailed = await inWorkspace(repo, (workspace) =>
      tailMetrics(workspace, { limit: 100, onRecord: () => undefined }),
    );
    expect(tailed).toMatchObject({
      skipped: 1,
      warnings: [{ message: expect.stringContaining('1 line of 2026-03-01.jsonl') }],
    });
  });

  it('follows what is appended, and a new segment, until it is told to end', async () => {
    const ending = new AbortController();
    const found: string[] = [];
    const folder = join(repo.dir, '.promptv/metrics');
    await inWorkspace(repo, (workspace) =>
      tailMetrics(workspace, {
        limit: 1,
        intervalMs: 1,
        follow: ending.signal,
        where: [{ field: 'model', value: null }],
        onRecord: ({ id = '' }) => {
          found.push(id);
          if (found.length === 1) {
            const half = metricLine({ ts: '2026-03-02T10:00:00Z', id: 'appended' });
            appendFileSync(join(folder, '2026-03-02.jsonl'), `\n${half}\n{"ts":`);
          }
          if (id === 'appended')
            appendFileSync(
              join(folder, '2026-03-03.jsonl'),
              `\nnoise\n${metricLine({ ts: '2026-03-03T00:00:00Z', id: 'other', model: 'm' })}\n${metricLine({ ts: '2026-03-03T00:00:00Z', id: 'new day' })}\n`,
            );
          if (id === 'new day') ending.abort();
        },
      }),
    );
    expect(found.slice(1)).toEqual(['appended', 'new day']);
  });
});

describe('metrics export', () => {
  const exported = async (request: Partial<MetricsExportRequest>): Promise<[string, unknown]> => {
    let text = '';
    const write = (piece: string): void => {
      text += piece;
    };
    const result = await inWorkspace(repo, (workspace) =>
      exportMetrics(workspace, { format: 'jsonl', until: '2026-03-02T00:00:00Z', write, ...request }),
    );
    return [text, result];
  };

  it('writes JSON lines, each id once, the first written', async () => {
    const [text, result] = await exported({});
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(result).toMatchObject({ exported: 4 });
    expect(lines.find(({ id }) => id === 'one')).toMatchObject({ metrics: { latency_ms: 100 } });
  });

  it('writes CSV with a column a metric, quoted where it must be', async () => {
    const [text] = await exported({ format: 'csv' });
    const [header = '', first = ''] = text.split('\n');
    expect(header).toBe(
      'ts,prompt,version,environment,id,experiment,variant,unit,case,model,provider,region,status,error,metrics.latency_ms,computed,meta',
    );
    expect(first).toBe(
      '2026-03-01T10:00:00.000Z,a,1.0.0,,one,,,,,,,,success,,100,,"{""note"":""a \\""b\\"", c""}"',
    );
  });
});

describe('metrics prune', () => {
  const prune = (request: Omit<MetricsPruneRequest, 'olderThan'> & { olderThan?: string }) =>
    inWorkspace(repo, (workspace) => {
      const then = { ...workspace, now: () => new Date('2026-03-09T12:00:00Z') };
      return pruneMetrics(then, { olderThan: '7d', ...request });
    });
  const names = (): string[] => readdirSync(join(repo.dir, '.promptv/metrics')).sort();

  it('says what is old, and removes whole segments of every writer only by force', async () => {
    const before = names();
    const old = ['2026-03-01.jsonl', '2026-03-01.w2.jsonl'];
    expect(await prune({})).toMatchObject({ removed: false, before: '2026-03-02' });
    expect((await prune({ force: true, dryRun: true })).segments.map(({ segment }) => segment)).toEqual(old);
    expect(names()).toEqual(before);
    expect(await prune({ force: true })).toMatchObject({ removed: true, bytes: expect.any(Number) });
    expect(names()).toEqual(before.filter((name) => !old.includes(name)));
    expect(await prune({ force: true })).toMatchObject({ removed: false, segments: [] });
  });

  it.each(['', 'soon', '0d', '2026-01-01'])('refuses the span %j', async (olderThan) => {
    expect(await codeOf(prune({ olderThan, force: true }))).toBe('TIME_INVALID');
  });
});
