import { afterEach, describe, expect, it } from 'vitest';
import { rollbackHistory } from '../../../src/operations/rollback-history.ts';
import { formatRollback, formatRollbackHistory } from '../../../src/report/rollback.ts';
import {
  createDeliveryRepo,
  environmentsConfig,
  inPlace,
  pointerOf,
  pointerPath,
  promoteIn,
  rollbackIn,
  versionsRun,
} from '../../helpers/delivery.ts';
import { codeOf, promptText, saveIn } from '../../helpers/in-workspace.ts';
import { withGitCounter } from '../../helpers/kill-points.ts';
import { snapshot } from '../../helpers/snapshot.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const at = (hour: number) => ({ now: () => new Date(Date.UTC(2026, 2, 1, hour)) });

/** `greet` with 1.0.0 to 1.0.2, promoted to production one an hour, from one o'clock. */
const make = async (
  options: Parameters<typeof createDeliveryRepo>[0] = {},
  promoted: readonly string[] = ['1.0.0', '1.0.1', '1.0.2'],
): Promise<TempRepo> => {
  const repo = await createDeliveryRepo(options);
  repos.push(repo);
  for (const [index, version] of promoted.entries())
    await promoteIn(
      repo,
      (options.names ?? ['greet']).map((name) => `${name}@${version}`),
      {},
      at(index + 1),
    );
  return repo;
};

