import { afterAll, expect, it } from 'vitest';
import { promoteIn } from '../../../helpers/delivery.ts';
import { createIn, createTestedRepo, startIn } from '../../../helpers/experiments.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';

let repo: TempRepo | undefined;
afterAll(() => repo?.remove());

it('a promotion warns that it displaces a running experiment, and only then', async () => {
  repo = await createTestedRepo();
  await createIn(repo);
  expect((await promoteIn(repo, 'greet@1.0.1', { dryRun: true })).warnings).toEqual([]);
  await startIn(repo);
  const { warnings } = await promoteIn(repo, 'greet@1.0.1', { dryRun: true });
  expect(warnings).toEqual([
    { code: 'EXPERIMENT_DISPLACED', message: expect.stringContaining('promptv abtest stop tone') },
  ]);
  expect((await promoteIn(repo, 'greet@1.0.0')).warnings).toEqual([]);
});
