import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pendingApprovals } from '../../src/operations/approval/pending.ts';
import { diff } from '../../src/operations/diff.ts';
import { list } from '../../src/operations/list.ts';
import { log } from '../../src/operations/log.ts';
import { promote } from '../../src/operations/promote.ts';
import { show } from '../../src/operations/show.ts';
import { status } from '../../src/operations/status.ts';
import type { Workspace } from '../../src/operations/workspace.ts';
import { decideIn, makeApprovalRepo, submitIn, twoStages } from '../helpers/approvals.ts';
import { inWorkspace, promptText, saveIn } from '../helpers/in-workspace.ts';
import { withGitCounter } from '../helpers/kill-points.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

/** A repository whose prompts have two versions each. */
const makePrompts = async (count: number): Promise<TempRepo> => {
  const names = Array.from({ length: count }, (_, n) => `p${n}`);
  const repo = createTempRepo();
  for (const text of ['one', 'two']) {
    for (const name of names) repo.write(`prompts/${name}.yaml`, promptText(text));
    await saveIn(repo);
  }
  return repo;
};

const countCalls = async (
  repo: TempRepo,
  work: (workspace: Workspace) => Promise<unknown>,
): Promise<string[]> => {
  const counter = withGitCounter(repo);
  await inWorkspace(repo, work, { env: counter.env });
  return counter.calls();
};

let few: TempRepo;
let many: TempRepo;
beforeAll(async () => {
  [few, many] = await Promise.all([makePrompts(3), makePrompts(30)]);
});
afterAll(() => {
  few.remove();
  many.remove();
});

describe('git processes', () => {
  it.each([
    { file: 'a changed prompt', name: 'p1', most: 8 },
    { file: 'a new prompt', name: 'fresh', most: 8 },
  ])('are at most $most for the save of $file', async ({ name, most }) => {
    many.write(`prompts/${name}.yaml`, promptText('three'));
    const counter = withGitCounter(many);
    const { saved } = await saveIn(many, { names: [name] }, { env: counter.env });
    expect(saved).toHaveLength(1);
    expect(counter.calls()).toContainEqual(expect.stringMatching(/^commit /));
    expect(counter.calls().length).toBeLessThanOrEqual(most);
  });

  it('are at most 4 for a save that finds nothing to do', async () => {
    const counter = withGitCounter(many);
    const { unchanged } = await saveIn(many, { names: ['p0'] }, { env: counter.env });
    expect(unchanged).toHaveLength(1);
    expect(counter.calls().length).toBeLessThanOrEqual(4);
  });

  it.each([
    { command: 'log', work: (it: Workspace) => log(it, { name: 'p2' }) },
    { command: 'show', work: (it: Workspace) => show(it, { ref: 'p2@1.0.0' }) },
    { command: 'diff', work: (it: Workspace) => diff(it, { operands: ['p2@1.0.0', 'p2@latest'] }) },
  ])('are at most 3 for $command', async ({ work }) => {
    const calls = await countCalls(many, work);
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(calls.length).toBeLessThanOrEqual(3);
  });

  it.each([
    { command: 'status', work: (it: Workspace) => status(it, {}) },
    { command: 'list', work: (it: Workspace) => list(it, {}) },
    { command: 'log without a name', work: (it: Workspace) => log(it, {}) },
  ])('do not grow with the number of prompts for $command', async ({ work }) => {
    const [callsOfFew, callsOfMany] = [await countCalls(few, work), await countCalls(many, work)];
    expect(callsOfMany.length).toBe(callsOfFew.length);
    expect(callsOfMany.length).toBeLessThanOrEqual(5);
  });

  it('do not grow with the prompts for a promotion through stages of approval', async () => {
    const repo = await makeApprovalRepo(twoStages('    allowSelfApproval: true\n'), {
      'prompts/other.yaml': promptText('Other.'),
      'prompts/third.yaml': promptText('Third.'),
    });
    const refs = ['greet', 'other', 'third'];
    for (const ref of refs) {
      await submitIn(repo, { ref });
      for (const email of ['ada@example.com', 'bob@team.example.com']) await decideIn(repo, email, { ref });
      await decideIn(repo, 'linus@example.com', { ref, stage: 'safety' });
    }
    const promoteThem = async (names: readonly string[]): Promise<number> => {
      const calls = await countCalls(repo, (it) =>
        promote(it, { refs: names, environment: 'production', dryRun: true }),
      );
      return calls.length;
    };
    expect(await promoteThem(refs)).toBe(await promoteThem(refs.slice(0, 2)));
    repo.remove();
  });

  it('do not grow with the versions for a list of what waits for a decision', async () => {
    const repo = await makeApprovalRepo(twoStages(), {
      'prompts/other.yaml': promptText('Other.'),
      'prompts/third.yaml': promptText('Third.'),
    });
    const countAfter = async (ref: string): Promise<number> => {
      await submitIn(repo, { ref });
      await decideIn(repo, 'bob@team.example.com', { ref });
      const calls = await countCalls(repo, async (it) => {
        const { stages, warnings } = await pendingApprovals(it, {});
        expect([stages.map(({ prompt }) => prompt), warnings]).toEqual([expect.arrayContaining([ref]), []]);
      });
      return calls.length;
    };
    await countAfter('greet');
    expect(await countAfter('other')).toBe(await countAfter('third'));
    repo.remove();
  });

  it('grow by the tags alone for a sweep of many changed prompts', async () => {
    const sweep = async (repo: TempRepo, numbers: readonly number[]): Promise<string[]> => {
      for (const n of numbers) repo.write(`prompts/p${n}.yaml`, promptText('sweep'));
      const counter = withGitCounter(repo);
      await saveIn(repo, {}, { env: counter.env });
      return counter.calls();
    };
    expect((await sweep(many, [10, 11, 12])).length).toBe((await sweep(few, [0, 1, 2])).length);
  });
});
