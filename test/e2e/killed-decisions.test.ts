import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EnvironmentState } from '../../src/core/environment/state.ts';
import { annotate, decideApproval } from '../../src/index.ts';
import { submitIn } from '../helpers/approvals.ts';
import {
  createDeliveryRepo,
  environmentsConfig,
  inPlace,
  pointerPath,
  promoteIn,
  rollbackIn,
} from '../helpers/delivery.ts';
import {
  type KillMoment,
  killAtGitCall,
  killAtWrite,
  withGitCounter,
  withWriteCounter,
} from '../helpers/kill-points.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';

const state = 'promptv-state';

interface Scenario {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly prepare: (repo: TempRepo) => Promise<unknown>;
  readonly args: readonly string[];
  readonly again: (repo: TempRepo) => Promise<unknown>;
  /** Where the decision must stand in the end, and how many commits that history has. */
  readonly revision: string;
  readonly commits: number;
  /** The file that the decision is in, and what must be right of its text in the end. */
  readonly path: string | RegExp;
  readonly assertFile: (text: string) => void;
  readonly pushes: boolean;
}

/** The versions that ran, in their order. */
const ran =
  (...versions: readonly string[]): Scenario['assertFile'] =>
  (text) => {
    const { deployments }: EnvironmentState = JSON.parse(text);
    expect(deployments.map(({ version }) => version)).toEqual(versions);
  };

const says =
  (fields: object): Scenario['assertFile'] =>
  (text) =>
    expect(JSON.parse(text)).toMatchObject(fields);

const stages = (more = ''): Readonly<Record<string, string>> =>
  environmentsConfig(
    "  - name: production\n    allowSelfApproval: true\n    approvals: [{ name: review, approvers: ['*@example.com'] }]\n",
    more,
  );
const reviewFolder = '.promptv/approvals/production/review/greet@1.0.1';
const submitted = (repo: TempRepo) => submitIn(repo, { ref: 'greet@1.0.1' });
const approved = (repo: TempRepo) =>
  inPlace(repo, (workspace) =>
    decideApproval(workspace, {
      ...{ ref: 'greet@1.0.1', environment: 'production', stage: 'review', decision: 'approve' },
    }),
  );
const remarked = (repo: TempRepo) =>
  inPlace(repo, (workspace) => annotate(workspace, { ref: 'greet@1.0.1', text: 'Short.' }));
const onReview = ['greet@1.0.1', '--env', 'production'] as const;

const scenarios: readonly Scenario[] = [
  {
    name: 'first promotion',
    config: environmentsConfig(),
    prepare: async () => {},
    args: ['promote', 'greet@1.0.1', '--env', 'production'],
    again: (repo) => promoteIn(repo, 'greet@1.0.1'),
    revision: 'HEAD',
    commits: 4,
    path: pointerPath(),
    assertFile: ran('1.0.1'),
    pushes: false,
  },
  {
    name: 'pushed rollback',
    config: environmentsConfig(),
    prepare: async (repo) => {
      await promoteIn(repo, 'greet@1.0.0');
      await promoteIn(repo, 'greet@1.0.1', { push: true });
    },
    args: ['rollback', 'greet', '--env', 'production', '--from', '1.0.1', '--push'],
    again: (repo) => rollbackIn(repo, 'greet', { from: '1.0.1', push: true }),
    revision: 'HEAD',
    commits: 6,
    path: pointerPath(),
    assertFile: ran('1.0.0', '1.0.1', '1.0.0'),
    pushes: true,
  },
  {
    name: 'pushed promotion on a state branch',
    config: environmentsConfig(undefined, `state:\n  branch: ${state}\n`),
    prepare: (repo) => promoteIn(repo, 'greet@1.0.0', { push: true }),
    args: ['promote', 'greet@1.0.1', '--env', 'production', '--push'],
    again: (repo) => promoteIn(repo, 'greet@1.0.1', { push: true }),
    revision: `refs/heads/${state}`,
    commits: 2,
    path: pointerPath(),
    assertFile: ran('1.0.0', '1.0.1'),
    pushes: true,
  },
  {
    name: 'submission',
    config: stages(),
    prepare: async () => {},
    args: ['approval', 'submit', ...onReview],
    again: submitted,
    revision: 'HEAD',
    commits: 4,
    path: `${reviewFolder}/request.json`,
    assertFile: says({ prompt: 'greet', version: '1.0.1' }),
    pushes: false,
  },
  {
    name: 'approval on a state branch',
    config: stages(`state:\n  branch: ${state}\n`),
    prepare: submitted,
    args: ['approval', 'approve', ...onReview, '--stage', 'review'],
    again: approved,
    revision: `refs/heads/${state}`,
    commits: 2,
    path: `${reviewFolder}/author%40example.com.json`,
    assertFile: says({ decision: 'approve', version: '1.0.1' }),
    pushes: false,
  },
  {
    name: 'remark',
    config: environmentsConfig(),
    prepare: async () => {},
    args: ['annotate', 'greet@1.0.1', 'Short.'],
    again: remarked,
    revision: 'HEAD',
    commits: 4,
    path: /^\.promptv\/annotations\/greet@1\.0\.1\/[^/]+\.json$/,
    assertFile: says({ text: 'Short.', mark: null }),
    pushes: false,
  },
];