const me = 'Test Author <author@example.com>';
const display = { color: false, columns: null, now: new Date(), unicode: true };
const failureOf = (promise: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> =>
  promise.then(
    () => {
      throw new Error('It was done.');
    },
    (error) => error,
  );

describe('a rollback', () => {
  it('goes to the previous version in one commit and records what it undoes', async () => {
    const repo = await make();
    const [, , bad] = pointerOf(repo).deployments;
    const result = await rollbackIn(repo, 'greet', { reason: 'Wrong labels.' }, at(4));
    expect(result).toMatchObject({
      refused: false,
      trigger: 'manual',
      pushed: false,
      slaMet: null,
      slaMs: 30_000,
      durationMs: 0,
      toTime: null,
      since: '2026-03-01T04:00:00.000Z',
      rollbacks: [{ prompt: 'greet', from: '1.0.2', to: '1.0.1', unchanged: false, impact: 'patch' }],
    });
    expect(pointerOf(repo).current).toBe('1.0.1');
    expect(pointerOf(repo).deployments.at(-1)).toMatchObject({
      action: 'rollback',
      version: '1.0.1',
      previousVersion: '1.0.2',
      at: '2026-03-01T04:00:00.000Z',
      by: me,
      reason: 'Wrong labels.',
      trigger: 'manual',
      triggeredBy: me,
      undoes: bad?.id,
    });
    expect(repo.git('show', '--name-only', '--format=%s', 'HEAD').split('\n')).toEqual([
      'Roll back greet in production to 1.0.1',
      '',
      pointerPath(),
    ]);
    const text = formatRollback(result, display);
    expect(text).toContain('callers of this clone read 1.0.1 now');
    // There is no remote that it could go to.
    expect(text).toMatch(/^Commit [0-9a-f]{7}\.$/m);
  });

  it('says what callers notice', async () => {
    const repo = await make({ versions: 1 }, []);
    repo.write('prompts/greet.yaml', 'variables: [{name: who, type: string}]\ncontent: "Hello {{who}}"\n');
    await saveIn(repo);
    await promoteIn(repo, 'greet@1.0.0');
    await promoteIn(repo, 'greet@2.0.0');
    const result = await rollbackIn(repo, 'greet', { dryRun: true });
    expect(result.rollbacks).toMatchObject([{ from: '2.0.0', to: '1.0.0', impact: 'major' }]);
    expect(formatRollback(result, display)).toContain('For callers this is a major change');
  });

  it('passes over what was rolled back before and never goes there again', async () => {
    const repo = await make({ versions: 4 }, ['1.0.0', '1.0.1', '1.0.2']);
    await rollbackIn(repo, 'greet');
    await promoteIn(repo, 'greet@1.0.3');
    expect((await rollbackIn(repo, 'greet')).rollbacks).toMatchObject([{ from: '1.0.3', to: '1.0.1' }]);
    await promoteIn(repo, 'greet@1.0.2');
    await promoteIn(repo, 'greet@1.0.3');
    expect((await rollbackIn(repo, 'greet')).rollbacks).toMatchObject([{ from: '1.0.3', to: '1.0.2' }]);
  });

  it('passes over an archived version, and refuses one that is named', async () => {
    const repo = await make();
    await inPlace(repo, async (workspace) => {
      const { annotate } = await import('../../../src/operations/annotate.ts');
      return annotate(workspace, { ref: 'greet@1.0.1', text: 'Leaks.', mark: 'archived' });
    });
    expect(await codeOf(rollbackIn(repo, 'greet', { to: '1.0.1', emergency: true }))).toBe(
      'VERSION_ARCHIVED',
    );
    expect((await rollbackIn(repo, 'greet')).rollbacks).toMatchObject([{ to: '1.0.0' }]);
  });

  it('a second time is refused with the command that goes further, which works', async () => {
    const repo = await make();
    await rollbackIn(repo, 'greet');
    const state = snapshot(repo);
    const error = await failureOf(rollbackIn(repo, 'greet'));
    expect(error).toMatchObject({ code: 'ALREADY_ROLLED_BACK', exitCode: 2 });
    expect(snapshot(repo)).toEqual(state);
    const command = /promptv (rollback .*)$/.exec(error.hint)?.[1] ?? '';
    expect(command).toBe('rollback greet --env production --to 1.0.0');
    expect((await repo.promptv(command.split(' '))).exitCode).toBe(0);
    const last = await failureOf(rollbackIn(repo, 'greet'));
    expect(last.code).toBe('ALREADY_ROLLED_BACK');
    expect(last.hint).toContain('promptv env history production greet');
    expect(last.hint).not.toMatch(/VERSION|null|undefined/);
  });

  it.each([
    ['by version', { to: '1.0.0' }],
    ['by where it comes from', { from: '1.0.2', to: '1.0.0' }],
    ['by time', { toTime: '2026-03-01T01:30:00Z' }],
  ])('named %s can be repeated without moving twice', async (_, target) => {
    const repo = await make();
    await rollbackIn(repo, 'greet', target);
    const state = snapshot(repo);
    const again = await rollbackIn(repo, 'greet', target);
    expect(again).toMatchObject({ commit: null, rollbacks: [{ to: '1.0.0', unchanged: true }] });
    expect(snapshot(repo)).toEqual(state);
    expect(versionsRun(repo)).toEqual(['1.0.0', '1.0.1', '1.0.2', '1.0.0']);
  });

  it('by deployment goes to what that deployment brought', async () => {
    const repo = await make();
    const [first] = pointerOf(repo).deployments;
    const target = { deployment: first?.id ?? '' };
    expect((await rollbackIn(repo, 'greet', target)).rollbacks).toMatchObject([{ to: '1.0.0' }]);
    expect((await rollbackIn(repo, 'greet', target)).commit).toBeNull();
    expect(await codeOf(rollbackIn(repo, 'greet', { deployment: '9-000000000000' }))).toBe(
      'DEPLOYMENT_NOT_FOUND',
    );
  });

  it("from a version is a script's: a retry does nothing, and another's move is a conflict", async () => {
    const repo = await make({ versions: 4 }, ['1.0.0', '1.0.1', '1.0.2']);
    expect(await codeOf(rollbackIn(repo, 'greet', { from: '1.0.1' }))).toBe('ROLLBACK_CONFLICT');
    expect((await rollbackIn(repo, 'greet', { from: '1.0.2' })).rollbacks).toMatchObject([{ to: '1.0.1' }]);
    expect(await rollbackIn(repo, 'greet', { from: '1.0.2' })).toMatchObject({
      commit: null,
      rollbacks: [{ from: '1.0.2', to: '1.0.1', unchanged: true }],
    });
    // The retry asked for another target than what runs.
    expect(await codeOf(rollbackIn(repo, 'greet', { from: '1.0.2', to: '1.0.0' }))).toBe('ROLLBACK_CONFLICT');
    expect((await rollbackIn(repo, 'greet', { from: '1.0.1' })).rollbacks).toMatchObject([{ to: '1.0.0' }]);
    await promoteIn(repo, 'greet@1.0.3');
    expect(await codeOf(rollbackIn(repo, 'greet', { from: '1.0.1' }))).toBe('ROLLBACK_CONFLICT');
  });

  it('needs something to go back to', async () => {
    const repo = await make({}, []);
    expect(await codeOf(rollbackIn(repo, 'greet'))).toBe('ENVIRONMENT_EMPTY');
    await promoteIn(repo, 'greet');
    expect(await codeOf(rollbackIn(repo, 'greet'))).toBe('NO_PREVIOUS_VERSION');
    expect(await codeOf(rollbackIn(repo, 'greet', { environment: 'nowhere' }))).toBe('ENVIRONMENT_NOT_FOUND');
  });

  it.each(['9.9.9', '1.x', 'latest', '../x', ''])('to %j, which is no version, is refused', async (to) => {
    const repo = await make({ versions: 2 }, ['1.0.0', '1.0.1']);
    const state = snapshot(repo);
    expect(await codeOf(rollbackIn(repo, 'greet', { to }))).toMatch(
      /^(VERSION_NOT_FOUND|VERSION_INVALID|REF_INVALID)$/,
    );
    expect(snapshot(repo)).toEqual(state);
  });

  it.each([
    true,
    false,
  ])('to a version whose tag is gone or changed is refused (emergency: %s)', async (emergency) => {
    const repo = await make();
    repo.git('tag', '-d', 'prompts/greet@1.0.1');
    expect(await codeOf(rollbackIn(repo, 'greet', { emergency }))).toBe('VERSION_MISSING');
    repo.write('prompts/greet.yaml', promptText('other'));
    await saveIn(repo, { setVersion: '1.0.1' });
    const state = snapshot(repo);
    expect(await codeOf(rollbackIn(repo, 'greet', { emergency }))).toBe('VERSION_CHANGED');
    expect(snapshot(repo)).toEqual(state);
  });

  it('to what runs already is refused when that cannot be served', async () => {
    const repo = await make();
    repo.git('tag', '-d', 'prompts/greet@1.0.2');
    repo.write('prompts/greet.yaml', promptText('other'));
    await saveIn(repo, { setVersion: '1.0.2' });
    expect(await codeOf(rollbackIn(repo, 'greet', { to: '1.0.2' }))).toBe('VERSION_CHANGED');
  });

  it('leaves a version that cannot be read any more', async () => {
    const repo = await make();
    repo.git('tag', '-d', 'prompts/greet@1.0.2');
    const result = await rollbackIn(repo, 'greet');
    expect(result.rollbacks).toMatchObject([{ to: '1.0.1', impact: null, changes: null }]);
    expect(formatRollback(result, display)).toContain('is not known');
  });

  it('needs at most 8 git processes', async () => {
    const repo = await make();
    const counter = withGitCounter(repo);
    await rollbackIn(repo, 'greet', {}, { env: counter.env });
    expect(counter.calls()).toContainEqual(expect.stringMatching(/^commit /));
    expect(counter.calls().length).toBeLessThanOrEqual(8);
  });
});

describe('gates of a rollback', () => {
  const gated = `  - name: development
  - name: production
    from: development
    freeze: [{ from: 2020-01-01 }]
    approvals: [{ name: review }]
`;
  /** 1.0.1 never ran in production. */
  const makeGated = async (): Promise<TempRepo> => {
    const repo = await make({}, ['1.0.0', '1.0.2']);
    repo.write('.promptrc.yaml', `environments:\n${gated}`);
    return repo;
  };

  it('do not hold back a version that ran there, in a freeze', async () => {
    const repo = await makeGated();
    expect((await rollbackIn(repo, 'greet')).rollbacks).toMatchObject([{ to: '1.0.0' }]);
  });

  it('hold back one that never ran there, unless it is an emergency, which is recorded', async () => {
    const repo = await makeGated();
    const state = snapshot(repo);
    const refused = await rollbackIn(repo, 'greet', { to: '1.0.1' });
    expect(refused).toMatchObject({ refused: true, commit: null });
    expect(
      refused.rollbacks[0]?.gates.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name),
    ).toEqual(['from', 'approval:review']);
    expect(snapshot(repo)).toEqual(state);
    const done = await rollbackIn(repo, 'greet', { to: '1.0.1', emergency: true });
    expect(done).toMatchObject({ refused: false, trigger: 'emergency' });
    expect(pointerOf(repo).deployments.at(-1)).toMatchObject({ trigger: 'emergency', triggeredBy: me });
  });

  it('hold back who may not deploy, also one that ran there', async () => {
    const repo = await make();
    repo.write('.promptrc.yaml', 'environments:\n  - name: production\n    deployers: [ops@example.com]\n');
    expect(await rollbackIn(repo, 'greet')).toMatchObject({ refused: true });
  });

  it('know the system that rolls back by itself', async () => {
    const repo = await make();
    const result = await rollbackIn(repo, 'greet', { triggeredBy: 'watch/error-rate' });
    expect(result.trigger).toBe('automatic');
    expect(pointerOf(repo).deployments.at(-1)).toMatchObject({
      by: me,
      trigger: 'automatic',
      triggeredBy: 'watch/error-rate',
    });
    const further = { to: '1.0.0', triggeredBy: 'watch', emergency: true };
    expect((await rollbackIn(repo, 'greet', further)).trigger).toBe('emergency');
    expect(pointerOf(repo).deployments.at(-1)).toMatchObject({ trigger: 'emergency', triggeredBy: 'watch' });
  });
});

