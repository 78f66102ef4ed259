import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createDeliveryRepo, environmentsConfig, pointerOf, promoteIn } from '../helpers/delivery.ts';
import {
  type KillMoment,
  killAtGitCall,
  killAtWrite,
  withGitCounter,
  withWriteCounter,
} from '../helpers/kill-points.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';

const branch = 'promptv-state';
const repos: TempRepo[] = [];
afterAll(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

/** A rollout whose first step has been over for half an hour: one tick advances it, the next one waits. */
const makeRepo = async ({ remote = false, onState = false } = {}): Promise<TempRepo> => {
  const files = {
    ...environmentsConfig(undefined, onState ? `state:\n  branch: ${branch}\n` : ''),
    '.gitignore': '.promptv/cache/\n.promptv/metrics/\n',
  };
  const repo = await createDeliveryRepo({ files, versions: 2, remote });
  repos.push(repo);
  const now = () => new Date(Date.now() - 5_400_000);
  await promoteIn(repo, 'greet@1.0.0', { push: remote }, { now });
  const steps = [10, 50, 100].map((weight) => ({ weight, holdMs: weight === 100 ? 0 : 3_600_000 }));
  const request = { strategy: 'gradual', push: remote, rollout: { steps, gates: [] } };
  await promoteIn(repo, 'greet@1.0.1', request, { now });
  return repo;
};

const tick = ['rollout', 'tick', 'greet', '--env', 'production', '--json'];
const actionsOf = (repo: TempRepo, revision = 'HEAD'): string[] =>
  pointerOf(repo, 'greet', { revision }).rollout?.events.map(({ action, weight }) => `${action} ${weight}`) ??
  [];
const advancedOnce = ['create 0', 'start 10', 'advance 50'];

/** An empty lock was killed between its making and its writing; it counts as left behind after ten seconds. */
const letTimePass = (repo: TempRepo): void => {
  const lock = join(repo.dir, '.git/promptv.lock');
  if (existsSync(lock) && statSync(lock).size === 0) utimesSync(lock, 0, 0);
};

interface Point {
  readonly kill: typeof killAtGitCall;
  readonly point: number;
  readonly moment: KillMoment;
}

const survive = async ({ kill, point, moment }: Point): Promise<boolean> => {
  const repo = await makeRepo();
  const commits = Number(repo.git('rev-list', '--count', 'HEAD'));
  const run = await repo.promptv(tick, { env: kill(repo, point, moment) });
  letTimePass(repo);
  const again = await repo.promptv(tick);
  expect([point, moment, again.exitCode, again.stderr]).toEqual([point, moment, 0, '']);
  expect(actionsOf(repo)).toEqual(advancedOnce);
  expect(Number(repo.git('rev-list', '--count', 'HEAD'))).toBe(commits + 1);
  expect(readdirSync(join(repo.dir, '.git')).filter((name) => /lock|promptv-|tmp/.test(name))).toEqual(
    ['promptv-cache-key'].filter((name) => existsSync(join(repo.dir, '.git', name))),
  );
  expect(repo.git('status', '--porcelain')).toBe('');
  return run.signal === 'SIGKILL';
};

const countSteps = async (): Promise<Point[]> => {
  const repo = await makeRepo();
  const [git, disk] = [withGitCounter(repo), withWriteCounter(repo)];
  const run = await repo.promptv(tick, { env: { ...git.env, ...disk.env } });
  expect([run.exitCode, run.stderr]).toEqual([0, '']);
  const points = (kill: Point['kill'], count: number): Point[] => [
    ...Array.from({ length: count }, (_, n) => ({ kill, point: n + 1, moment: 'before' as const })),
    { kill, point: count, moment: 'after' },
  ];
  return [...points(killAtGitCall, git.calls().length), ...points(killAtWrite, disk.writes().length)];
};

describe('a tick', () => {
  it('killed before and after every git call and every change of the disk is done once by the next', async () => {
    const points = await countSteps();
    expect(points.length).toBeGreaterThan(10);
    let killed = 0;
    const work = async (): Promise<void> => {
      for (let next = points.pop(); next; next = points.pop()) if (await survive(next)) killed += 1;
    };
    const total = points.length;
    await Promise.all([work(), work()]);
    expect(killed).toBeGreaterThanOrEqual(total - 3);
  }, 240_000);

  it('twice at once in one clone makes one transition', async () => {
    const repo = await makeRepo();
    const runs = await Promise.all([repo.promptv(tick), repo.promptv(tick)]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(runs.map((run) => run.json().outcome).sort()).toEqual(['advanced', 'waiting']);
    expect(actionsOf(repo)).toEqual(advancedOnce);
  });

  it.each([
    { where: 'on a state branch', onState: true, decided: branch },
    { where: 'on the checked-out branch', onState: false, decided: 'main' },
  ])('at once in two clones that push makes one transition $where', async ({ onState, decided }) => {
    const origin = await makeRepo({ remote: true, onState });
    const clones = [origin.clone(), origin.clone()];
    const runs = await Promise.all(clones.map((clone) => clone.promptv([...tick, '--push'])));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(runs.map((run) => run.json().outcome).sort()).toEqual(['advanced', 'waiting']);
    origin.git('fetch', '--quiet', 'origin');
    expect(actionsOf(origin, `origin/${decided}`)).toEqual(advancedOnce);
    for (const clone of clones) {
      expect(clone.git('rev-list', `origin/${decided}..${decided}`)).toBe('');
      expect(clone.git('status', '--porcelain')).toBe('');
    }
  });

  it('loops until SIGTERM, and ends cleanly then', async () => {
    const repo = await makeRepo();
    const run = await repo.promptv(
      ['rollout', 'run', 'greet', '--env', 'production', '--every', '1h', '--json'],
      {
        env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(stopAtFirstLine)}` },
      },
    );
    expect([run.exitCode, run.signal, run.stderr]).toEqual([0, null, '']);
    expect(run.json()).toMatchObject({ outcome: 'advanced', rollout: { weight: 50 } });
    expect(actionsOf(repo)).toEqual(advancedOnce);
  });
});

/** Sends the program SIGTERM when it has written its first line. */
const stopAtFirstLine = `
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (chunk, ...rest) => {
  if (String(chunk).includes('outcome')) setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);
  return write(chunk, ...rest);
};`;
