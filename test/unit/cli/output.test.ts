import { describe, expect, it } from 'vitest';
import { printCheck } from '../../../src/cli/check-output.ts';
import { diffCommand } from '../../../src/cli/commands/diff.ts';
import { showCommand } from '../../../src/cli/commands/show.ts';
import { printResult } from '../../../src/cli/output.ts';
import { formatJson, formatJsonLine, sanitize } from '../../../src/cli/text.ts';
import { createCheckReport } from '../../../src/core/checks/report.ts';
import type { DiffResult } from '../../../src/operations/diff.ts';
import type { PromptDiff } from '../../../src/operations/diff-pair.ts';
import type { ShowResult } from '../../../src/operations/show.ts';
import { createFakeRun, createTestContext, createTestIo, parse } from './testing.ts';

const load = async () => (result: { readonly text: string }) => `report of ${result.text}`;

const print = async (
  settings: { json?: boolean; quiet?: boolean },
  result: { text: string; warnings?: readonly { code: string; message: string }[] },
  isChange = false,
) => {
  const io = createTestIo();
  await printResult({ ...createTestContext(io), ...settings }, result, { load, isChange });
  return { out: io.out(), err: io.err() };
};

const warned = { text: 'x', warnings: [{ code: 'W', message: 'mind\u001b[2J this' }] };

describe('the result of a command', () => {
  it('is a report that ends its line', async () => {
    expect(await print({}, { text: 'x' })).toEqual({ out: 'report of x\n', err: '' });
  });

  it('is one object with --json, version and ok first', async () => {
    const { out } = await print({ json: true }, { text: 'x' });
    expect(out).toBe('{\n  "schemaVersion": 1,\n  "ok": true,\n  "text": "x"\n}\n');
  });

  it('has its warnings on stderr, with their control characters made visible', async () => {
    expect(await print({}, warned)).toEqual({
      out: 'report of x\n',
      err: 'warning: mind\\u001b[2J this\n',
    });
  });

  it('has its warnings on stderr beside --json too', async () => {
    const { out, err } = await print({ json: true }, warned);
    expect(JSON.parse(out).warnings).toEqual(warned.warnings);
    expect(err).toContain('warning: mind');
  });

  it('is silent with --quiet if it is a change', async () => {
    expect(await print({ quiet: true }, warned, true)).toEqual({ out: '', err: '' });
  });

  it('is printed with --quiet if it is an answer, without warnings', async () => {
    expect(await print({ quiet: true }, warned)).toEqual({ out: 'report of x\n', err: '' });
  });

  it('is printed with --quiet --json even if it is a change', async () => {
    const { out, err } = await print({ quiet: true, json: true }, { text: 'x' }, true);
    expect(JSON.parse(out)).toEqual({ schemaVersion: 1, ok: true, text: 'x' });
    expect(err).toBe('');
  });

  it('is not printed after an interruption', async () => {
    const io = createTestIo();
    io.interrupt();
    await printResult(createTestContext(io), { text: 'x' }, { load });
    expect(io.out()).toBe('');
  });
});

describe('a check that found nothing', () => {
  const cases = [{ name: 'a', outcome: 'passed', durationMs: null, problems: [] }] as const;
  const suites = [{ name: 'a', file: 'prompts/a.yaml', cases }];
  const report = createCheckReport({ check: 'lint', rules: [], durationMs: 1, suites });
  const sentence = 'No problems; 1 prompt checked.\n';

  it.each([
    ['says so on a terminal', { isTTY: true, columns: 80 }, false, [sentence, '']],
    ['says so beside the empty pipe', {}, false, ['', sentence]],
    ['is silent with --quiet', {}, true, ['', '']],
  ] as const)('%s', async (_, surroundings, quiet, expected) => {
    const io = createTestIo(surroundings);
    await printCheck(
      { ...createTestContext(io), quiet, color: false },
      { ...report, passed: true },
      'pretty',
    );
    expect([io.out(), io.err()]).toEqual(expected);
  });
});

