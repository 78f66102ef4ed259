import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { annotate } from '../../../../src/operations/annotate.ts';
import {
  inPlace,
  pointerOf,
  pointerPath,
  promoteIn,
  rollbackIn,
  versionsRun,
} from '../../../helpers/delivery.ts';
import { codeOf } from '../../../helpers/in-workspace.ts';
import { moveTag } from '../../../helpers/promote-in.ts';
import {
  atHour,
  beginIn,
  createRolloutRepo,
  logTraffic,
  tickIn,
  verbIn,
} from '../../../helpers/rollout-in.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const makeRepo = async (more = '', options = {}): Promise<TempRepo> => {
  const repo = await createRolloutRepo(more, options);
  repos.push(repo);
  return repo;
};

const commitsOf = (repo: TempRepo): number => Number(repo.git('rev-list', '--count', 'HEAD'));

describe('a rollout of a good candidate', () => {
  it('goes through its steps, one commit a transition, and moves the pointer at the end', async () => {
    const repo = await makeRepo();
    const begun = await beginIn(repo, { reason: 'Asks for less' });
    expect(begun.promotions[0]).toMatchObject({
      deployment: null,
      rollout: { state: 'running', weight: 10, step: 1 },
    });
    const before = commitsOf(repo);
    await logTraffic(repo, { hours: [0, 1], weight: 10 });
    expect(await tickIn(repo, 0.5)).toMatchObject({ outcome: 'waiting', changed: false, commit: null });
    expect(await tickIn(repo, 1)).toMatchObject({ outcome: 'advanced', rollout: { weight: 50 } });
    expect(await tickIn(repo, 1)).toMatchObject({ outcome: 'waiting', changed: false });
    await logTraffic(repo, { hours: [1.01, 2], weight: 50 });
    expect(await tickIn(repo, 2)).toMatchObject({
      outcome: 'advanced',
      rollout: { weight: 100, state: 'promoting' },
    });
    expect(versionsRun(repo)).toEqual(['1.0.0']);
    expect(await tickIn(repo, 2)).toMatchObject({
      outcome: 'succeeded',
      changed: true,
      rollout: { state: 'succeeded' },
    });
    expect(commitsOf(repo) - before).toBe(3);
    const pointer = pointerOf(repo);
    expect(pointer).toMatchObject({
      current: '1.0.1',
      deployments: [{}, { action: 'promote', reason: 'Asks for less' }],
    });
    expect(pointer.rollout).toBeUndefined();
    expect(
      pointer.deployments[1]?.rollout?.events.map(({ action, weight }) => `${action} ${weight}`),
    ).toEqual(['create 0', 'start 10', 'advance 50', 'advance 100', 'succeed 100']);
    expect(await tickIn(repo, 3)).toMatchObject({ outcome: 'succeeded', changed: false, commit: null });
  });

  it('keeps what every look said, in its events and in the metrics log, where it counts for no version', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    await logTraffic(repo, { hours: [0, 1], weight: 10 });
    await tickIn(repo, 0.5);
    await tickIn(repo, 1);
    const [, , advance] = pointerOf(repo).rollout?.events ?? [];
    expect(advance?.checks.map(({ gate, verdict }) => [gate, verdict])).toEqual([
      ['latency_ms <= +20%', 'pass'],
      ['error_rate <= 10%', 'pass'],
    ]);
    const folder = join(repo.dir, '.promptv/metrics');
    const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
    const checks = lines.filter((line) => line.includes('"rollout_weight"')).map((line) => JSON.parse(line));
    expect(checks.map(({ meta }) => meta.outcome)).toEqual(['waiting', 'advanced']);
    expect(checks.map(({ version, status }) => [version, status])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('is neither begun nor ticked by a dry run', async () => {
    const repo = await makeRepo();
    expect(await beginIn(repo, { dryRun: true })).toMatchObject({
      commit: null,
      promotions: [{ rollout: {} }],
    });
    expect(pointerOf(repo).rollout).toBeUndefined();
    await beginIn(repo);
    const head = repo.git('rev-parse', 'HEAD');
    await logTraffic(repo, { hours: [0, 1], weight: 10 });
    expect(await tickIn(repo, 1, { dryRun: true })).toMatchObject({ outcome: 'advanced', commit: null });
    expect(repo.git('rev-parse', 'HEAD')).toBe(head);
  });
});

describe('a rollout of a bad candidate', () => {
  it('goes back by itself, says why, and can be tried again', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    await logTraffic(repo, { hours: [0, 0.5], weight: 10, latency: [800, 1400] });
    const tick = await tickIn(repo, 0.5);
    expect(tick).toMatchObject({
      outcome: 'aborted',
      why: expect.stringMatching(/^failed: latency_ms <= \+20% \(measured \+\d[\d.]*%\)$/),
      rollout: { weight: 0 },
    });
    expect(pointerOf(repo)).toMatchObject({
      current: '1.0.0',
      deployments: [
        {},
        { action: 'abort', version: '1.0.0', trigger: 'automatic', rollout: { state: 'aborted' } },
      ],
    });
    expect(await tickIn(repo, 0.6)).toMatchObject({ outcome: 'aborted', changed: false });
    const again = await verbIn(repo, 'retry', { hour: 1 });
    expect(again.rollout).toMatchObject({ attempt: 2, weight: 10, state: 'running' });
    // What the first attempt recorded does not count for the second.
    expect(await tickIn(repo, 1.1)).toMatchObject({ outcome: 'waiting' });
  });

  it('is aborted at once when very many of few runs fail', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    await logTraffic(repo, { hours: [0, 0.1], count: 250, weight: 10, failing: 0.9 });
    expect(await tickIn(repo, 0.1)).toMatchObject({
      outcome: 'aborted',
      why: expect.stringContaining('emergency'),
    });
  });

  it('is paused when the units are not split as they should be', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    await logTraffic(repo, { hours: [0, 0.5], weight: 30 });
    expect(await tickIn(repo, 0.5)).toMatchObject({
      outcome: 'paused',
      rollout: { pause: { reason: 'mismatch' }, weight: 10 },
      ratio: { mismatch: true },
    });
  });

  it('without any data waits, and is paused a day after its hold', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    expect(await tickIn(repo, 20)).toMatchObject({
      outcome: 'waiting',
      checks: [{ verdict: 'no-data' }, {}],
    });
    expect(await tickIn(repo, 26)).toMatchObject({
      outcome: 'paused',
      rollout: { pause: { reason: 'no-data' } },
    });
    expect(await codeOf(verbIn(repo, 'pause', { hour: 27 }))).toBe('ROLLOUT_STATE');
    await verbIn(repo, 'resume', { hour: 27 });
    expect(await tickIn(repo, 28)).toMatchObject({ outcome: 'waiting' });
  });
});

