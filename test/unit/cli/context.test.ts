import { describe, expect, it } from 'vitest';
import { canColor, createContext, displayOf } from '../../../src/cli/context.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { canShowProgress, formatProgress } from '../../../src/cli/progress.ts';
import { createTestContext, createTestIo } from './testing.ts';

describe('colour', () => {
  const cases = [
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ TERM: 'xterm' }, true, true],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ NO_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: 'false' }, true, false],
    [{ FORCE_COLOR: '1', TERM: 'dumb' }, true, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  ] as const;
  for (const [env, isTTY, expected] of cases) {
    it(`is ${expected ? 'on' : 'off'} ${isTTY ? 'on a terminal' : 'in a pipe'} with ${JSON.stringify(env)}`, () => {
      expect(canColor(env, isTTY)).toBe(expected);
    });
  }
});

/** The context after a command line that names nothing to do but answer a completion. */
const contextAfter = async (...argv: string[]) => {
  const context = createContext(createTestIo({ env: { FORCE_COLOR: '1' } }), '1.2.3');
  await runProgram(context, argv);
  return context;
};

describe('the global options', () => {
  const all = ['-C', 'a', '--cwd', 'b', '--config', 'c.yaml', '--json', '-q', '--no-color', '--debug'];
  const said = {
    cwd: '/start/a/b',
    configPath: 'c.yaml',
    json: true,
    quiet: true,
    color: false,
    errorColor: false,
    debug: true,
  };

  it('are taken before the name of the command', async () => {
    expect(await contextAfter(...all, 'complete')).toMatchObject(said);
  });

  it('are taken after the name of the command', async () => {
    expect(await contextAfter('complete', ...all)).toMatchObject(said);
  });

  it('are taken on both sides, the later one winning', async () => {
    expect(
      await contextAfter('-C', '/x', '--config', 'a', 'complete', '-C', 'y', '--config=b'),
    ).toMatchObject({
      cwd: '/x/y',
      configPath: 'b',
    });
  });

  it('say nothing when they are left out', async () => {
    expect(await contextAfter('complete')).toMatchObject({
      cwd: '/start',
      configPath: undefined,
      json: false,
      quiet: false,
      color: true,
      debug: false,
    });
  });
});

describe('the display', () => {
  it('has the width of the terminal, 80 columns where that does not tell, and no width in a pipe', () => {
    expect(displayOf(createTestContext(createTestIo({ isTTY: true, columns: 132 }))).columns).toBe(132);
    expect(displayOf(createTestContext(createTestIo({ isTTY: true, columns: 0 }))).columns).toBe(80);
    expect(displayOf(createTestContext())).toMatchObject({ columns: null, color: false });
  });
});

describe('progress', () => {
  const terminal = createTestContext(createTestIo({ isTTY: true, columns: 80 }));
  const cases = [
    ['on a terminal', terminal, true],
    ['on a terminal without width', createTestContext(createTestIo({ isTTY: true, columns: 0 })), false],
    ['in a pipe', createTestContext(), false],
    ['with --json', { ...terminal, json: true }, false],
    ['with --quiet', { ...terminal, quiet: true }, false],
  ] as const;
  for (const [name, context, expected] of cases) {
    it(`is ${expected ? 'shown' : 'not shown'} ${name}`, () => {
      expect(canShowProgress(context)).toBe(expected);
    });
  }

  it('says how much is done, and of how much where that is known', () => {
    expect(formatProgress({ stage: 'saving', done: 3, total: 12 })).toBe('saving 3/12');
    expect(formatProgress({ stage: 'importing', done: 3, total: 12, unit: 'KiB' })).toBe(
      `importing ${'█'.repeat(6)}${'░'.repeat(18)} 25 % of 12 KiB`,
    );
    expect(formatProgress({ stage: 'importing', done: 3, total: null, unit: 'KiB' })).toBe('importing 3 KiB');
    expect(formatProgress({ stage: 'read\u001bing', done: 3, total: null })).toBe('read\\u001bing 3');
  });
});