const unrelated = { 'notes.txt': 'disk\n', 'staged.txt': 'staged\n', 'scratch.txt': 'untracked\n' };

const makeRepo = async ({ config, prepare, pushes }: Scenario): Promise<TempRepo> => {
  const files = { ...config, 'notes.txt': 'head\n' };
  const repo = await createDeliveryRepo({ files, versions: 2, remote: pushes });
  await prepare(repo);
  for (const [path, text] of Object.entries(unrelated)) repo.write(path, text);
  repo.git('add', 'staged.txt');
  return repo;
};

const assertDone = (repo: TempRepo, { revision, commits, path, assertFile, pushes }: Scenario): void => {
  expect(repo.git('rev-list', '--count', revision)).toBe(String(commits));
  const changed = repo.git('diff-tree', '--no-commit-id', '--name-only', '-r', '--root', revision);
  if (path instanceof RegExp) expect(changed).toMatch(path);
  else expect(changed).toBe(path);
  assertFile(repo.git('show', `${revision}:${changed}`));
  expect(repo.git('status', '--porcelain')).toBe(' M notes.txt\nA  staged.txt\n?? scratch.txt');
  for (const [path, text] of Object.entries(unrelated))
    expect(readFileSync(join(repo.dir, path), 'utf8')).toBe(text);
  expect(readdirSync(join(repo.dir, '.git')).filter((name) => /lock|promptv|tmp/.test(name))).toEqual([]);
  expect(repo.git('fsck', '--no-dangling')).toBe('');
  if (!pushes) return;
  const branch = revision === 'HEAD' ? 'refs/heads/main' : revision;
  expect(repo.git('ls-remote', 'origin', branch).slice(0, 40)).toBe(repo.git('rev-parse', revision));
};

/** An empty lock was killed between its making and its writing; it counts as left behind after ten seconds. */
const letTimePass = (repo: TempRepo): void => {
  const lock = join(repo.dir, '.git/promptv.lock');
  if (existsSync(lock) && statSync(lock).size === 0) utimesSync(lock, 0, 0);
};

type Kill = typeof killAtGitCall;
interface Point {
  readonly kill: Kill;
  readonly point: number;
  readonly moment: KillMoment;
}

const survive = async (scenario: Scenario, { kill, point, moment }: Point): Promise<boolean> => {
  const repo = await makeRepo(scenario);
  try {
    const run = await repo.promptv(scenario.args, { env: kill(repo, point, moment) });
    if (run.signal !== 'SIGKILL') expect([run.exitCode, run.stderr]).toEqual([0, '']);
    letTimePass(repo);
    await scenario.again(repo);
    assertDone(repo, scenario);
    return run.signal === 'SIGKILL';
  } catch (error) {
    throw new Error(`${scenario.name}, killed ${moment} ${kill.name} ${point}`, { cause: error });
  } finally {
    repo.remove();
  }
};

const countSteps = async (scenario: Scenario): Promise<readonly Point[]> => {
  const repo = await makeRepo(scenario);
  const [git, disk] = [withGitCounter(repo), withWriteCounter(repo)];
  const run = await repo.promptv(scenario.args, { env: { ...git.env, ...disk.env } });
  expect([run.exitCode, run.stderr]).toEqual([0, '']);
  assertDone(repo, scenario);
  // After one step is before the next one, so only the last needs both.
  const points = (kill: Kill, count: number): Point[] => [
    ...Array.from({ length: count }, (_, n) => ({ kill, point: n + 1, moment: 'before' as const })),
    { kill, point: count, moment: 'after' },
  ];
  const found = [...points(killAtGitCall, git.calls().length), ...points(killAtWrite, disk.writes().length)];
  repo.remove();
  return found;
};

describe('killed before and after every git call and every change of the disk, and run again', () => {
  it.each(scenarios)('a $name leaves one decision, one commit and nothing else', async (scenario) => {
    const queue = [...(await countSteps(scenario))];
    const total = queue.length;
    expect(total).toBeGreaterThan(15);
    let killed = 0;
    const work = async (): Promise<void> => {
      for (let next = queue.pop(); next; next = queue.pop()) if (await survive(scenario, next)) killed++;
    };
    await Promise.all([work(), work(), work()]);
    // All but the end of the object server, and what may come after it.
    expect(killed).toBeGreaterThanOrEqual(total - 3);
  }, 240_000);
});
