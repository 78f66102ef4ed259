import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tickRollouts } from '../../../../src/operations/rollout/tick.ts';
import { inPlace, pointerOf } from '../../../helpers/delivery.ts';
import { atHour, beginIn, createRolloutRepo, tickIn } from '../../../helpers/rollout-in.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterAll(() => {
  for (const repo of repos) repo.remove();
});

/** Two clones that both see a rollout whose steps need no gates, on the branch that is checked out. */
const makeClones = async (): Promise<{ readonly one: TempRepo; readonly two: TempRepo }> => {
  const one = await createRolloutRepo('', { remote: true });
  repos.push(one);
  await beginIn(one, { push: true, rollout: { gates: [] } });
  return { one, two: one.clone() };
};

const eventsOf = (repo: TempRepo, revision = 'HEAD') =>
  pointerOf(repo, 'greet', { revision }).rollout?.events.map(({ action, weight }) => `${action} ${weight}`);
const stateOf = (repo: TempRepo) => [
  repo.git('rev-parse', 'HEAD'),
  repo.git('status', '--porcelain'),
  repo.read('.promptv/environments/production/greet.json'),
];
const push = { push: true };
const advancedOnce = ['create 0', 'start 10', 'advance 50'];

describe('two clones that tick on the checked-out branch and push', () => {
  it('make one transition when the other one pushes between decision and push; the slower one says so', async () => {
    const { one, two } = await makeClones();
    await tickIn(one, 1.5);
    const before = stateOf(two);
    const pushes: string[] = [];
    const onGit = (args: readonly string[]): void => {
      if (args[0] !== 'push') return;
      if (pushes.length === 0) one.git('push', '--quiet', 'origin', 'main');
      pushes.push(eventsOf(two)?.at(-1) ?? '');
    };
    const { ticks } = await inPlace(
      two,
      (workspace) => tickRollouts(workspace, { name: 'greet', environment: 'production', ...push }),
      { ...atHour(1.6), onGit },
    );
    expect(pushes).toEqual(['advance 50']);
    expect(ticks).toMatchObject([
      {
        ...{ outcome: 'waiting', changed: false, commit: null, pushed: false },
        rollout: { weight: 50, since: atHour(1.5).now?.().toISOString() },
        warnings: [{ code: 'STATE_BEHIND', message: expect.stringContaining('git pull') }],
      },
    ]);
    expect(stateOf(two)).toEqual(before);
    expect(eventsOf(two, 'origin/main')).toEqual(advancedOnce);
  });

  it('go on watching behind the remote, decide nothing there, and decide again after a pull', async () => {
    const { one, two } = await makeClones();
    await tickIn(one, 1.5, push);
    const before = stateOf(two);
    expect(await tickIn(two, 2, push)).toMatchObject({ outcome: 'waiting', rollout: { weight: 50 } });
    await expect(tickIn(two, 3, push)).rejects.toMatchObject({
      code: 'ROLLOUT_BEHIND',
      exitCode: 1,
      hint: expect.stringContaining('git pull'),
    });
    expect(stateOf(two)).toEqual(before);
    two.git('pull', '--quiet', '--ff-only');
    expect(await tickIn(two, 3, push)).toMatchObject({ outcome: 'advanced', pushed: true });
    await tickIn(two, 4, push);
    expect(await tickIn(one, 5, push)).toMatchObject({ outcome: 'succeeded', changed: false });
    expect(eventsOf(one)).toEqual(advancedOnce);
  });

  it('keep nothing of a transition that the remote refuses for another reason', async () => {
    const { one, two } = await makeClones();
    const hook = join(one.root, 'origin.git', 'hooks', 'pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho protected >&2\nexit 1\n', { mode: 0o755 });
    const before = stateOf(two);
    await expect(tickIn(two, 1.5, push)).rejects.toMatchObject({
      code: 'PUSH_REJECTED',
      details: { commit: null },
      message: expect.stringContaining('Nothing was decided'),
      hint: expect.stringContaining('--branch'),
    });
    expect(stateOf(two)).toEqual(before);
  });
});