describe('a rollout that the repository no longer fits', () => {
  it.each([
    {
      name: 'its tag is gone',
      break: async (repo: TempRepo) => repo.git('tag', '-d', 'prompts/greet@1.0.1'),
      why: 'no tag',
    },
    {
      name: 'its tag was moved',
      break: async (repo: TempRepo) => {
        repo.write('prompts/greet.yaml', 'content: another\n');
        repo.git('commit', '--quiet', '-am', 'Another');
        moveTag(repo, 'greet', '1.0.1');
      },
      why: '1.0.1',
    },
    {
      name: 'its version is archived',
      break: (repo: TempRepo) =>
        inPlace(repo, (workspace) =>
          annotate(workspace, { ref: 'greet@1.0.1', text: 'Bad', mark: 'archived' }),
        ),
      why: 'is archived',
    },
    {
      name: 'its pointer was edited',
      break: async (repo: TempRepo) => {
        const pointer = pointerOf(repo);
        const { rollout } = pointer;
        await promoteAround(repo);
        repo.write(pointerPath(), `${JSON.stringify({ ...pointerOf(repo), rollout }, null, 2)}\n`);
        repo.git('commit', '--quiet', '-am', 'Edit');
      },
      why: 'production runs 1.0.2',
    },
  ])('is paused where $name, and goes on only when that is mended', async ({ break: damage, why }) => {
    const repo = await makeRepo('', { versions: 3 });
    await beginIn(repo);
    await damage(repo);
    const tick = await tickIn(repo, 0.1);
    expect(tick).toMatchObject({ outcome: 'paused', rollout: { pause: { reason: 'drift' } } });
    expect(tick.why).toContain(why);
    expect(await tickIn(repo, 0.2)).toMatchObject({ outcome: 'paused', changed: false });
    expect(await codeOf(verbIn(repo, 'resume', { hour: 1 }))).toBe('ROLLOUT_DRIFTED');
    expect((await verbIn(repo, 'abort', { hour: 1 })).rollout.state).toBe('aborted');
  });
});

