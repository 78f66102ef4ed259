import { afterAll, describe, expect, it } from 'vitest';
import { submitApproval } from '../../src/index.ts';
import { as } from '../helpers/approvals.ts';
import {
  createDeliveryRepo,
  environmentsConfig,
  inPlace,
  pointerOf,
  promoteIn,
} from '../helpers/delivery.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';

const branch = 'promptv-state';
const names = Array.from({ length: 8 }, (_, n) => `p${n}`);
const repos: TempRepo[] = [];
afterAll(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const makeClones = async (files: readonly string[], versions: number): Promise<TempRepo[]> => {
  const config = environmentsConfig(undefined, `state:\n  branch: ${branch}\n`);
  const origin = await createDeliveryRepo({ files: config, names: files, versions, remote: true });
  repos.push(origin);
  return names.map(() => origin.clone());
};

const fetched = (repo: TempRepo): { readonly revision: string } => {
  repo.git('fetch', '--quiet', 'origin');
  return { revision: `origin/${branch}` };
};

describe('eight clones that promote at once with --push on one state branch', () => {
  it('each its own prompt: every decision lands exactly once', async () => {
    const clones = await makeClones(names, 1);
    const runs = await Promise.all(
      clones.map((clone, n) =>
        clone.promptv(['promote', `p${n}`, '--env', 'production', '--push', '--json']),
      ),
    );
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(names.map(() => [0, '']));
    const [first] = clones;
    if (!first) throw new Error('There is no clone.');
    const place = fetched(first);
    for (const name of names) expect(pointerOf(first, name, place).deployments).toHaveLength(1);
    expect(first.git('rev-list', '--count', place.revision)).toBe('8');
    expect(first.git('rev-list', '--merges', '--count', place.revision)).toBe('0');
  });

  it('the same prompt, each its own version: all land in one unbroken chain', async () => {
    const clones = await makeClones(['greet'], 8);
    const runs = await Promise.all(
      clones.map((clone, n) =>
        clone.promptv(['promote', `greet@1.0.${n}`, '--env', 'production', '--push', '--json']),
      ),
    );
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(names.map(() => [0, '']));
    const [first] = clones;
    if (!first) throw new Error('There is no clone.');
    const { deployments, current } = pointerOf(first, 'greet', fetched(first));
    expect(deployments.map(({ version }) => version).sort()).toEqual(names.map((_, n) => `1.0.${n}`));
    expect(deployments.map(({ previousVersion }) => previousVersion)).toEqual([
      null,
      ...deployments.slice(0, -1).map(({ version }) => version),
    ]);
    expect(current).toBe(deployments.at(-1)?.version);
    // Reading it checks the chain of ids: another promotion would refuse a broken one.
    expect(await promoteIn(first, `greet@${current}`, { push: true })).toMatchObject({
      commit: null,
      pushed: false,
    });
  });
});

describe('eight clones that decide different things at once with --push on one state branch', () => {
  it('land each decision exactly once, and those about one file in order', async () => {
    const names = ['greet', 'hail'];
    const config = environmentsConfig(
      "  - name: production\n  - name: checked\n    approvals: [{ name: review, required: 3, approvers: ['*@example.com'] }]\n",
      `state:\n  branch: ${branch}\n`,
    );
    const origin = await createDeliveryRepo({ files: config, names, versions: 2, remote: true });
    repos.push(origin);
    await inPlace(origin, (it) => submitApproval(it, { ref: 'greet', environment: 'checked', push: true }));
    const review = ['approval', 'approve', 'greet', '--env', 'checked', '--stage', 'review'];
    const decisions: readonly (readonly [person: string, ...args: string[]])[] = [
      ['ada', ...review],
      ['bob', ...review],
      ['cid', ...review],
      ['ada', 'promote', 'greet@1.0.0', '--env', 'production'],
      ['bob', 'promote', 'greet@1.0.1', '--env', 'production'],
      ['cid', 'promote', 'hail@1.0.0', 'greet@1.0.0', '--env', 'production'],
      ['ada', 'annotate', 'greet', 'Too short.'],
      ['bob', 'approval', 'submit', 'hail', '--env', 'checked'],
    ];
    const clones = decisions.map(() => origin.clone());
    const runs = await Promise.all(
      decisions.map(([person, ...args], n) =>
        clones[n]?.promptv([...args, '--push', '--json'], { env: as(`${person}@example.com`) }),
      ),
    );
    expect(runs.map((run) => [run?.exitCode, run?.stderr])).toEqual(decisions.map(() => [0, '']));
    const place = fetched(origin);
    const made = runs.flatMap((run) => run?.json<{ readonly commit: string | null }>().commit ?? []);
    // The same version promoted twice in a row is one decision; everything else is a commit of its own.
    const landed = origin.git('rev-list', `${place.revision}`, '--not', branch).split('\n');
    expect(landed.sort()).toEqual(made.sort());
    expect(made.length).toBeGreaterThanOrEqual(7);
    expect(origin.git('rev-list', '--merges', '--count', place.revision)).toBe('0');
    const { deployments } = pointerOf(origin, 'greet', place);
    expect(deployments.map(({ previousVersion }) => previousVersion)).toEqual([
      null,
      ...deployments.slice(0, -1).map(({ version }) => version),
    ]);
    const files = origin.git('ls-tree', '-r', '--name-only', place.revision).split('\n');
    const of = (folder: string) => files.filter((path) => path.startsWith(`.promptv/${folder}`));
    expect(of('approvals/checked/review/greet@1.0.1/')).toHaveLength(4);
    expect([of('approvals/checked/review/hail@1.0.1/').length, of('annotations/').length]).toEqual([1, 1]);
    expect(pointerOf(origin, 'hail', place).deployments).toHaveLength(1);
  });
});
