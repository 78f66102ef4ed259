import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doctor } from '../../src/operations/doctor.ts';
import { rename } from '../../src/operations/rename.ts';
import { installHook, inWorkspace, promptText, saveIn, versionTags } from '../helpers/in-workspace.ts';
import {
  type KillMoment,
  killAtGitCall,
  killAtWrite,
  withGitCounter,
  withWriteCounter,
} from '../helpers/kill-points.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

/** One command, the state it starts from, and what there must be however often it was killed on its way. */
interface Scenario {
  readonly name: string;
  readonly prepare: (repo: TempRepo) => void;
  readonly args: readonly string[];
  /** Runs the same command again in this process. */
  readonly again: (repo: TempRepo) => Promise<unknown>;
  readonly tags: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

const start = {
  'prompts/greet.yaml': promptText('Hello, {{> tone}}.'),
  'prompts/greet.test.yaml': 'tests: []\n',
  'prompts/tone.yaml': promptText('calm'),
  'notes.txt': 'head\n',
};
const unrelated = { 'notes.txt': 'disk\n', 'staged.txt': 'staged\n', 'scratch.txt': 'untracked\n' };
const saved = ['greet@1.0.0', 'tone@1.0.0'];

/** A repository with two saved prompts and other work of the user's in every state. */
const makeRepo = async (scenario: Scenario): Promise<TempRepo> => {
  const repo = createTempRepo({ files: start });
  await saveIn(repo);
  for (const [path, text] of Object.entries(unrelated)) repo.write(path, text);
  repo.git('add', 'staged.txt');
  scenario.prepare(repo);
  return repo;
};

const scenarios: readonly Scenario[] = [
  {
    name: 'save of a new file',
    prepare: (repo) => repo.write('prompts/fresh.yaml', '# mine\ncontent:   Fresh.\n'),
    args: ['save', 'fresh'],
    again: (repo) => saveIn(repo, { names: ['fresh'] }),
    tags: ['fresh@1.0.0', ...saved],
    files: { ...start, ...unrelated, 'prompts/fresh.yaml': '# mine\ncontent:   Fresh.\n' },
  },
  {
    name: 'save of a modified file',
    prepare: (repo) => repo.write('prompts/tone.yaml', '# mine\r\ncontent: friendly\r\n'),
    args: ['save', 'tone', '-m', 'Friendlier'],
    again: (repo) => saveIn(repo, { names: ['tone'], message: 'Friendlier' }),
    tags: ['greet@1.0.0', 'tone@1.0.0', 'tone@1.0.1'],
    files: { ...start, ...unrelated, 'prompts/tone.yaml': '# mine\r\ncontent: friendly\r\n' },
  },
  {
    name: 'save of two files, one of them new',
    prepare: (repo) => {
      repo.write('prompts/tone.yaml', promptText('friendly'));
      repo.write('prompts/fresh.yaml', promptText('Fresh, {{> tone}}.'));
    },
    args: ['save', 'fresh', 'tone'],
    again: (repo) => saveIn(repo, { names: ['fresh', 'tone'] }),
    tags: ['fresh@1.0.0', 'greet@1.0.0', 'tone@1.0.0', 'tone@1.0.1'],
    files: {
      ...start,
      ...unrelated,
      'prompts/tone.yaml': promptText('friendly'),
      'prompts/fresh.yaml': promptText('Fresh, {{> tone}}.'),
    },
  },
  {
    name: 'save of a file that a hook rewrites',
    prepare: (repo) => {
      const path = 'prompts/tone.yaml';
      installHook(repo, 'pre-commit', `printf 'content: formatted\\n' > ${path}; git add ${path}`);
      repo.write(path, promptText('friendly'));
    },
    args: ['save', 'tone'],
    again: (repo) => saveIn(repo, { names: ['tone'] }),
    tags: ['greet@1.0.0', 'tone@1.0.0', 'tone@1.0.1'],
    files: { ...start, ...unrelated, 'prompts/tone.yaml': promptText('formatted') },
  },
  {
    name: 'rename',
    prepare: () => {},
    args: ['rename', 'tone', 'shared/voice'],
    again: async (repo) => {
      const request = { from: 'tone', to: 'shared/voice' };
      const renamed = await inWorkspace(repo, (workspace) => rename(workspace, request));
      expect(renamed).toMatchObject({
        path: 'prompts/shared/voice.yaml',
        commit: repo.git('rev-parse', 'HEAD'),
      });
      // A file that was being written stays beside its target until it is looked for.
      await inWorkspace(repo, (workspace) => doctor(workspace, { fix: true }));
    },
    tags: saved,
    files: {
      'prompts/greet.yaml': promptText('Hello, {{> shared/voice}}.'),
      'prompts/greet.test.yaml': 'tests: []\n',
      'prompts/shared/voice.yaml': promptText('calm'),
      ...unrelated,
    },
  },
];

const filesOf = (repo: TempRepo): Record<string, string> => {
  const entries = readdirSync(repo.dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.git') && statSync(join(repo.dir, path)).isFile())
    .map((path) => [path, readFileSync(join(repo.dir, path), 'utf8')]);
  return Object.fromEntries(entries);
};

const assertDone = (repo: TempRepo, scenario: Scenario): void => {
  expect(versionTags(repo)).toEqual(scenario.tags);
  expect(repo.git('rev-list', '--count', 'HEAD')).toBe('2');
  expect(filesOf(repo)).toEqual(scenario.files);
  expect(repo.git('status', '--porcelain')).toBe(' M notes.txt\nA  staged.txt\n?? scratch.txt');
  const names = repo
    .git('diff-tree', '--no-commit-id', '--name-only', '--no-renames', '-r', 'HEAD')
    .split('\n');
  expect(names.every((path) => path.startsWith('prompts/'))).toBe(true);
  expect(readdirSync(join(repo.dir, '.git')).filter((name) => /lock|promptv|tmp/.test(name))).toEqual([]);
  expect(repo.git('fsck', '--no-dangling')).toBe('');
};

/** The same repository once more; copying it is many times faster than making it. */
const copyRepo = (original: TempRepo): TempRepo => {
  const repo = createTempRepo({ init: false });
  cpSync(original.dir, repo.dir, { recursive: true });
  return repo;
};

type Kill = typeof killAtGitCall;

interface KillPoint {
  readonly kill: Kill;
  readonly point: number;
  readonly moment: KillMoment;
}

/** Kills one run and runs it again. Answers whether there was somebody left to kill. */
const assertSurvives = async (
  scenario: Scenario,
  original: TempRepo,
  { kill, point, moment }: KillPoint,
): Promise<boolean> => {
  const repo = copyRepo(original);
  try {
    const run = await repo.promptv(scenario.args, { env: kill(repo, point, moment) });
    // The process that serves objects ends with the command: then there is nobody left to kill.
    if (run.signal !== 'SIGKILL') expect([run.exitCode, run.stderr]).toEqual([0, '']);
    if (point % 2 === 0) await inWorkspace(repo, (workspace) => doctor(workspace, { fix: true }));
    await scenario.again(repo);
    assertDone(repo, scenario);
    return run.signal === 'SIGKILL';
  } catch (cause) {
    throw new Error(`killed ${moment} ${kill.name} ${point} (${repo.dir})`, { cause });
  } finally {
    repo.remove();
  }
};

/** Counts the points of an undisturbed run, so that none is missed, and then kills at each of them. */
const assertSurvivesAll = async (scenario: Scenario): Promise<void> => {
  const original = await makeRepo(scenario);
  const repo = copyRepo(original);
  const [git, disk] = [withGitCounter(repo), withWriteCounter(repo)];
  const run = await repo.promptv(scenario.args, { env: { ...git.env, ...disk.env } });
  expect([run.exitCode, run.stderr]).toEqual([0, '']);
  assertDone(repo, scenario);
  const [calls, writes] = [git.calls().length, disk.writes().length];
  repo.remove();
  expect(calls).toBeGreaterThanOrEqual(5);
  expect(writes).toBeGreaterThan(2);
  const points = (kill: Kill, count: number) =>
    Array.from({ length: count }, (_, n) =>
      (['before', 'after'] as const).map((moment) => ({ kill, point: n + 1, moment })),
    ).flat();
  const queue = [...points(killAtGitCall, calls), ...points(killAtWrite, writes)];
  const total = queue.length;
  let killed = 0;
  const work = async (): Promise<void> => {
    for (let next = queue.pop(); next; next = queue.pop())
      if (await assertSurvives(scenario, original, next)) killed++;
  };
  await Promise.all([work(), work(), work(), work()]);
  original.remove();
  // All but the end of the object server, and what may come after it.
  expect(killed).toBeGreaterThanOrEqual(total - 2);
};

describe('killed before and after every git call and every change of the disk, and run again', () => {
  it.each(scenarios)('a $name leaves one commit, one tag each, and nothing else', assertSurvivesAll, 240_000);
});