describe('a rollback of several prompts', () => {
  it('is one commit, all or none', async () => {
    const repo = await make({ names: ['greet', 'tone'] });
    await promoteIn(repo, 'greet@1.0.0', { environment: 'staging' });
    const state = snapshot(repo);
    expect(await codeOf(rollbackIn(repo, ['greet', 'tone'], { environment: 'staging' }))).toBe(
      'NO_PREVIOUS_VERSION',
    );
    expect(snapshot(repo)).toEqual(state);
    await rollbackIn(repo, ['greet', 'tone', 'greet']);
    expect(repo.git('log', '-1', '--format=%s')).toBe('Roll back 2 prompts in production');
    expect([versionsRun(repo, 'greet').at(-1), versionsRun(repo, 'tone').at(-1)]).toEqual(['1.0.1', '1.0.1']);
  });

  it('brings a whole environment to what it ran at a time, in one commit', async () => {
    const repo = await make({ names: ['greet', 'tone'] });
    await promoteIn(repo, 'tone@1.0.0', {}, at(5));
    const head = repo.git('rev-parse', 'HEAD');
    const result = await rollbackIn(repo, [], { toTime: '2026-03-01T02:30:00Z' });
    expect(result.rollbacks.map(({ prompt, from, to }) => [prompt, from, to])).toEqual([
      ['greet', '1.0.2', '1.0.1'],
      ['tone', '1.0.0', '1.0.1'],
    ]);
    expect(repo.git('rev-parse', 'HEAD^')).toBe(head);
    expect(await rollbackIn(repo, [], { toTime: '2026-03-01T02:30:00Z' })).toMatchObject({
      commit: null,
      rollbacks: [],
    });
  });

  it('before anything ran moves nothing of an environment, and is refused for a prompt', async () => {
    const repo = await make();
    expect(await rollbackIn(repo, [], { toTime: '2020-01-01' })).toMatchObject({
      commit: null,
      rollbacks: [],
    });
    expect(await codeOf(rollbackIn(repo, 'greet', { toTime: '2020-01-01' }))).toBe('DEPLOYMENT_NOT_FOUND');
  });
});