describe('JSON', () => {
  it('says null for what is undefined', () => {
    expect(JSON.parse(formatJson({ a: undefined, b: { c: undefined }, d: [undefined] }))).toEqual({
      a: null,
      b: { c: null },
      d: [null],
    });
  });

  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuses ${value}`, () => {
      expect(() => formatJson({ a: [value] })).toThrow(/cannot be printed as JSON/);
    });
  }

  for (const bytes of [new Uint8Array([1]), Buffer.from('a')]) {
    it(`refuses bytes (${bytes.constructor.name})`, () => {
      expect(() => formatJson({ raw: bytes })).toThrow(/bytes cannot be printed/);
    });
  }

  it.each([
    formatJson,
    formatJsonLine,
  ])('escapes what could steer a terminal or a CI and keeps its meaning (%#)', (format) => {
    const text = 'a\u001b[31m\u009b\u202e\u007fz ##[error]forged \\##[error]';
    const json = format({ text });
    expect(json).not.toMatch(/[\u001b\u009b\u202e\u007f]|##\[/);
    expect(JSON.parse(json)).toEqual({ text });
  });
});

describe('sanitized text', () => {
  const cases = [
    ['plain ü 漢\ttab\nline', 'plain ü 漢\ttab\nline'],
    ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['over\rwrite', 'over\\u000dwrite'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['c1 \u009b31m', 'c1 \\u009b31m'],
  ] as const;
  for (const [text, shown] of cases) {
    it(`shows ${JSON.stringify(text)} as ${JSON.stringify(shown)}`, () => {
      expect(sanitize(text)).toBe(shown);
    });
  }
});

const shown: ShowResult = {
  prompt: 'a',
  version: '1.0.0',
  contentHash: 'sha256:0',
  document: { content: 'hi' },
  path: 'prompts/a.yaml',
  variables: [],
  raw: new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x0d, 0x0a]),
  saved: null,
};

describe('show', () => {
  it('writes the exact bytes with --raw, without a line end of its own', async () => {
    const chunks: (string | Uint8Array)[] = [];
    const stdout = { write: (chunk: string | Uint8Array) => chunks.push(chunk) };
    const { run } = createFakeRun<object, ShowResult>(shown);
    await parse(showCommand({ ...createTestContext(), stdout }, run), ['a', '--raw']);
    expect(chunks).toEqual([shown.raw]);
  });

  it('leaves the bytes out of its JSON', async () => {
    const io = createTestIo();
    const { run } = createFakeRun<object, ShowResult>(shown);
    await parse(showCommand({ ...createTestContext(io), json: true }, run), ['a']);
    const { raw: _, ...rest } = shown;
    expect(JSON.parse(io.out())).toEqual({ schemaVersion: 1, ok: true, ...rest });
  });
});

const difference = (changes: PromptDiff['changes'], patch: string): PromptDiff => ({
  prompt: 'a',
  from: '1.0.0',
  to: 'working',
  impact: 'patch',
  changes,
  patch,
  metrics: null,
  before: { prompt: 'a', label: '1.0.0', version: '1.0.0', text: '', tokens: 0 },
  after: { prompt: 'a', label: 'working', version: null, text: '', tokens: 0 },
});

const change = { path: 'content', kind: 'changed', before: 'a', after: 'b', impact: 'patch' } as const;

describe('diff', () => {
  const runDiff = async (diffs: readonly PromptDiff[], words: readonly string[]) => {
    const io = createTestIo();
    const context = { ...createTestContext(io), json: true };
    const { run } = createFakeRun<object, DiffResult>({ diffs, unversioned: [], base: null, warnings: [] });
    await parse(diffCommand(context, run), words);
    return { json: JSON.parse(io.out()), exitCode: context.exitCode };
  };

  const cases = [
    ['nothing compared', [], 0],
    ['equal texts', [difference([], '')], 0],
    ['another layout', [difference([], '@@')], 3],
    ['another meaning', [difference([change], '@@')], 3],
    ['another partial only', [difference([change], '')], 3],
    ['one of two that differs', [difference([], ''), difference([change], '@@')], 3],
  ] as const;
  for (const [name, diffs, exitCode] of cases) {
    it(`ends with ${exitCode} for ${name} with --exit-code, after printing`, async () => {
      const ended = await runDiff(diffs, ['--exit-code']);
      expect(ended.exitCode).toBe(exitCode);
      expect(ended.json.diffs).toHaveLength(diffs.length);
    });
  }

  it('ends with 0 without --exit-code', async () => {
    expect((await runDiff([difference([change], '@@')], [])).exitCode).toBe(0);
  });

  it('has the fields of the only diff at the top', async () => {
    const { json } = await runDiff([difference([change], '@@')], []);
    expect(json).toMatchObject({ prompt: 'a', from: '1.0.0', to: 'working', impact: 'patch', patch: '@@' });
    expect(json.changes).toEqual([change]);
  });

  it('has null at the top for several', async () => {
    const { json } = await runDiff([difference([change], 'x'), difference([], '')], []);
    expect(json).toMatchObject({ prompt: null, changes: null, patch: null, metrics: null });
  });
});
