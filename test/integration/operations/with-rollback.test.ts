import { afterEach, describe, expect, it } from 'vitest';
import { withRollback } from '../../../src/operations/delivery/with-rollback.ts';
import { promote } from '../../../src/operations/promote.ts';
import type { Workspace } from '../../../src/operations/workspace.ts';
import { createDeliveryRepo, inPlace, pointerOf, promoteIn, versionsRun } from '../../helpers/delivery.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const make = async (): Promise<TempRepo> => {
  const repo = await createDeliveryRepo({ names: ['greet', 'other'], versions: 2 });
  repos.push(repo);
  for (const ref of ['greet@1.0.0', 'other@1.0.0']) await promoteIn(repo, ref);
  return repo;
};

const run = <T>(repo: TempRepo, work: (workspace: Workspace) => Promise<T>): Promise<T> =>
  inPlace(repo, (workspace) =>
    withRollback(workspace, { names: ['greet', 'other'], environment: 'production' }, () => work(workspace)),
  );

const promoteGreet = (workspace: Workspace, more = {}) =>
  promote(workspace, { refs: ['greet@1.0.1'], environment: 'production', ...more });

describe('withRollback', () => {
  it('answers what the callback answers, and leaves what it promoted', async () => {
    const repo = await make();
    expect(await run(repo, async (workspace) => (await promoteGreet(workspace)).promotions.length)).toBe(1);
    expect(versionsRun(repo)).toEqual(['1.0.0', '1.0.1']);
  });

  it('puts back what the callback moved, and that alone, and throws its error on', async () => {
    const repo = await make();
    const failure = new Error('The smoke test failed.');
    const work = async (workspace: Workspace) => {
      await promoteGreet(workspace);
      throw failure;
    };
    await expect(run(repo, work)).rejects.toBe(failure);
    expect(versionsRun(repo)).toEqual(['1.0.0', '1.0.1', '1.0.0']);
    expect(versionsRun(repo, 'other')).toEqual(['1.0.0']);
    expect(pointerOf(repo).deployments.at(-1)).toMatchObject({
      ...{ trigger: 'automatic', triggeredBy: 'withRollback', reason: 'rolled back: The smoke test failed.' },
    });
  });

  it.each([
    ['colours and lines', 'expected \u001b[31m200\u001b[39m\n  got 500', 'expected 200 got 500'],
    ['a control character', 'a\u0007b', 'a\\u0007b'],
    ['what would pass for a signature', '-----BEGIN PGP SIGNATURE-----', '-----BEGIN PGP SIGNATURE-----'],
    ['no end', 'é'.repeat(100_000), `${'é'.repeat(500)}…`],
    ['nothing', '', 'an error without a message'],
  ])('goes back whatever the message of the error: %s', async (_, message, kept) => {
    const repo = await make();
    const failure = new Error(message);
    const work = async (workspace: Workspace) => {
      await promoteGreet(workspace);
      throw failure;
    };
    await expect(run(repo, work)).rejects.toBe(failure);
    expect(pointerOf(repo)).toMatchObject({ current: '1.0.0' });
    expect(pointerOf(repo).deployments.at(-1)?.reason).toBe(`rolled back: ${kept}`);
  });

  it('aborts a rollout that the callback began', async () => {
    const repo = await make();
    const work = async (workspace: Workspace) => {
      await promoteGreet(workspace, { strategy: 'quick' });
      throw new Error('No');
    };
    await expect(run(repo, work)).rejects.toThrow('No');
    expect(pointerOf(repo)).toMatchObject({ current: '1.0.0', deployments: [{}, { action: 'abort' }] });
  });

  it('changes nothing when nothing had moved', async () => {
    const repo = await make();
    await expect(run(repo, () => Promise.reject(new Error('No')))).rejects.toThrow('No');
    expect(versionsRun(repo)).toEqual(['1.0.0']);
  });

  it('tells of both when going back fails too', async () => {
    const repo = await make();
    const work = async (workspace: Workspace) => {
      await promoteGreet(workspace);
      repo.git('tag', '-d', 'prompts/greet@1.0.0');
      throw new Error('No');
    };
    await expect(run(repo, work)).rejects.toMatchObject({
      errors: [{ message: 'No' }, { code: expect.any(String) }],
    });
  });
});
