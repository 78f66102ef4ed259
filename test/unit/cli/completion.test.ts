import { describe, expect, it } from 'vitest';
import { completeCommand } from '../../../src/cli/commands/complete.ts';
import { completeWords } from '../../../src/cli/complete-words.ts';
import { createTestContext, createTestIo } from './testing.ts';

const names = ['shared/tone', 'support/reply', 'support/triage'];

const complete = async (...words: string[]): Promise<readonly string[]> => {
  const found = await completeWords(createTestContext(), words, async (kind) => {
    if (typeof kind === 'object') return kind.selectorsOf === 'shared/tone' ? ['1.1.0', 'latest'] : [];
    return kind === 'prompts' ? names : kind === 'experiments' ? ['tone'] : ['staging', 'production'];
  });
  return found.map(({ value }) => value);
};

describe('completion', () => {
  const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['sa'], ['save']],
    [['re'], ['restore', 'rename', 'render']],
    [['help', 'unsa'], ['unsave']],
    [['-C', '/x', 'unsa'], ['unsave']],
    [['--json', 'unsa'], ['unsave']],
    [['--c'], ['--cwd', '--config']],
    [['complet'], ['completion']],
    [['save', '--b'], ['--bump']],
    [['ls', '--ca'], ['--category']],
    [
      ['save', '--bump', 'p'],
      ['patch', 'prerelease'],
    ],
    [['save', 'shared/tone', 'support/t'], ['support/triage']],
    [['show', ''], names],
    [['show', 'shared/tone', ''], []],
    [
      ['log', 'support/'],
      ['support/reply', 'support/triage'],
    ],
    [['rename', 'shared/tone', ''], []],
    [
      ['show', 'shared/tone@'],
      ['shared/tone@1.1.0', 'shared/tone@latest'],
    ],
    [['save', 'shared/tone@'], []],
    [['promote', 'support/reply@1.0.0', 'shared/tone@l'], ['shared/tone@latest']],
    [
      ['diff', 'shared/tone', ''],
      ['1.1.0', 'latest'],
    ],
    [['diff', 'shared/tone', '1.1.0', 'l'], ['latest']],
    [['diff', 'shared/tone@1.1.0', 'shared/tone@1'], ['shared/tone@1.1.0']],
    [['new', ''], []],
    [['save', '-m', ''], []],
    [['diff', '--word', 'sh'], ['shared/tone']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['config', ''], ['show']],
    [['env', 'di'], ['diff']],
    [['env', 'show', 'p'], ['production']],
    [['env', 'diff', 'staging', 'p'], ['production']],
    [
      ['env', 'history', 'production', 'support/'],
      ['support/reply', 'support/triage'],
    ],
    [['list', '--env', 's'], ['staging']],
    [['abtest', 'stop', ''], ['tone']],
    [['abtest', 'stop', 'tone', '--promote', 'p'], ['production']],
    [['abtest', 'create', ''], []],
    [['metrics', 'record', '--experiment', 't'], ['tone']],
    [['config', 'show', '--j'], ['--json']],
    [['nope', ''], []],
  ];
  for (const [words, expected] of cases) {
    it(`of "${words.join(' ')}" offers ${expected.join(', ') || 'nothing'}`, async () => {
      expect(await complete(...words)).toEqual(expected);
    });
  }

  it('offers every command and no hidden one for an empty line', async () => {
    const found = await complete('');
    expect(found).toContain('doctor');
    expect(found).not.toContain('complete');
  });

  it('is a line each, the meaning after a tab', async () => {
    const io = createTestIo();
    await completeCommand(createTestContext(io)).parseAsync(['--', 'unsa'], { from: 'user' });
    expect(io.out()).toBe('unsave\ttake back a version that was not pushed\n');
  });

  it('is empty where names cannot be read or the line is broken', async () => {
    const io = createTestIo();
    const broken = async (): Promise<never> => {
      throw new Error('no repository');
    };
    await completeCommand(createTestContext(io), broken).parseAsync(['--', 'show', ''], { from: 'user' });
    await completeCommand(createTestContext(io)).parseAsync(['--', '-C'], { from: 'user' });
    await completeCommand(createTestContext(io)).parseAsync(['--', 'log', '-n', 'x', ''], { from: 'user' });
    expect(io.out()).toBe('');
  });
});