/** Another version is promoted as if the rollout were not there. */
const promoteAround = async (repo: TempRepo): Promise<void> => {
  const { rollout: _, ...pointer } = pointerOf(repo);
  repo.write(pointerPath(), `${JSON.stringify(pointer, null, 2)}\n`);
  repo.git('commit', '--quiet', '-am', 'Take the rollout out');
  await promoteIn(repo, 'greet@1.0.2', { strategy: 'immediate' }, atHour(0.05));
};

describe('beside a rollout', () => {
  it('no other version is promoted, and the same one begins none a second time', async () => {
    const repo = await makeRepo('', { versions: 3 });
    await beginIn(repo);
    expect(await beginIn(repo)).toMatchObject({
      commit: null,
      promotions: [{ unchanged: true, rollout: {} }],
    });
    expect(await codeOf(promoteIn(repo, 'greet@1.0.2', { strategy: 'canary' }))).toBe('ROLLOUT_RUNNING');
    expect(await codeOf(promoteIn(repo, 'greet@1.0.2'))).toBe('ROLLOUT_RUNNING');
    expect(await codeOf(promoteIn(repo, 'greet@1.0.1', { strategy: 'immediate' }))).toBe('ROLLOUT_RUNNING');
  });

  it('a rollback aborts it, once', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    const { rollbacks } = await rollbackIn(repo, 'greet', { reason: 'Wrong labels' }, atHour(0.2));
    expect(rollbacks[0]).toMatchObject({ from: '1.0.1', to: '1.0.0', unchanged: false, impact: 'patch' });
    expect(pointerOf(repo)).toMatchObject({ current: '1.0.0', deployments: [{}, { action: 'abort' }] });
    expect(await codeOf(rollbackIn(repo, 'greet'))).toBe('ALREADY_ROLLED_BACK');
    expect(await rollbackIn(repo, 'greet', { from: '1.0.1' })).toMatchObject({ commit: null });
  });

  it('a fourth one waits until there is room', async () => {
    const repo = await makeRepo('rollouts:\n  maxRunning: 1\n');
    repo.write('prompts/other.yaml', 'content: one\n');
    const { saveIn } = await import('../../../helpers/in-workspace.ts');
    await saveIn(repo);
    await promoteIn(repo, 'other@1.0.0', { strategy: 'immediate' });
    repo.write('prompts/other.yaml', 'content: two\n');
    await saveIn(repo);
    await beginIn(repo);
    const second = await promoteIn(repo, 'other', { strategy: 'quick' }, atHour(0.1));
    expect(second.promotions[0]?.rollout).toMatchObject({ state: 'pending', weight: 0 });
    const tickOther = (hour: number) => tickIn(repo, hour, { name: 'other' });
    expect(await tickOther(0.2)).toMatchObject({ outcome: 'waiting' });
    await verbIn(repo, 'abort', { hour: 0.3 });
    expect(await tickOther(0.4)).toMatchObject({
      outcome: 'advanced',
      rollout: { state: 'running', weight: 10 },
    });
  });
});

