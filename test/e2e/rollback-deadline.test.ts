import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createDeliveryRepo,
  environmentsConfig,
  promoteIn,
  rollbackIn,
  versionsRun,
} from '../helpers/delivery.ts';
import { type TempRepo, withPathFirst } from '../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const make = async (): Promise<TempRepo> => {
  const config = environmentsConfig('  - name: production\n    sla: 1500ms\n');
  const repo = await createDeliveryRepo({ files: config, versions: 2, remote: true });
  repos.push(repo);
  await promoteIn(repo, 'greet@1.0.0');
  await promoteIn(repo, 'greet@1.0.1', { push: true });
  return repo;
};

/** A git that never ends for one command; what it waits with goes on when it is killed. */
const hangingGit = (repo: TempRepo, command: string): Record<string, string> => {
  const bin = join(repo.root, 'bin');
  mkdirSync(bin, { recursive: true });
  const git = execFileSync('/bin/sh', ['-c', 'command -v git'], { env: repo.env, encoding: 'utf8' }).trim();
  const script = `#!/bin/sh\ncase "$1" in ${command}) sleep 20; exit 1;; esac\nexec '${git}' "$@"\n`;
  writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
  return withPathFirst(repo.env, bin);
};

const leftovers = (repo: TempRepo): string[] =>
  readdirSync(join(repo.dir, '.git')).filter((name) => /lock|promptv/.test(name));

const args = ['rollback', 'greet', '--env', 'production', '--push', '--json'];

describe('a rollback past its SLA', () => {
  it.each([
    { command: 'cat-file', done: 'nothing', commits: 0 },
    { command: 'status', done: 'nothing', commits: 0 },
    { command: 'commit', done: 'nothing', commits: 0 },
    { command: 'push', done: 'the commit', commits: 1 },
  ])('with a git $command that hangs says what is done, leaves no lock and is finished by a repetition', async ({
    command,
    done,
    commits,
  }) => {
    const repo = await make();
    const before = Number(repo.git('rev-list', '--count', 'HEAD'));
    const started = performance.now();
    const run = await repo.promptv(args, { env: hangingGit(repo, command) });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect([run.exitCode, run.stdout, run.error().code]).toEqual([1, '', 'ROLLBACK_TIMEOUT']);
    expect(run.error().message).toContain(`Done: ${done}`);
    expect(Number(repo.git('rev-list', '--count', 'HEAD')) - before).toBe(commits);
    expect([leftovers(repo), repo.git('status', '--porcelain')]).toEqual([[], '']);
    expect(await rollbackIn(repo, 'greet', { push: true })).toMatchObject({
      pushed: true,
      rollbacks: [{ to: '1.0.0' }],
    });
    expect(versionsRun(repo)).toEqual(['1.0.0', '1.0.1', '1.0.0']);
    expect(repo.git('ls-remote', 'origin', 'refs/heads/main').slice(0, 40)).toBe(
      repo.git('rev-parse', 'HEAD'),
    );
  });

  it('in a hook after the commit knows that the commit is made', async () => {
    const repo = await make();
    const hook = join(repo.dir, '.git/hooks/post-commit');
    writeFileSync(hook, '#!/bin/sh\nsleep 20\n', { mode: 0o755 });
    const run = await repo.promptv(args);
    expect(run.error()).toMatchObject({
      code: 'ROLLBACK_TIMEOUT',
      details: { commit: repo.git('rev-parse', 'HEAD') },
    });
    expect([leftovers(repo), repo.git('status', '--porcelain')]).toEqual([[], '']);
    writeFileSync(hook, '#!/bin/sh\n', { mode: 0o755 });
    expect(await rollbackIn(repo, 'greet', { push: true })).toMatchObject({ commit: null, pushed: true });
    expect(versionsRun(repo)).toEqual(['1.0.0', '1.0.1', '1.0.0']);
  });

  it('waits no longer than that for another promptv', async () => {
    const repo = await make();
    const lock = join(repo.dir, '.git/promptv.lock');
    writeFileSync(
      lock,
      `${JSON.stringify({ pid: process.pid, host: 'elsewhere', since: new Date().toISOString() })}\n`,
    );
    const run = await repo.promptv(args);
    expect(run.error()).toMatchObject({
      code: 'ROLLBACK_TIMEOUT',
      message: expect.stringMatching(
        /Done: nothing\. Not done: the commit \(another promptv held the lock: process \d+ on elsewhere/,
      ),
      details: { commit: null },
    });
    expect(existsSync(lock)).toBe(true);
  });
});
