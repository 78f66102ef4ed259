import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tickRollouts } from '../../../../src/operations/rollout/tick.ts';
import { inPlace, pointerOf } from '../../../helpers/delivery.ts';
import { atHour, beginIn, createRolloutRepo, tickIn, verbIn } from '../../../helpers/rollout-in.ts';
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

describe('a tick of every rollout that pushes', () => {
  const tickAll = (repo: TempRepo, hour: number) =>
    inPlace(repo, (workspace) => tickRollouts(workspace, push), atHour(hour));

  it('publishes the end that a run killed before its push had committed', async () => {
    const { one } = await makeClones();
    for (const hour of [1.5, 3]) await tickIn(one, hour, push);
    expect(await tickIn(one, 4)).toMatchObject({ outcome: 'succeeded', pushed: false });
    expect(await tickAll(one, 5)).toMatchObject({ ticks: [], warnings: [{ code: 'PUSHED_LATE' }] });
    expect(one.git('rev-parse', 'origin/main')).toBe(one.git('rev-parse', 'main'));
    expect(await tickAll(one, 6)).toMatchObject({ ticks: [], warnings: [] });
  });

  it('sees a rollout that another clone has begun', async () => {
    const one = await createRolloutRepo('', { remote: true });
    repos.push(one);
    const two = one.clone();
    await beginIn(one, { push: true, rollout: { gates: [] } });
    expect(await tickAll(two, 0.5)).toMatchObject({
      ticks: [{ outcome: 'waiting', rollout: { weight: 10 } }],
    });
  });

  it('sees it on a state branch too, and carries it on', async () => {
    const one = await createRolloutRepo('state: {branch: promptv-state}', { remote: true });
    repos.push(one);
    const two = one.clone();
    await tickAll(two, -1);
    await beginIn(one, { push: true, rollout: { gates: [] } });
    expect(await tickAll(two, 1.5)).toMatchObject({ ticks: [{ outcome: 'advanced', pushed: true }] });
  });
});

describe('what a person asks of a rollout in a clone that is behind', () => {
  it.each([
    'pause',
    'promote',
    'set-weight',
  ] as const)('keeps nothing of a %s, and works after a pull', async (verb) => {
    const { one, two } = await makeClones();
    await verbIn(one, 'set-weight', { weight: 12, ...push });
    const before = stateOf(two);
    const ask = () => verbIn(two, verb, { hour: 0.5, weight: 20, ...push });
    await expect(ask()).rejects.toMatchObject({ code: 'ROLLOUT_BEHIND', exitCode: 1 });
    expect(stateOf(two)).toEqual(before);
    two.git('pull', '--quiet', '--ff-only');
    expect(await ask()).toMatchObject({ unchanged: false, pushed: true });
  });

  it('keeps an abort, which serves the stable version here, and says how it reaches the others', async () => {
    const { one, two } = await makeClones();
    await verbIn(one, 'set-weight', { weight: 12, ...push });
    const abort = () => verbIn(two, 'abort', push);
    const refused = await abort().catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'PUSH_REJECTED',
      details: { commit: two.git('rev-parse', 'HEAD') },
    });
    expect(() => two.git('pull', '--no-rebase', '--quiet', 'origin', 'main')).toThrow();
    const [, command = ''] =
      /take theirs whole: ([^)]+)\)/.exec(String(Reflect.get(Object(refused), 'hint'))) ?? [];
    for (const each of command.split(' && ')) two.git(...each.split(' ').slice(1));
    expect(await abort()).toMatchObject({ unchanged: false, pushed: true, rollout: { weight: 0 } });
    const ended = pointerOf(two, 'greet', { revision: 'origin/main' }).deployments.at(-1)?.rollout;
    expect(ended?.events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['create', 'start', 'set-weight', 'abort']),
    );
  });
});