describe('a strategy', () => {
  it('that does not exist is refused with the nearest one', async () => {
    const repo = await makeRepo();
    expect(await codeOf(promoteIn(repo, 'greet@1.0.1', { strategy: 'canery' }))).toBe('STRATEGY_UNKNOWN');
    expect(await codeOf(beginIn(repo, { rollout: { gates: ['latency'] } }))).toBe('GATE_INVALID');
    const steps = [50, 10].map((weight) => ({ weight, holdMs: null }));
    expect(await codeOf(beginIn(repo, { rollout: { steps } }))).toBe('STEPS_INVALID');
    expect(pointerOf(repo).rollout).toBeUndefined();
  });

  it('of the environment means at once where nothing runs yet, and is refused where it was asked for', async () => {
    const repo = await makeRepo();
    const place = { environment: 'staging' };
    expect(await codeOf(promoteIn(repo, 'greet@1.0.1', { ...place, strategy: 'canary' }))).toBe(
      'ROLLOUT_NEEDS_STABLE',
    );
  });

  it('blue-green serves nobody until its gates hold on previews, then everyone', async () => {
    const repo = await makeRepo('rollouts:\n  minSamples: 50\n  previewGates: ["latency_ms <= 1000"]\n');
    const begun = await promoteIn(repo, 'greet@1.0.1', { strategy: 'blue-green' }, atHour(0));
    expect(begun.promotions[0]?.rollout).toMatchObject({ weight: 0, state: 'running' });
    expect(await tickIn(repo, 0.5)).toMatchObject({ outcome: 'waiting', checks: [{ verdict: 'no-data' }] });
    await logTraffic(repo, { hours: [0, 1], count: 500, weight: 100 });
    expect(await tickIn(repo, 1)).toMatchObject({
      outcome: 'advanced',
      rollout: { weight: 100, state: 'promoting' },
    });
    expect(await tickIn(repo, 1)).toMatchObject({ outcome: 'succeeded' });
    expect((await rollbackIn(repo, 'greet', {}, atHour(2))).rollbacks[0]).toMatchObject({ to: '1.0.0' });
  });
});

describe('a verb', () => {
  it('moves weights only forwards within the step, unless it is forced', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    for (const weight of [5, 50, 60])
      expect(await codeOf(verbIn(repo, 'set-weight', { weight }))).toBe('WEIGHT_REFUSED');
    expect((await verbIn(repo, 'set-weight', { weight: 30 })).rollout).toMatchObject({ weight: 30, step: 1 });
    expect((await verbIn(repo, 'set-weight', { weight: 5, force: true })).rollout.weight).toBe(5);
  });

  it('promotes at once, with the reason that was given', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    await verbIn(repo, 'promote-full', { reason: 'Checked by hand' });
    expect(pointerOf(repo)).toMatchObject({
      current: '1.0.1',
      deployments: [{}, { reason: 'Checked by hand' }],
    });
  });

  it('is refused where there is no rollout, and an abort that was done is found done', async () => {
    const repo = await makeRepo();
    expect(await codeOf(verbIn(repo, 'pause'))).toBe('ROLLOUT_NOT_FOUND');
    expect(await codeOf(tickIn(repo, 0))).toBe('ROLLOUT_NOT_FOUND');
    expect(await codeOf(verbIn(repo, 'retry'))).toBe('ROLLOUT_NOT_FOUND');
    await beginIn(repo);
    expect((await verbIn(repo, 'abort', { emergency: true })).deployment).toMatchObject({
      trigger: 'emergency',
    });
    expect(await verbIn(repo, 'abort')).toMatchObject({ unchanged: true, commit: null });
    await expect(verbIn(repo, 'resume')).rejects.toMatchObject({
      code: 'ROLLOUT_STATE',
      message: expect.stringContaining('was aborted: it takes no "resume"'),
      hint: expect.stringContaining('promptv rollout retry greet --env production'),
    });
    await promoteIn(repo, 'greet@1.0.1', {}, atHour(1));
    await expect(verbIn(repo, 'retry')).rejects.toMatchObject({
      code: 'ROLLOUT_STATE',
      hint: expect.stringContaining('promptv promote greet --env production --strategy'),
    });
    await expect(verbIn(repo, 'pause', { name: 'greed' })).rejects.toMatchObject({
      code: 'PROMPT_NOT_FOUND',
      message: expect.stringContaining('greet'),
    });
  });

  it('finds what was done already done: a pause, a resumption, a weight, a full promotion', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    const twice = async (
      ...[verb, request]: [Parameters<typeof verbIn>[1], Parameters<typeof verbIn>[2]?]
    ) => {
      const first = await verbIn(repo, verb, { hour: 0.1, ...request });
      const head = repo.git('rev-parse', 'HEAD');
      const again = await verbIn(repo, verb, { hour: 0.2, ...request });
      expect([first.unchanged, again.unchanged, again.commit]).toEqual([false, true, null]);
      expect(again.rollout).toEqual(first.rollout);
      expect(repo.git('rev-parse', 'HEAD')).toBe(head);
    };
    await twice('pause');
    await twice('resume');
    await twice('set-weight', { weight: 20 });
    await twice('promote-full', { reason: 'Checked by hand' });
  });
});
