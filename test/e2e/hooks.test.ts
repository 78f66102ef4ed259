import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';

const binary = join(projectRoot, 'bin', 'promptv.js');
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

interface Seen {
  readonly prompts: readonly { readonly prompt: string; readonly state: string }[];
}

describe('inside a pre-commit hook promptv sees what git is committing', () => {
  let repo: TempRepo;

  /** Installs a hook that writes down what promptv says to it. */
  const installHook = (hooks: string, script: readonly string[], name = 'pre-commit'): void => {
    mkdirSync(hooks, { recursive: true });
    const path = join(hooks, name);
    writeFileSync(path, `#!/bin/sh\n${script.join('\n')}\n`);
    chmodSync(path, 0o755);
  };

  const promptv = `${quote(process.execPath)} ${quote(binary)}`;
  const note = (name: string): string => join(repo.root, name);
  const noting = () => [
    `printf '%s\\n' "$GIT_INDEX_FILE" > ${quote(note('index'))}`,
    `${promptv} status --staged --json > ${quote(note('status'))} || exit 1`,
    `${promptv} diff --staged > ${quote(note('diff'))} || exit 1`,
  ];

  /** The prompts that the hook was told are not clean, and the diff it was shown. */
  const seen = (): { changed: string[]; diff: string } => {
    const { prompts }: Seen = JSON.parse(readFileSync(note('status'), 'utf8'));
    const changed = prompts.filter(({ state }) => state !== 'clean').map(({ prompt }) => prompt);
    return { changed, diff: readFileSync(note('diff'), 'utf8') };
  };

  beforeEach(async () => {
    repo = createTempRepo({
      files: {
        'prompts/a.yaml': 'content: old a\n',
        'prompts/b.yaml': 'content: old b\n',
        'prompts/deep/c.yaml': 'content: old c\n',
      },
    });
    expect((await repo.promptv(['save'])).exitCode).toBe(0);
    installHook(join(repo.dir, '.git/hooks'), noting());
    for (const [path, name] of [
      ['a', 'a'],
      ['b', 'b'],
      ['deep/c', 'c'],
    ])
      repo.write(`prompts/${path}.yaml`, `content: new ${name}\n`);
  });

  afterEach(() => repo.remove());

  it('with git commit: what was staged', () => {
    repo.git('add', 'prompts/a.yaml');
    repo.git('commit', '--quiet', '--message', 'x');
    expect(seen().changed).toEqual(['a']);
    expect(seen().diff).toContain('new a');
    expect(seen().diff).not.toContain('new b');
  });

  it('with git commit -am: every tracked file', () => {
    repo.write('prompts/untracked.yaml', 'content: u\n');
    repo.git('commit', '--quiet', '--all', '--message', 'x');
    expect(seen().changed).toEqual(['a', 'b', 'deep/c']);
    // git builds the commit in another index than the usual one.
    expect(readFileSync(note('index'), 'utf8')).toMatch(/index\.lock|next-index|\.git\/index/);
  });

  it('with git commit FILE: that file and not what else is staged', () => {
    repo.git('add', 'prompts/a.yaml');
    repo.git('commit', '--quiet', '--message', 'x', 'prompts/b.yaml');
    expect(seen().changed).toEqual(['b']);
    expect(seen().diff).not.toContain('new a');
    expect(repo.git('diff', '--cached', '--name-only')).toBe('prompts/a.yaml');
  });

  it('with a partly staged file: the staged text, not the one on disk', () => {
    repo.write('prompts/a.yaml', 'content: staged a\n');
    repo.git('add', 'prompts/a.yaml');
    repo.write('prompts/a.yaml', 'content: only on disk\n');
    repo.git('commit', '--quiet', '--message', 'x');
    expect(seen().changed).toEqual(['a']);
    expect(seen().diff).toContain('staged a');
    expect(seen().diff).not.toContain('only on disk');
    expect(repo.read('prompts/a.yaml')).toBe('content: only on disk\n');
  });

  it('with a commit from a folder below: the same', () => {
    repo.git('-C', 'prompts/deep', 'commit', '--quiet', '--message', 'x', 'c.yaml');
    expect(seen().changed).toEqual(['deep/c']);
  });

  it('with a file removed from the index: it is gone', () => {
    repo.git('rm', '--quiet', '--cached', 'prompts/b.yaml');
    repo.git('commit', '--quiet', '--message', 'x');
    expect(seen().changed).not.toContain('a');
    expect(seen().diff).not.toContain('new b');
  });

  it('in a linked work tree: the index of that tree', () => {
    const linked = join(repo.root, 'linked');
    repo.git('worktree', 'add', '--quiet', linked, '-b', 'other');
    writeFileSync(join(linked, 'prompts/b.yaml'), 'content: linked b\n');
    repo.git('add', 'prompts/a.yaml');
    repo.git('-C', linked, 'commit', '--quiet', '--all', '--message', 'x');
    expect(seen().changed).toEqual(['b']);
    expect(seen().diff).toContain('linked b');
    expect(seen().diff).not.toContain('new a');
  });

  it('with a relative index of the caller, wherever it is called from', async () => {
    repo.git('add', 'prompts/a.yaml');
    repo.git('read-tree', '--index-output=.git/other-index', 'HEAD');
    const env = { GIT_INDEX_FILE: '../.git/other-index', GIT_DIR: '../.git', GIT_WORK_TREE: '..' };
    const run = await repo.promptv(['status', '--staged', '--json'], { cwd: join(repo.dir, 'prompts'), env });
    expect(run.exitCode).toBe(0);
    expect(run.json<Seen>().prompts.filter(({ state }) => state !== 'clean')).toEqual([]);
  });

  it('and a save in there is refused, so that the commit in progress stays whole', () => {
    installHook(join(repo.dir, '.git/hooks'), [`${promptv} save a --json 2> ${quote(note('error'))}`]);
    expect(() => repo.git('commit', '--quiet', '--all', '--message', 'x')).toThrow();
    const last = readFileSync(note('error'), 'utf8').trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last).error).toMatchObject({ code: 'INSIDE_COMMIT' });
    expect(repo.git('tag', '--list', '*@1.0.1')).toBe('');
    expect(repo.git('rev-list', '--count', 'HEAD')).toBe('1');
  });

  it('and a save from outside runs its hook once, whose own promptv does nothing', async () => {
    installHook(join(repo.dir, '.git/hooks'), [
      ...noting(),
      `${promptv} save b || exit 1`,
      `echo run >> ${quote(note('runs'))}`,
    ]);
    const run = await repo.promptv(['save', 'a', '--json']);
    expect(run.exitCode).toBe(0);
    expect(readFileSync(note('runs'), 'utf8')).toBe('run\n');
    expect(seen().changed).toEqual(['a']);
    expect(repo.git('tag', '--list', 'prompts/*@1.0.1')).toBe('prompts/a@1.0.1');
  });

  it('a hook that reformats the prompt: tag, hash and index agree with the commit', async () => {
    installHook(join(repo.dir, '.git/hooks'), [
      `printf '# formatted\\ncontent: formatted\\n' > prompts/a.yaml && git add prompts/a.yaml`,
    ]);
    const run = await repo.promptv(['save', 'a', '--json']);
    expect(run.exitCode).toBe(0);
    const [{ contentHash } = { contentHash: '' }] = run.json<{ saved: { contentHash: string }[] }>().saved;
    const shown = (await repo.promptv(['show', 'a@1.0.1', '--json'])).json<{
      contentHash: string;
      document: { content: string };
    }>();
    expect(shown).toMatchObject({ contentHash, document: { content: 'formatted' } });
    expect(repo.git('show', 'HEAD:prompts/a.yaml')).toContain('# formatted');
    expect(repo.git('status', '--porcelain', 'prompts/a.yaml')).toBe('');
  });

  it('a hook that refuses leaves no tag, no commit and nothing staged', async () => {
    installHook(join(repo.dir, '.git/hooks'), ['echo "too long" >&2', 'exit 1']);
    repo.write('prompts/fresh.yaml', 'content: f\n');
    const before = repo.git('status', '--porcelain=v2');
    const run = await repo.promptv(['save', 'a', 'fresh', '--json']);
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(run.error()).toMatchObject({
      code: 'HOOK_REFUSED',
      message: expect.stringContaining('too long'),
      hint: expect.stringContaining('--no-verify'),
    });
    expect(repo.git('status', '--porcelain=v2')).toBe(before);
    expect(repo.git('tag', '--list', '*@1.0.1', '*fresh*')).toBe('');
    expect((await repo.promptv(['save', 'a', 'fresh', '--no-verify'])).exitCode).toBe(0);
  });
});
