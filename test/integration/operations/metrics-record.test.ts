import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type MetricsRecordRequest,
  type NewMetricRecord,
  recordFromFlags,
  recordMetrics,
} from '../../../src/operations/metrics/record.ts';
import { trackRun } from '../../../src/operations/metrics/track-run.ts';
import type { Workspace } from '../../../src/operations/workspace.ts';
import { codeOf, inWorkspace, saveIn } from '../../helpers/in-workspace.ts';
import { withGitCounter } from '../../helpers/kill-points.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';
import { textPrompt } from '../../helpers/work-in.ts';

const configuration = `
metrics: { dir: log, writer: host-1, capture: [output], mask: ['[0-9]{4,}'] }
prices: { small: { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 4 }, cached: { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 4, cachedInputUsdPerMillionTokens: 0.1 } }
`;
const day = new Date().toISOString().slice(0, 10);

describe('recording runs', () => {
  let repo: TempRepo;
  let segment: string;
  beforeAll(async () => {
    repo = createTempRepo();
    repo.write('prompts/a.yaml', textPrompt('one'));
    repo.write('prompts/unsaved.yaml', textPrompt('two'));
    writeFileSync(join(repo.dir, '.promptrc.yaml'), configuration);
    await saveIn(repo, { names: ['a'] });
    segment = join(repo.dir, 'log', `${day}.host-1.jsonl`);
  });
  afterAll(() => repo.remove());

  const inside = <T>(work: (workspace: Workspace) => Promise<T>): Promise<T> => inWorkspace(repo, work);
  const record = (request: MetricsRecordRequest) =>
    inside((workspace) => recordFromFlags(workspace, request));
  const add = (...records: NewMetricRecord[]) => inside((workspace) => recordMetrics(workspace, records));
  const stored = (): Record<string, unknown>[] =>
    existsSync(segment)
      ? readFileSync(segment, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];

  it('takes the latest version, computes and marks a missing cost, and writes to the segment of its writer', async () => {
    const result = await record({
      ref: 'a',
      environment: 'production',
      fields: { model: 'small' },
      metrics: { input_tokens: 1000, output_tokens: 500 },
    });
    expect(result).toMatchObject({ recorded: 1, computedCosts: 1, dryRun: false });
    expect(readdirSync(join(repo.dir, 'log'))).toEqual([`${day}.host-1.jsonl`]);
    expect(stored()).toEqual([
      {
        ts: expect.stringMatching(/Z$/),
        prompt: 'a',
        version: '1.0.0',
        environment: 'production',
        id: result.ids[0],
        model: 'small',
        metrics: { input_tokens: 1000, output_tokens: 500, cost_usd: 0.003 },
        computed: ['cost_usd'],
      },
    ]);
  });

  it.each([
    ['small', 0.001 + 0.002],
    ['cached', 0.0002 + 0.00008 + 0.002],
  ])('counts cached input of %s at its own price where there is one', async (model, cost) => {
    const metrics = { input_tokens: 1000, cached_input_tokens: 800, output_tokens: 500 };
    await record({ ref: 'a', fields: { model }, metrics });
    expect(stored().at(-1)?.metrics).toMatchObject({ cost_usd: expect.closeTo(cost, 12) });
  });

  it('lets every line of JSON say what the flags leave open', async () => {
    const before = stored().length;
    const lines = '{"metrics":{"quality":0.5},"status":"success"}\n\n{"error":"timeout","meta":{"k":"v"}}\n';
    await record({ ref: 'a@^1.0.0', lines, meta: { job: '7' }, fields: { region: 'eu' } });
    expect(stored().slice(before)).toEqual([
      expect.objectContaining({ version: '1.0.0', status: 'success', region: 'eu', meta: { job: '7' } }),
      expect.objectContaining({ status: 'error', error: 'timeout', meta: { job: '7', k: 'v' } }),
    ]);
  });

  it('keeps only the texts that are to be captured, masked', async () => {
    await add({ prompt: 'a', input: 'secret', output: { text: 'card 12345678' }, metrics: { quality: 1 } });
    const last = stored().at(-1);
    expect(last).not.toHaveProperty('input');
    expect(last).toMatchObject({ output: { text: 'card ***' } });
  });

  it.each<readonly [string, NewMetricRecord | object, string]>([
    ['a number that is none', { prompt: 'a', metrics: { x: Number.NaN } }, 'METRICS_RECORD_INVALID'],
    ['infinity', { prompt: 'a', metrics: { x: Number.POSITIVE_INFINITY } }, 'METRICS_RECORD_INVALID'],
    ['a text for a number', { prompt: 'a', metrics: { x: '1' } }, 'METRICS_RECORD_INVALID'],
    ['an unknown prompt', { prompt: 'b' }, 'PROMPT_NOT_FOUND'],
    ['an unknown version', { prompt: 'a', version: '9.9.9' }, 'VERSION_NOT_FOUND'],
    ['a version of a prompt never saved', { prompt: 'unsaved', version: '1.0.0' }, 'VERSION_NOT_FOUND'],
    ['a time in the far future', { prompt: 'a', ts: '2999-01-01T00:00:00Z' }, 'METRICS_RECORD_INVALID'],
    ['a line over 64 KiB', { prompt: 'a', meta: { x: 'x'.repeat(70_000) } }, 'METRICS_RECORD_TOO_LARGE'],
  ])('stores nothing of a batch with %s', async (_, wrong, code) => {
    const before = stored();
    const batch = [{ prompt: 'a' }, wrong];
    const lines = batch.map((each) => JSON.stringify(each)).join('\n');
    const isJson = !/number that is none|infinity/.test(_);
    if (isJson) expect(await codeOf(record({ lines }))).toBe(code);
    // What the types forbid still comes from plain JavaScript.
    expect(
      await codeOf(inside((workspace) => recordMetrics(workspace, JSON.parse(`[]`).concat(batch)))),
    ).toBe(code);
    expect(stored()).toEqual(before);
  });

  it.each(['{"prompt":"a",', '[1]', '{"prompt":"a","prompt":"b"}'])('refuses the line %s', async (line) => {
    expect(await codeOf(record({ lines: `{"prompt":"a"}\n${line}` }))).toBe('METRICS_RECORD_INVALID');
  });

  it('takes what is unknown when it is told to, and changes nothing in a dry run', async () => {
    const before = stored().length;
    const request = { ref: 'elsewhere@3.0.0', metrics: { x: 1 }, environment: 'moon', allowUnknown: true };
    expect(await record({ ...request, dryRun: true })).toMatchObject({ recorded: 1, dryRun: true });
    expect(stored()).toHaveLength(before);
    await record(request);
    expect(stored().at(-1)).toMatchObject({ prompt: 'elsewhere', version: '3.0.0', environment: 'moon' });
    expect(await codeOf(record({ ...request, allowUnknown: false }))).toBe('ENVIRONMENT_NOT_FOUND');
  });

  it('reads a time without an offset as local', async () => {
    await record({ ref: 'a', metrics: { x: 1 }, at: '2026-02-03T10:00' });
    const path = join(
      repo.dir,
      'log',
      `${new Date('2026-02-03T10:00').toISOString().slice(0, 10)}.host-1.jsonl`,
    );
    expect(readFileSync(path, 'utf8')).toContain(new Date('2026-02-03T10:00').toISOString());
  });

  it('tracks a call: its answer, its time, and what it throws', async () => {
    const answer = await inside((workspace) =>
      trackRun(workspace, 'a', (run) => {
        run.metric('quality', 0.7);
        run.field('model', 'large');
        return 'done';
      }),
    );
    expect(answer).toBe('done');
    expect(stored().at(-1)).toMatchObject({
      status: 'success',
      model: 'large',
      metrics: { quality: 0.7, latency_ms: expect.any(Number) },
    });
    const failing = inside((workspace) =>
      trackRun(workspace, 'a', () => {
        throw new RangeError('too far');
      }),
    );
    await expect(failing).rejects.toThrow('too far');
    expect(stored().at(-1)).toMatchObject({ status: 'error', error: 'RangeError' });
  });

  it('asks git once for a version, however many of its runs are recorded', async () => {
    const counter = withGitCounter(repo);
    const callsOf = (work: (workspace: Workspace) => Promise<unknown>, times: number) =>
      inWorkspace(
        repo,
        async (workspace) => {
          await work(workspace);
          const before = counter.calls().length;
          for (let at = 0; at < times; at += 1) await work(workspace);
          return counter.calls().length - before;
        },
        { env: counter.env },
      );
    const record = (workspace: Workspace) =>
      recordMetrics(workspace, [{ prompt: 'a', version: '1.0.0', metrics: { quality: 1 } }]);
    const track = (workspace: Workspace) => trackRun(workspace, 'a@1.0.0', () => 'answer');
    expect([await callsOf(record, 20), await callsOf(track, 20)]).toEqual([0, 0]);
    expect(await callsOf((workspace) => trackRun(workspace, 'a', () => 'answer'), 5)).toBeGreaterThan(0);
    const unknown = inside(async (workspace) => {
      await record(workspace);
      await recordMetrics(workspace, [{ prompt: 'a', version: '7.0.0' }]);
    });
    expect(await codeOf(unknown)).toBe('VERSION_NOT_FOUND');
  });

  it('hands a record that cannot be stored to whoever asked for it, and the answer to the caller', async () => {
    const failures: unknown[] = [];
    const options = { onRecordFailure: (error: unknown) => failures.push(error) };
    const tracked = inside((workspace) => trackRun(workspace, 'nobody', () => 'answer', options));
    expect(await tracked).toBe('answer');
    expect(failures).toEqual([expect.objectContaining({ code: 'PROMPT_NOT_FOUND' })]);
  });
});
