import { afterAll, describe, expect, it } from 'vitest';
import { createDeliveryRepo, environmentsConfig, pointerOf, promoteIn } from '../helpers/delivery.ts';
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
