import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRemote, createTempRepo, type TempRepo, withPathFirst } from '../helpers/temp-repo.ts';

describe('what git inherits reaches it on the network edge too', () => {
  let repo: TempRepo;
  let remote: string;

  const script = (name: string, lines: readonly string[]): string => {
    const path = join(repo.root, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`);
    chmodSync(path, 0o755);
    return path;
  };

  /** A git that behaves in its own way for one command, and is the real one for all others. */
  const gitThat = (command: string, lines: readonly string[]): { PATH: string } => {
    const real = `PATH=${JSON.stringify(repo.env.PATH)} exec git "$@"`;
    // simple-git puts its own options before the command.
    const test = `for word; do if [ "$word" = ${command} ]; then\n${lines.join('\n')}\nfi; done`;
    script('bin/git', [test, real]);
    return withPathFirst(repo.env, join(repo.root, 'bin'));
  };

  const push = (env: Record<string, string>) => repo.promptv(['save', 'a', '--push', '--json'], { env });
  const tagsOfRemote = (): string => repo.git('--git-dir', remote, 'tag', '--list');

  beforeEach(() => {
    repo = createTempRepo({ files: { 'prompts/a.yaml': 'content: a\n' } });
    remote = createRemote(repo);
  });

  afterEach(() => repo.remove());

  it('GIT_SSH_COMMAND, and with it whatever other programs the user has chosen', async () => {
    const programs = {
      EDITOR: 'true',
      GIT_EDITOR: 'true',
      GIT_SEQUENCE_EDITOR: 'true',
      PAGER: 'cat',
      GIT_PAGER: 'cat',
      GIT_ASKPASS: 'true',
      SSH_ASKPASS: 'true',
      GIT_PROXY_COMMAND: 'true',
      GIT_EXTERNAL_DIFF: 'true',
      GIT_TEMPLATE_DIR: repo.root,
      PREFIX: '/usr',
    };
    const log = join(repo.root, 'ssh-log');
    const ssh = script('ssh', [`echo "$1" >> '${log}'`, 'for last; do :; done', 'exec sh -c "$last"']);
    repo.git('remote', 'set-url', 'origin', `ssh://user@host.invalid${remote}`);
    const run = await push({ GIT_SSH_COMMAND: ssh, GIT_SSH_VARIANT: 'simple', ...programs });
    expect(run.stderr).toBe('');
    expect(run.json()).toMatchObject({ pushed: true });
    expect(tagsOfRemote()).toBe('prompts/a@1.0.0');
    expect(readFileSync(log, 'utf8')).toMatch(/^(user@host\.invalid\n)+$/);
  });

  it('configuration in GIT_CONFIG_COUNT, of every kind that a CI sets', async () => {
    repo.git('remote', 'set-url', 'origin', 'nowhere:remote');
    const settings = {
      [`url.${remote}.insteadOf`]: 'nowhere:remote',
      'credential.helper': 'store',
      'core.hooksPath': '/nowhere',
      'core.sshCommand': 'ssh',
      'core.askPass': 'true',
      'core.editor': 'true',
      'core.pager': 'cat',
      'core.fsmonitor': 'false',
      'core.gitProxy': 'none',
      'include.path': '/nowhere/config',
      'gpg.program': 'gpg',
      'protocol.allow': 'always',
      'filter.lfs.process': 'git-lfs filter-process',
      'diff.external': 'true',
      'alias.x': 'status',
      'init.templateDir': '/nowhere',
      'remote.other.uploadpack': 'git-upload-pack',
    };
    const entries = Object.entries(settings).flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]);
    const count = String(Object.keys(settings).length);
    const run = await push({ GIT_CONFIG_COUNT: count, ...Object.fromEntries(entries) });
    expect(run.stderr).toBe('');
    expect(tagsOfRemote()).toBe('prompts/a@1.0.0');
  });

  it('a failure without a word is a failure, and what was saved stays to be pushed', async () => {
    const run = await push(gitThat('push', ['exit 7']));
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(run.error()).toMatchObject({ code: 'REMOTE_UNREACHABLE', message: expect.stringContaining('7') });
    expect(tagsOfRemote()).toBe('');
    expect(repo.git('tag', '--list')).toBe('prompts/a@1.0.0');
    expect((await push({})).json()).toMatchObject({ pushed: true });
    expect(tagsOfRemote()).toBe('prompts/a@1.0.0');
  });

  it('an answer ends when its stream ends, not some time after the process', async () => {
    // The last line comes from a child that outlives git; a fixed wait after the exit would miss it.
    const late = `(sleep 0.4; printf '%040d\\trefs/tags/prompts/a@9.0.0\\n' 1) &`;
    const run = await push(gitThat('ls-remote', [late, 'exit 0']));
    // The remote is said to have 9.0.0, which cannot be fetched: had the line been missed, the save would go on.
    expect(run.exitCode).toBe(1);
    expect(repo.git('tag', '--list')).toBe('');
  });

  it.each([
    '--upload-pack=touch pwned',
    '--receive-pack=touch pwned',
    'ext::touch pwned',
    '-x',
    'nowhere',
  ])('a remote called %s is only a name that nobody knows', async (name) => {
    const run = await repo.promptv(['save', 'a', '--push', `--remote=${name}`, '--json']);
    expect(run.exitCode).toBe(1);
    expect(run.error().code).toMatch(/^REMOTE_/);
    expect(existsSync(join(repo.dir, 'pwned'))).toBe(false);
    expect(repo.git('tag', '--list')).toBe('');
  });

  it('credentials in the address of a remote appear in no message', async () => {
    repo.git('remote', 'set-url', 'origin', 'https://user:s3cret@127.0.0.1:1/x.git');
    const run = await repo.promptv(['save', 'a', '--push', '--debug', '--json']);
    expect(run.exitCode).toBe(1);
    expect(run.error().code).toBe('REMOTE_UNREACHABLE');
    expect(run.stderr + run.stdout).not.toContain('s3cret');
  });
});
