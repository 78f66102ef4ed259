import { type Command, CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../../src/cli/command-table.ts';
import { abtestResultsCommand } from '../../../src/cli/commands/abtest/results.ts';
import { metricsTailCommand } from '../../../src/cli/commands/metrics/tail.ts';
import { rolloutStatusCommand } from '../../../src/cli/commands/rollout/status.ts';
import { watchCommand } from '../../../src/cli/commands/watch.ts';
import type { OpenContext } from '../../../src/cli/context.ts';
import { writeFailure } from '../../../src/cli/failure.ts';
import { main } from '../../../src/cli/main.ts';
import { errorKinds, promptvError } from '../../../src/errors.ts';
import { createTestContext, createTestIo, parse } from './testing.ts';

const fail = async (error: unknown, settings: object = {}, argv: readonly string[] = []) => {
  const io = createTestIo();
  const exitCode = await writeFailure({ ...createTestContext(io), ...settings }, error, argv);
  return { exitCode, out: io.out(), err: io.err() };
};

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

describe('a failure', () => {
  const cases = [
    ['the world', promptvError('GIT_MISSING'), 1],
    ['the command line', promptvError('PROMPT_NOT_FOUND', { name: 'a' }), 2],
    ['a check', promptvError('BUMP_TOO_SMALL', { name: 'a' }), 3],
    ['an interruption', promptvError('INTERRUPTED'), 130],
    ['the parser', new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'"), 2],
    ['a bug', new Error('broken'), 70],
    ['something that is no error', 'broken', 70],
  ] as const;
  for (const [name, error, expected] of cases) {
    it(`of ${name} ends with ${expected} and leaves stdout empty`, async () => {
      for (const json of [false, true]) {
        const { exitCode, out, err } = await fail(error, { json });
        expect(exitCode).toBe(expected);
        expect(err).not.toBe('');
        if (!json || expected !== 3) expect(out).toBe('');
        else expect(JSON.parse(out)).toEqual({ schemaVersion: 1, ok: false, ...JSON.parse(lastLine(err)) });
      }
    });
  }

  it('says what happened and what to type next', async () => {
    expect((await fail(promptvError('REMOTE_MISSING', { remote: 'up' }))).err).toBe(
      'error: There is no remote named up.\n' +
        'hint: Add one ("git remote add up URL") or name another with --remote.\n',
    );
  });

  it('lists the places of a file that are wrong, where there are several', async () => {
    const place = (line: number) => ({ line, column: 3, message: `wrong \u001b ${line}` });
    const of = (count: number) => Array.from({ length: count }, (_, at) => place(at + 1));
    const details = { path: '.promptrc.yaml', count: '2 problems', first: 'the first' };
    const said = async (count: number) =>
      (await fail(promptvError('CONFIG_INVALID', { ...details, problems: of(count) }))).err.split('\n');
    expect((await said(2)).slice(1, 3)).toEqual([
      '  .promptrc.yaml:1:3 wrong \\u001b 1',
      '  .promptrc.yaml:2:3 wrong \\u001b 2',
    ]);
    expect((await said(1))[1]).toMatch(/^hint:/);
    expect((await said(25)).slice(20, 23)).toEqual([
      '  .promptrc.yaml:20:3 wrong \\u001b 20',
      '  and 5 more',
      expect.stringMatching(/^hint:/),
    ]);
  });

  it('is coloured where stderr is', async () => {
    expect((await fail(promptvError('GIT_MISSING'), { errorColor: true })).err).toContain('\u001b[31merror:');
  });

  it('passes no terminal escape through', async () => {
    const { err } = await fail(promptvError('PROMPT_NOT_FOUND', { name: '\u001b[2J\u009b' }));
    expect(err).not.toMatch(/[\u001b\u009b]/);
  });

  it('is one line of JSON, the last on stderr, also after what --debug adds', async () => {
    const error = promptvError('GIT_FAILED', { command: 'tag', reason: 'two\nlines' }, new Error('cause'));
    const { err } = await fail(error, { json: true, debug: true });
    expect(err).toContain('cause');
    expect(JSON.parse(lastLine(err))).toEqual({
      error: {
        code: 'GIT_FAILED',
        message: 'git tag failed: two\nlines',
        hint: 'Run the command again with --debug to see every call of git.',
        details: { command: 'tag', reason: 'two\nlines' },
      },
    });
  });

  it('has no stack without --debug', async () => {
    const { err } = await fail(new Error('broken'));
    expect(err).toBe(
      'error: This is a bug in promptv: broken\nhint: Run the same command with --debug and report what it prints.\n',
    );
  });

  it('is printed with --quiet', async () => {
    expect((await fail(promptvError('GIT_MISSING'), { quiet: true })).err).toContain('git was not found');
  });

  it('of the parser is JSON even if --json stands behind the wrong word', async () => {
    const error = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'");
    expect(JSON.parse((await fail(error, {}, ['list', '--x', '--json'])).err).error.code).toBe('USAGE');
  });

  it('with details that JSON cannot say is still reported', async () => {
    const { exitCode, err } = await fail(promptvError('GIT_FAILED', { command: 'x', reason: Number.NaN }), {
      json: true,
    });
    expect(exitCode).toBe(1);
    expect(JSON.parse(lastLine(err)).error.code).toBe('GIT_FAILED');
  });
});

describe('every error', () => {
  for (const [code, kind] of Object.entries(errorKinds)) {
    it(`${code} says what to do next`, () => {
      expect(kind.message({ message: 'x' })).not.toBe('');
      expect(kind.hint({ hint: 'x' })).not.toBe('');
    });
  }
});

describe('Ctrl-C', () => {
  const interrupted = async (): Promise<never> => {
    throw promptvError('INTERRUPTED');
  };
  const watching: readonly (readonly [words: string, (context: OpenContext) => Command])[] = [
    ['production', (context) => watchCommand(context, interrupted)],
    ['-f', (context) => metricsTailCommand(context, interrupted)],
    ['a --env production --watch', (context) => rolloutStatusCommand(context, interrupted)],
    ['a --watch', (context) => abtestResultsCommand(context, { results: interrupted, watch: interrupted })],
  ];
  const once: typeof watching = [
    ['', (context) => metricsTailCommand(context, interrupted)],
    ['a --env production', (context) => rolloutStatusCommand(context, interrupted)],
    ['a', (context) => abtestResultsCommand(context, { results: interrupted, watch: interrupted })],
  ];
  const endOf = async (words: string, make: (context: OpenContext) => Command, json = false) => {
    const io = createTestIo();
    const context = { ...createTestContext(io), json };
    const argv = words.split(' ').filter(Boolean);
    const exitCode = await parse(make(context), argv).catch((error) => writeFailure(context, error, argv));
    return { exitCode, said: io.err() };
  };

  it.each(watching)('ends what only a person ends without a word, but with 130: %s', async (words, make) => {
    expect(await endOf(words, make)).toEqual({ exitCode: 130, said: '' });
    expect(JSON.parse((await endOf(words, make, true)).said).error.code).toBe('INTERRUPTED');
  });

  it.each(once)('is said of what would have ended by itself: %s', async (words, make) => {
    expect(await endOf(words, make)).toEqual({
      exitCode: 130,
      said: expect.stringContaining('Interrupted.'),
    });
  });
});

const run = async (argv: readonly string[], surroundings: Parameters<typeof createTestIo>[0] = {}) => {
  const io = createTestIo(surroundings);
  const exitCode = await main(argv, io);
  return { exitCode, out: io.out(), err: io.err() };
};

describe('a command line', () => {
  it('without words prints the help', async () => {
    const { exitCode, out, err } = await run([]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    for (const { name, summary, isHidden } of commandTable) {
      expect(out.includes(` ${name}`) && out.includes(summary)).toBe(isHidden !== true);
    }
  });

  for (const argv of [['--help'], ['-h'], ['help'], ['--json', '--help'], ['--no-color']]) {
    it(`${argv.join(' ')} prints the same help`, async () => {
      expect(await run(argv)).toEqual(await run([]));
    });
  }

  for (const argv of [['--version'], ['-V'], ['--json', '--version']]) {
    it(`${argv.join(' ')} prints the version`, async () => {
      expect(await run(argv)).toEqual({ exitCode: 0, out: '0.0.0-test\n', err: '' });
    });
  }

  it('that asks for a group without its command prints the help of the group', async () => {
    const { exitCode, out, err } = await run(['config']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain('Usage: promptv config [options] [command]');
  });

  const usage = [
    [['sav'], "Unknown command 'sav'.", 'Did you mean save? See "promptv --help".'],
    [['lst'], "Unknown command 'lst'.", 'Did you mean one of list, ls? See "promptv --help".'],
    [['help', 'sav'], "Unknown command 'sav'.", 'Did you mean save? See "promptv --help".'],
    [['config', 'shwo'], "Unknown command 'shwo'.", 'Did you mean show? See "promptv config --help".'],
    [['save', '--bmup', 'x'], "Unknown option '--bmup'.", 'Did you mean --bump? See "promptv save --help".'],
    [['ls', '--tga', 'x'], "Unknown option '--tga'.", 'Did you mean --tag? See "promptv list --help".'],
    [['--nope', 'save'], "Unknown option '--nope'.", 'See "promptv --help".'],
    [['show'], "Missing required argument 'ref'.", 'See "promptv show --help".'],
    [['-C'], "Option '-C, --cwd <dir>' argument missing.", 'See "promptv --help".'],
  ] as const;
  for (const [argv, message, hint] of usage) {
    it(`${argv.join(' ')} is refused: ${message} ${hint}`, async () => {
      expect(await run(argv)).toEqual({ exitCode: 2, out: '', err: `error: ${message}\nhint: ${hint}\n` });
    });
  }

  it('that is refused says so in JSON with --json on either side', async () => {
    for (const argv of [
      ['--json', 'save', '--nope'],
      ['save', '--nope', '--json'],
    ]) {
      const { exitCode, out, err } = await run(argv);
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
      expect(JSON.parse(err)).toEqual({
        error: { code: 'USAGE', message: "Unknown option '--nope'.", hint: 'See "promptv save --help".' },
      });
    }
  });

  it('of a changing command does nothing, silently, under our own commit', async () => {
    const env = { PROMPTV_IN_COMMIT: '1' };
    for (const { name } of commandTable.filter(({ isChange }) => isChange)) {
      expect(await run([name, 'x'], { env })).toEqual({ exitCode: 0, out: '', err: '' });
    }
    expect((await run(['show'], { env })).exitCode).toBe(2);
  });

  it('that cannot write its answer fails', async () => {
    const { exitCode, err } = await run(['completion', 'bash'], { unwritten: new Error('no space') });
    expect(exitCode).toBe(1);
    expect(err).toContain('Standard output could not be written: no space.');
  });

  it('that is interrupted prints nothing but that', async () => {
    const io = createTestIo();
    io.interrupt();
    expect(await main(['completion', 'bash'], io)).toBe(130);
    expect(io.out()).toBe('');
    expect(io.err()).toMatch(/^error: Interrupted\.\nhint: .+\n$/);
  });

  it('prints its completion script as JSON too', async () => {
    const { out } = await run(['completion', 'fish', '--json']);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, ok: true, shell: 'fish' });
  });
});

describe('the table of commands', () => {
  for (const entry of commandTable) {
    it(`names ${entry.name} as its module does, with a description and examples`, async () => {
      const command = await entry.load(createTestContext());
      expect(command.name()).toBe(entry.name);
      expect(command.description()).not.toBe('');
      if (entry.isHidden) return;
      const { out } = await run([entry.name, '--help']);
      const examples = out.split('Examples:\n')[1]?.trimEnd().split('\n') ?? [];
      expect(examples).toHaveLength(2);
      for (const example of examples) expect(example).toContain(`promptv ${entry.name}`);
    });

    it(`marks ${entry.name} as a change exactly if it has --dry-run and always writes`, async () => {
      const command = await entry.load(createTestContext());
      const canChange = [command, ...command.commands]
        .flatMap(({ options }) => options)
        .some(({ long }) => long === '--dry-run');
      // These also read or check, which a hook of our own commit may want.
      expect(
        entry.isChange === true || ['doctor', 'hooks', 'lint', 'metrics', 'test'].includes(entry.name),
      ).toBe(canChange);
    });

    it(`gives ${entry.name} no option with an optional or several values, and describes every option`, async () => {
      const command = await entry.load(createTestContext());
      for (const option of [command, ...command.commands].flatMap(({ options }) => options)) {
        expect({ optional: option.optional, variadic: option.variadic }).toEqual({
          optional: false,
          variadic: false,
        });
        expect(option.description).not.toBe('');
      }
    });
  }
});