describe('times', () => {
  it.each([
    'yesterday',
    '2026-02-30',
    '12:00',
    '2026-03-01T25:00:00Z',
    '',
    '1e3',
  ])('%j is refused', async (time) => {
    const repo = await make({ versions: 2 }, ['1.0.0', '1.0.1']);
    const state = snapshot(repo);
    expect(await codeOf(rollbackIn(repo, 'greet', { toTime: time }))).toBe('TIME_INVALID');
    expect(await codeOf(rollbackIn(repo, 'greet', { since: time }))).toBe('TIME_INVALID');
    expect(snapshot(repo)).toEqual(state);
  });

  it('without an offset are local, and what was understood is said', async () => {
    const repo = await make({ versions: 2 }, ['1.0.0', '1.0.1']);
    const result = await rollbackIn(repo, 'greet', { toTime: '2026-03-01T01:30', dryRun: true });
    const meant = new Date(2026, 2, 1, 1, 30);
    expect(result.toTime).toBe(meant.toISOString());
    expect(result.toTimeLocal).toMatch(/^2026-03-01T01:30:00[+-]\d\d:\d\d$/);
    expect(formatRollback(result, display)).toContain(String(result.toTimeLocal));
  });
});

describe('rollback --history', () => {
  it('lists the newest first, so many as asked, and says what triggered them', async () => {
    const repo = await make();
    await rollbackIn(repo, 'greet', { triggeredBy: 'watch' }, at(5));
    await rollbackIn(repo, 'greet', { to: '1.0.0', reason: 'Further' }, at(6));
    const all = await inPlace(repo, (workspace) => rollbackHistory(workspace, { environment: 'production' }));
    expect(
      all.rollbacks.map(({ from, to, trigger, triggeredBy, reason }) => [
        from,
        to,
        trigger,
        triggeredBy,
        reason,
      ]),
    ).toEqual([
      ['1.0.1', '1.0.0', 'manual', me, 'Further'],
      ['1.0.2', '1.0.1', 'automatic', 'watch', null],
    ]);
    const run = await repo.promptv(['rollback', '--env', 'production', '--history', '-n', '1', '--json']);
    expect(run.json()).toMatchObject({ environment: 'production', rollbacks: [{ to: '1.0.0' }] });
    expect(run.json<{ rollbacks: unknown[] }>().rollbacks).toHaveLength(1);
  });

  it('lists those of every environment without --env, and says which', async () => {
    const repo = await make();
    await promoteIn(repo, ['greet@1.0.1'], { environment: 'development' }, at(1));
    await promoteIn(repo, ['greet@1.0.2'], { environment: 'development' }, at(2));
    await rollbackIn(repo, 'greet', {}, at(5));
    await rollbackIn(repo, 'greet', { environment: 'development' }, at(6));
    const all = await inPlace(repo, (workspace) => rollbackHistory(workspace, {}));
    expect(all.environment).toBeNull();
    expect(all.rollbacks.map(({ environment, to }) => [environment, to])).toEqual([
      ['development', '1.0.1'],
      ['production', '1.0.1'],
    ]);
    const screen = formatRollbackHistory(all, { ...display, columns: 80 });
    expect(screen).toMatch(/ENVIRONMENT.*development.*production/s);
    const one = await inPlace(repo, (workspace) => rollbackHistory(workspace, { environment: 'production' }));
    expect(formatRollbackHistory(one, { ...display, columns: 80 })).not.toContain('ENVIRONMENT');
  });

  it('keeps the recorded order when a clock ran behind', async () => {
    const repo = await make();
    await rollbackIn(repo, 'greet', {}, at(9));
    await rollbackIn(repo, 'greet', { to: '1.0.0' }, at(6));
    const { rollbacks } = await inPlace(repo, (it) => rollbackHistory(it, { environment: 'production' }));
    expect(rollbacks.map(({ to }) => to)).toEqual(['1.0.0', '1.0.1']);
  });

  it('names the line of a damaged file, and shows the others', async () => {
    const repo = await make({ names: ['greet', 'other'] });
    await rollbackIn(repo, 'greet');
    repo.write(pointerPath('other'), repo.read(pointerPath('other')).replace('"current"', '<<<<<<<'));
    repo.git('commit', '--quiet', '--all', '-m', 'Damage');
    const { rollbacks, warnings } = await inPlace(repo, (it) => rollbackHistory(it, {}));
    expect(rollbacks).toMatchObject([{ prompt: 'greet' }]);
    expect(warnings).toMatchObject([
      { code: 'STATE_INVALID', message: expect.stringMatching(/production\/other\.json .*, line \d+: /) },
    ]);
  });

  it('takes a name that nobody knows for a slip of the pen', async () => {
    const repo = await make();
    const asked = inPlace(repo, (it) => rollbackHistory(it, { names: ['gret'] }));
    await expect(asked).rejects.toMatchObject({
      code: 'PROMPT_NOT_FOUND',
      message: expect.stringContaining('greet'),
    });
  });
});

describe('the SLA', () => {
  it('is met or missed at the push, counted from the time given', async () => {
    const repo = await make({ remote: true, files: environmentsConfig() });
    const since = { since: '2026-03-01T03:00:00Z', push: true };
    const late = await rollbackIn(repo, 'greet', since, at(4));
    expect(late).toMatchObject({ pushed: true, slaMet: false, since: '2026-03-01T03:00:00.000Z' });
    const prompt = await rollbackIn(repo, 'greet', { to: '1.0.0', push: true }, at(5));
    expect(prompt).toMatchObject({ pushed: true, slaMet: true });
    expect(pointerOf(repo, 'greet', { revision: 'refs/remotes/origin/main' }).current).toBe('1.0.0');
  });
});
