import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { showExperiment } from '../../src/index.ts';
import { pointerPath, versionsRun } from '../helpers/delivery.ts';
import { createIn, createTestedRepo, experimentFile, startIn, stopIn } from '../helpers/experiments.ts';
import { killAtGitCall, killAtWrite, withGitCounter, withWriteCounter } from '../helpers/kill-points.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { call } from '../helpers/work-in.ts';

interface Scenario {
  readonly name: string;
  readonly prepare: (repo: TempRepo) => Promise<unknown>;
  readonly args: readonly string[];
  readonly again: (repo: TempRepo) => Promise<unknown>;
  readonly state: string;
  readonly files: readonly string[];
  readonly versions: readonly string[];
}

const scenarios: readonly Scenario[] = [
  {
    name: 'start',
    prepare: (repo) => createIn(repo),
    args: ['abtest', 'start', 'tone'],
    again: (repo) => startIn(repo),
    state: 'running',
    files: [experimentFile],
    versions: ['1.0.0'],
  },
  {
    name: 'stop that promotes the winner',
    prepare: async (repo) => {
      await createIn(repo);
      await startIn(repo);
    },
    args: ['abtest', 'stop', 'tone', '--winner', 'treatment', '--promote', 'production'],
    again: (repo) => stopIn(repo, { winner: 'treatment', promote: 'production' }),
    state: 'concluded',
    files: [pointerPath(), experimentFile],
    versions: ['1.0.0', '1.0.1'],
  },
];

const makeRepo = async ({ prepare }: Scenario): Promise<TempRepo> => {
  const repo = await createTestedRepo({ files: { 'notes.txt': 'head\n' } });
  await prepare(repo);
  repo.write('notes.txt', 'disk\n');
  return repo;
};

const assertDone = async (repo: TempRepo, { state, files, versions }: Scenario, before: string) => {
  expect((await call(repo, showExperiment, { id: 'tone' })).experiment.state).toBe(state);
  expect(versionsRun(repo)).toEqual(versions);
  expect(repo.git('rev-list', '--count', `${before}..HEAD`)).toBe('1');
  expect(repo.git('diff-tree', '--no-commit-id', '--name-only', '-r', 'HEAD').split('\n').sort()).toEqual(
    files,
  );
  expect(repo.git('status', '--porcelain')).toBe(' M notes.txt');
  expect(readdirSync(join(repo.dir, '.git')).filter((name) => /lock|promptv|tmp/.test(name))).toEqual([]);
};

/** An empty lock was killed between its making and its writing; it counts as left behind after ten seconds. */
const letTimePass = (repo: TempRepo): void => {
  const lock = join(repo.dir, '.git/promptv.lock');
  if (existsSync(lock) && statSync(lock).size === 0) utimesSync(lock, 0, 0);
};

type Kill = typeof killAtGitCall;
type Point = readonly [kill: Kill, step: number, moment: 'before' | 'after'];

const survive = async (scenario: Scenario, [kill, step, moment]: Point): Promise<boolean> => {
  const repo = await makeRepo(scenario);
  try {
    const before = repo.git('rev-parse', 'HEAD');
    const run = await repo.promptv(scenario.args, { env: kill(repo, step, moment) });
    if (run.signal !== 'SIGKILL') expect([run.exitCode, run.stderr]).toEqual([0, '']);
    letTimePass(repo);
    await scenario.again(repo);
    await assertDone(repo, scenario, before);
    return run.signal === 'SIGKILL';
  } catch (error) {
    throw new Error(`${scenario.name}, killed ${moment} ${kill.name} ${step}`, { cause: error });
  } finally {
    repo.remove();
  }
};

const listPoints = async (scenario: Scenario): Promise<Point[]> => {
  const repo = await makeRepo(scenario);
  const before = repo.git('rev-parse', 'HEAD');
  const [git, disk] = [withGitCounter(repo), withWriteCounter(repo)];
  const run = await repo.promptv(scenario.args, { env: { ...git.env, ...disk.env } });
  expect([run.exitCode, run.stderr]).toEqual([0, '']);
  await assertDone(repo, scenario, before);
  const points = (kill: Kill, count: number): Point[] => [
    ...Array.from({ length: count }, (_, at) => [kill, at + 1, 'before'] as const),
    [kill, count, 'after'],
  ];
  const found = [...points(killAtGitCall, git.calls().length), ...points(killAtWrite, disk.writes().length)];
  repo.remove();
  return found;
};

describe('an experiment killed before and after every git call and every change of the disk, and run again', () => {
  it.each(scenarios)('leaves one commit of a $name and nothing else', async (scenario) => {
    const queue = await listPoints(scenario);
    const total = queue.length;
    expect(total).toBeGreaterThan(12);
    let killed = 0;
    const work = async (): Promise<void> => {
      for (let next = queue.pop(); next; next = queue.pop()) if (await survive(scenario, next)) killed++;
    };
    await Promise.all([work(), work(), work()]);
    expect(killed).toBeGreaterThanOrEqual(total - 3);
  }, 240_000);
});
