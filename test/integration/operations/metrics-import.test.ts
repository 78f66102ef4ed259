import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  importMetrics,
  type MetricsImportRequest,
  type MetricsImportResult,
} from '../../../src/operations/metrics/import.ts';
import type { Progress } from '../../../src/operations/types.ts';
import { codeOf, inWorkspace, saveIn } from '../../helpers/in-workspace.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';
import { textPrompt } from '../../helpers/work-in.ts';

let repo: TempRepo;
beforeEach(async () => {
  repo = createTempRepo();
  repo.write('prompts/a.yaml', textPrompt('one'));
  await saveIn(repo);
});
afterEach(() => repo.remove());

const importText = (
  text: string,
  request: Omit<MetricsImportRequest, 'source'>,
): Promise<MetricsImportResult> => {
  const source = join(repo.root, 'input');
  writeFileSync(source, text);
  return inWorkspace(repo, (workspace) => importMetrics(workspace, { ...request, source }));
};

const stored = (): Record<string, unknown>[] => {
  const folder = join(repo.dir, '.promptv/metrics');
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line));
};

const ts = '2026-03-01T10:00:00.000Z';

/** Files as the tools write them, made up by us. */
const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/evaluations/${name}.json`, import.meta.url), 'utf8');

describe('metrics import', () => {
  it('reads JSON lines with other names of metrics, refuses what cannot be stored, and says why', async () => {
    const lines = [
      { ts, prompt: 'a', version: '1.0.0', responseTime: 120, metrics: { quality_score: 0.5, cost: 0.01 } },
      { timestamp: Date.parse(ts), prompt: 'a', response_time: 1.5, tokens: 7 },
      { ts, prompt: 'a', metrics: { x: 'text' } },
      { ts, prompt: 'nobody' },
      { ts, prompt: 'a', version: '7.0.0' },
      { ts: '2999-01-01T00:00:00Z', prompt: 'a' },
      { ts, prompt: 'a', meta: { long: 'x'.repeat(70_000) } },
    ].map((line) => JSON.stringify(line));
    const result = await importText([...lines, 'garbage', ''].join('\n'), { format: 'jsonl' });
    expect(result).toMatchObject({ read: 8, imported: 2, duplicates: 0, refusedCount: 6 });
    expect(result.refused.map(({ place }) => place)).toEqual(
      [3, 4, 5, 6, 7, 8].map((line) => `line ${line}`),
    );
    expect(result.refused.map(({ reason }) => reason)).toEqual([
      'the metric "x" is not a finite number',
      expect.stringContaining('no prompt named nobody'),
      expect.stringContaining('no version 7.0.0'),
      'its time lies in the future',
      expect.stringContaining('65536'),
      'not JSON',
    ]);
    expect(stored()).toMatchObject([
      { metrics: { latency_ms: 120, quality: 0.5, cost_usd: 0.01 } },
      { ts, metrics: { latency_ms: 1500, total_tokens: 7 } },
    ]);
  });

  it('adds nothing twice, in one input or a second time', async () => {
    const line = JSON.stringify({ ts, prompt: 'a', metrics: { x: 1 } });
    const named = JSON.stringify({ ts, prompt: 'a', id: 'n', metrics: { x: 1 } });
    const text = [line, line, named].join('\n');
    expect(await importText(text, { format: 'jsonl' })).toMatchObject({ imported: 2, duplicates: 1 });
    expect(await importText(text, { format: 'jsonl' })).toMatchObject({ imported: 0, duplicates: 3 });
    expect(stored()).toHaveLength(2);
  });

  it('reads CSV: columns of numbers are metrics, other columns of text go into meta', async () => {
    const text =
      'ts;prompt;version;status;responseTime;metrics.score;quality;team\n' +
      `${ts};a;1.0.0;success;120;3;0.5;blue\n${ts};a;1.0.0;error;;;oops;\n`;
    const result = await importText(text, { format: 'csv', environment: 'production' });
    expect(result.refused).toEqual([
      { place: 'row 3', reason: 'the metric "quality" is not a finite number' },
    ]);
    expect(stored()).toMatchObject([
      {
        version: '1.0.0',
        status: 'success',
        environment: 'production',
        metrics: { latency_ms: 120, score: 3, quality: 0.5 },
        meta: { team: 'blue' },
      },
    ]);
  });

  it('reads GenAI spans with old and new names of attributes, and leaves other spans out', async () => {
    const attribute = (key: string, value: object) => ({ key, value });
    const text = (value: string) => ({ stringValue: value });
    const time = { startTimeUnixNano: '1772359200000000000', endTimeUnixNano: '1772359200812500000' };
    const spans = [
      {
        ...time,
        traceId: 't',
        spanId: 's1',
        attributes: [
          attribute('gen_ai.prompt.name', text('a')),
          attribute('gen_ai.prompt.version', text('1.0.0')),
          attribute('gen_ai.provider.name', text('openai')),
          attribute('gen_ai.response.model', text('gpt-4.1')),
          attribute('gen_ai.usage.input_tokens', { intValue: '100' }),
          attribute('gen_ai.usage.output_tokens', { intValue: 20 }),
        ],
      },
      {
        ...time,
        traceId: 't',
        spanId: 's2',
        status: { code: 2 },
        attributes: [
          attribute('gen_ai.system', text('anthropic')),
          attribute('gen_ai.request.model', text('claude')),
          attribute('gen_ai.usage.prompt_tokens', { intValue: '5' }),
          attribute('gen_ai.usage.completion_tokens', { intValue: '6' }),
          attribute('error.type', text('timeout')),
        ],
      },
      { ...time, traceId: 't', spanId: 's3', attributes: [attribute('http.route', text('/'))] },
    ];
    const resource = { attributes: [attribute('deployment.environment.name', text('production'))] };
    const request = { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
    const expected = { read: 2, imported: 2, refusedCount: 0 };
    const whole = JSON.stringify(request, null, 2);
    expect(await importText(whole, { format: 'otlp', ref: 'a' })).toMatchObject(expected);
    expect(stored()).toEqual([
      expect.objectContaining({
        ts,
        id: 't:s1',
        version: '1.0.0',
        environment: 'production',
        model: 'gpt-4.1',
        provider: 'openai',
        status: 'success',
        metrics: { latency_ms: 812.5, input_tokens: 100, output_tokens: 20 },
      }),
      expect.objectContaining({
        prompt: 'a',
        version: '1.0.0',
        model: 'claude',
        provider: 'anthropic',
        status: 'error',
        error: 'timeout',
        metrics: { latency_ms: 812.5, input_tokens: 5, output_tokens: 6 },
      }),
    ]);
    const lines = `${JSON.stringify(request)}\n`;
    expect(await importText(lines, { format: 'otlp', ref: 'a' })).toMatchObject({ duplicates: 2 });
  });

  it('reads promptfoo results: a failed assertion is no error, an answer from its cache has no latency', async () => {
    const imported = await importText(fixture('promptfoo'), { format: 'promptfoo', ref: 'a@1.0.0' });
    expect(imported).toMatchObject({ read: 4, imported: 4, refusedCount: 0 });
    const origin = { ts, prompt: 'a', version: '1.0.0', provider: 'openai', model: 'gpt-4.1-mini' };
    const usage = { input_tokens: 58, output_tokens: 3, total_tokens: 61, cached_input_tokens: 40 };
    const spent = { cost_usd: 0.000028, ...usage };
    expect(stored()).toMatchObject([
      {
        ...origin,
        case: '0',
        status: 'success',
        metrics: { latency_ms: 612, quality: 1, passed: 1, ...spent },
      },
      {
        ...origin,
        case: 'a rude customer',
        status: 'success',
        metrics: { latency_ms: 1180, quality: 0.5, passed: 0, tone: 0.75, ...spent },
      },
      { ...origin, case: '2', status: 'success', metrics: { quality: 1, passed: 1 }, meta: { cached: true } },
      {
        provider: 'bedrock',
        model: 'anthropic.claude-3-5-sonnet-20241022-v2:0',
        status: 'error',
        error: 'provider',
      },
    ]);
    const [, , cached, failed] = stored().map(({ metrics }) => Object.keys(metrics ?? {}));
    expect(cached).not.toContain('latency_ms');
    expect(cached).not.toContain('cost_usd');
    expect(failed).not.toContain('quality');
    expect(await importText(fixture('promptfoo'), { format: 'promptfoo', ref: 'a@1.0.0' })).toMatchObject({
      imported: 0,
      duplicates: 4,
    });
  });

  it('reads results of promptfoo before version 3, which are a list', async () => {
    const result = { provider: 'openai:gpt-4.1', latencyMs: 5, success: true, score: 1 };
    await importText(JSON.stringify({ results: [result] }), { format: 'promptfoo', ref: 'a', at: ts });
    expect(stored()).toMatchObject([{ ts, model: 'gpt-4.1', metrics: { latency_ms: 5 } }]);
  });

  it('reads the JSON of gh models eval', async () => {
    await importText(fixture('gh-models'), { format: 'gh-models', ref: 'a', at: ts });
    const origin = { ts, prompt: 'a', model: 'openai/gpt-4o-mini', provider: 'openai', status: 'success' };
    expect(stored()).toMatchObject([
      {
        ...origin,
        case: '0',
        metrics: { quality: 0.875, passed: 1, 'score.says-billing': 1, 'score.similarity': 0.75 },
      },
      { ...origin, case: '1', metrics: { quality: 0.5, passed: 0 } },
    ]);
  });

  it('says where it is, and changes nothing in a dry run', async () => {
    const seen: Progress[] = [];
    const lines = Array.from({ length: 4500 }, (_, x) => JSON.stringify({ ts, prompt: 'a', metrics: { x } }));
    const result = await importText(lines.join('\n'), {
      format: 'jsonl',
      dryRun: true,
      onProgress: (progress) => seen.push(progress),
    });
    expect(result).toMatchObject({ imported: 4500, dryRun: true });
    expect(seen).toHaveLength(3);
    expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total);
    expect(() => stored()).toThrow('ENOENT');
  });

  it.each([
    ['METRICS_IMPORT_INVALID', { format: 'promptfoo' }, '{"a":1}'],
    ['METRICS_IMPORT_INVALID', { format: 'gh-models' }, 'nonsense'],
    ['METRICS_IMPORT_INVALID', { format: 'otlp' }, '[\n1]'],
    ['ENVIRONMENT_NOT_FOUND', { format: 'jsonl', environment: 'moon' }, ''],
    ['PROMPT_NOT_FOUND', { format: 'jsonl', ref: 'b' }, ''],
  ] as const)('fails with %s for %j', async (code, request, text) => {
    expect(await codeOf(importText(text, request))).toBe(code);
  });
});
