import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffEnvironments } from '../../../../src/operations/env/diff.ts';
import { readHistory } from '../../../../src/operations/env/history.ts';
import { listEnvironments } from '../../../../src/operations/env/list.ts';
import { reportEnvironments } from '../../../../src/operations/env/report.ts';
import { showEnvironment } from '../../../../src/operations/env/show.ts';
import { environmentPath } from '../../../../src/operations/environments.ts';
import { list } from '../../../../src/operations/list.ts';
import { status } from '../../../../src/operations/status.ts';
import { codeOf, promptText, saveIn } from '../../../helpers/in-workspace.ts';
import { commitState, stateOf, writePointer } from '../../../helpers/pointer-files.ts';
import { createTempRepo, type TempRepo } from '../../../helpers/temp-repo.ts';
import { call, withRepo } from '../../../helpers/work-in.ts';

const hostile = 'first\nSigned-off-by: Eve <eve@example.com>\u001b[31m "red" 🙂';

/** Two prompts with two versions each; `greet` went forward and back in production. */
const deploy = async (repo: TempRepo): Promise<void> => {
  repo.write('prompts/greet.yaml', promptText('Hello'));
  repo.write('prompts/team/bye.yaml', promptText('Bye'));
  await saveIn(repo);
  repo.write('prompts/greet.yaml', promptText('Hello!'));
  repo.write('prompts/team/bye.yaml', promptText('Bye!'));
  await saveIn(repo);
  writePointer(repo, 'production', 'greet', [
    { version: '1.0.0', at: '2026-01-01T00:00:00.000Z' },
    { version: '1.0.1', at: '2026-01-02T00:00:00.000Z', reason: hostile },
    {
      version: '1.0.0',
      at: '2026-01-02T01:00:00.000Z',
      action: 'rollback',
      trigger: 'emergency',
      triggeredBy: 'Alarm',
      undoes: null,
    },
  ]);
  writePointer(repo, 'production', 'team/bye', [{ version: '1.0.0', at: '2026-01-01T12:00:00.000Z' }]);
  writePointer(repo, 'staging', 'greet', [{ version: '1.0.1', at: '2026-01-01T06:00:00.000Z' }]);
  writePointer(repo, 'staging', 'team/bye', [{ version: '1.0.0', at: '2026-01-01T06:00:00.000Z' }]);
  commitState(repo);
};

const brief = (prompts: readonly { readonly prompt: string; readonly version: string }[]) =>
  prompts.map(({ prompt, version }) => `${prompt}@${version}`);

describe('env', () => {
  let repo: TempRepo;
  beforeAll(async () => {
    repo = createTempRepo({ remote: true });
    await deploy(repo);
    repo.git('push', '--quiet', '--tags', 'origin', 'main');
  });
  afterAll(() => repo.remove());

  const show = (at?: string, from = repo) =>
    call(from, showEnvironment, { environment: 'production', ...(at ? { at } : {}) });

  it('shows what runs, since when, by whom and why', async () => {
    const result = await show();
    expect(result).toMatchObject({ environment: 'production', at: null, atLocal: null, damaged: [] });
    expect(result.warnings).toEqual([]);
    expect(result.upstream).toBeNull();
    expect(result.prompts).toMatchObject([
      {
        prompt: 'greet',
        version: '1.0.0',
        since: '2026-01-02T01:00:00.000Z',
        by: 'Ops <ops@example.com>',
        action: 'rollback',
        drift: null,
        detail: null,
      },
      { prompt: 'team/bye', version: '1.0.0', drift: null },
    ]);
  });

  it.each([
    ['2025-12-31T23:59:59Z', []],
    ['2026-01-01T00:00:00Z', ['greet@1.0.0']],
    ['2026-01-02T01:30:00+02:00', ['greet@1.0.0', 'team/bye@1.0.0']],
    ['2026-01-02T02:30:00+02:00', ['greet@1.0.1', 'team/bye@1.0.0']],
    ['2026-01-02T01:00:00Z', ['greet@1.0.0', 'team/bye@1.0.0']],
  ])('shows what ran at %s', async (at, expected) => {
    const result = await show(at);
    expect(brief(result.prompts)).toEqual(expected);
    expect(result.at).toBe(new Date(at).toISOString());
    expect(result.atLocal).toBe(at);
  });

  it('shows a local time with its offset, and refuses what is no time', async () => {
    expect((await show('2026-01-02')).atLocal).toMatch(/^2026-01-02T00:00:00(Z|[+-]\d\d:\d\d)$/);
    expect(await codeOf(show('last tuesday'))).toBe('TIME_INVALID');
  });

  it('travels in a shallow clone, which has no old commits', async () => {
    const clone = repo.clone('--depth', '1', '--no-tags');
    const result = await show('2026-01-02T00:30:00Z', clone);
    expect(brief(result.prompts)).toEqual(['greet@1.0.1', 'team/bye@1.0.0']);
    expect(result.prompts.map(({ drift }) => drift)).toEqual(['missing', 'missing']);
    clone.remove();
  });

  it('lists prompts by environments', async () => {
    const result = await call(repo, listEnvironments, {});
    expect(result.environments).toMatchObject([
      { environment: 'development', running: 0, lastDeployment: null, isProduction: false },
      { environment: 'staging', running: 2 },
      {
        environment: 'production',
        running: 2,
        isProduction: true,
        lastDeployment: '2026-01-02T01:00:00.000Z',
      },
    ]);
    expect(result.prompts).toMatchObject([
      {
        prompt: 'greet',
        latest: '1.0.1',
        environments: {
          development: null,
          staging: { version: '1.0.1', drift: null },
          production: { version: '1.0.0', since: '2026-01-02T01:00:00.000Z' },
        },
      },
      { prompt: 'team/bye', latest: '1.0.1' },
    ]);
  });

  it('compares two environments', async () => {
    const result = await call(repo, diffEnvironments, { a: 'staging', b: 'production' });
    expect(result).toMatchObject({ a: 'staging', b: 'production', same: 1, damaged: [], warnings: [] });
    expect(result.differences).toEqual([{ prompt: 'greet', a: '1.0.1', b: '1.0.0', ahead: 'a' }]);
    expect((await call(repo, diffEnvironments, { a: 'staging', b: 'staging' })).differences).toEqual([]);
    for (const [b, offered] of [
      ['prodution', 'Did you mean production?'],
      ['moonbase', 'There are development, staging, production.'],
    ])
      await expect(call(repo, diffEnvironments, { a: 'staging', b: b ?? '' })).rejects.toMatchObject({
        code: 'ENVIRONMENT_NOT_FOUND',
        message: expect.stringContaining(offered ?? ''),
      });
  });

  it('tells the history newest first, with hostile reasons as they are', async () => {
    const request = { environment: 'production' };
    const all = await call(repo, readHistory, request);
    expect(all.deployments.map(({ prompt, action, version }) => `${action} ${prompt} ${version}`)).toEqual([
      'rollback greet 1.0.0',
      'promote greet 1.0.1',
      'promote team/bye 1.0.0',
      'promote greet 1.0.0',
    ]);
    const one = await call(repo, readHistory, { ...request, name: 'prompts/greet.yaml', limit: 2 });
    expect(one.prompt).toBe('greet');
    expect(one.deployments).toMatchObject([
      { id: expect.stringMatching(/^3-/), trigger: 'emergency', triggeredBy: 'Alarm', undoes: null },
      { reason: hostile, trigger: null, triggeredBy: null, undoes: null },
    ]);
    const development = { environment: 'development', name: 'greet' };
    expect((await call(repo, readHistory, development)).deployments).toEqual([]);
    expect(await codeOf(call(repo, readHistory, { ...request, name: 'grete' }))).toBe('PROMPT_NOT_FOUND');
  });

  it('reports on delivery', async () => {
    const result = await call(repo, reportEnvironments, {});
    expect(result.versioned).toEqual({ prompts: 2, versioned: 2, share: 1 });
    expect(result.environments[2]).toMatchObject({
      environment: 'production',
      running: 2,
      deployments: { count: 3, rolledBack: 1 },
      rollbacks: { count: 1, emergencies: 1, held: 1, successRate: 1 },
      timeToRollBack: { count: 1, medianMs: 3_600_000 },
    });
    const since = await call(repo, reportEnvironments, { since: '2026-01-02T00:30:00Z' });
    expect(since.environments[2]?.deployments.count).toBe(0);
    expect(since.since).toBe('2026-01-02T00:30:00.000Z');
    const lately = await call(repo, reportEnvironments, { since: '1h' });
    expect(lately.environments[2]?.deployments.count).toBe(0);
  });

  it('starts the same few git processes however many prompts run', async () => {
    const calls: string[] = [];
    const counting = { onGit: (args: readonly string[]) => calls.push(args[0] ?? '') };
    await call(repo, showEnvironment, { environment: 'production' }, counting);
    expect(calls.sort()).toEqual(['cat-file', 'rev-parse', 'rev-parse']);
  });

  it('prints hostile reasons on one line, without their escapes', async () => {
    const { stdout } = await repo.promptv(['env', 'history', 'production', 'greet']);
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('first\\nSigned-off-by: Eve <eve@example.com>\\x1b[31m "red" 🙂');
  });
});

describe('the remote-tracking branch', () => {
  it('is compared with what runs here, and being behind it is a warning', () =>
    withRepo({ remote: true }, async (repo) => {
      await deploy(repo);
      repo.git('push', '--quiet', '--tags', 'origin', 'main');
      const before = repo.git('rev-parse', 'HEAD~1');
      repo.git('reset', '--quiet', '--hard', before);
      const request = { environment: 'production' };
      const behind = await call(repo, showEnvironment, request);
      expect(behind.prompts).toEqual([]);
      expect(behind.upstream).toEqual({
        branch: 'origin/main',
        behind: 1,
        differences: [
          { prompt: 'greet', a: null, b: '1.0.0', ahead: 'b' },
          { prompt: 'team/bye', a: null, b: '1.0.0', ahead: 'b' },
        ],
      });
      expect(behind.warnings).toMatchObject([{ code: 'STATE_BEHIND' }]);
      const { stderr } = await repo.promptv(['env', 'diff', 'staging', 'production']);
      expect(stderr).toContain('1 commit behind origin/main');
      repo.git('reset', '--quiet', '--hard', 'origin/main');
      repo.git('commit', '--quiet', '--allow-empty', '--message', 'Ahead');
      expect(await call(repo, showEnvironment, request)).toMatchObject({
        upstream: { behind: 0, differences: [] },
        warnings: [],
      });
      repo.git('checkout', '--quiet', '--detach');
      expect((await call(repo, showEnvironment, request)).upstream).toBeNull();
    }));

  it('may be that of a state branch, which is read without a checkout', () =>
    withRepo(
      { remote: true, files: { '.promptrc.yaml': 'state: {branch: promptv-state}\n' } },
      async (repo) => {
        repo.git('checkout', '--quiet', '-b', 'promptv-state');
        await deploy(repo);
        repo.git('push', '--quiet', '--tags', 'origin', 'promptv-state');
        repo.git('checkout', '--quiet', 'main');
        const request = { environment: 'production' };
        const here = await call(repo, showEnvironment, request);
        expect(brief(here.prompts)).toEqual(['greet@1.0.0', 'team/bye@1.0.0']);
        expect(here.upstream).toBeNull();
        repo.git('branch', '--quiet', '--force', 'promptv-state', 'promptv-state~1');
        const behind = await call(repo, showEnvironment, request);
        expect(behind).toMatchObject({
          prompts: [],
          upstream: { branch: 'origin/promptv-state', behind: 1 },
        });
        expect(behind.warnings[0]?.message).toContain('git fetch origin promptv-state:promptv-state');
        repo.git('branch', '--quiet', '-D', 'promptv-state');
        expect(brief((await call(repo, showEnvironment, request)).prompts)).toEqual(brief(here.prompts));
        expect(repo.git('status', '--porcelain')).toBe('');
      },
    ));
});

describe('a damaged pointer file', () => {
  const path = environmentPath('production', 'greet');
  const state = stateOf('production', 'greet', [{ version: '1.0.0' }, { version: '1.0.1' }]);
  const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const [first, second] = state.deployments;
  let repo: TempRepo;
  beforeAll(async () => {
    repo = createTempRepo();
    await deploy(repo);
  });
  afterAll(() => repo.remove());

  it.each([
    ['conflict markers', `{\n<<<<<<< HEAD\n  "current": "1.0.0"\n=======\n>>>>>>> x\n}\n`, 2],
    ['a missing field', text({ ...state, deployments: [{ ...first, by: undefined }, second] }), 7],
    ['a version that is none', text({ ...state, current: 'newest' }), 5],
    ['a current version that no deployment brought', text({ ...state, current: '9.9.9' }), 5],
    ['a reason edited by hand', text({ ...state, deployments: [{ ...first, reason: 'x' }, second] }), 7],
    ['an entry taken out', text({ ...state, deployments: [second] }), 10],
    ['the name of another prompt', text({ ...state, prompt: 'team/bye' }), 3],
    ['an unknown key', text({ ...state, note: 1 }), 1],
    ['nothing in it', '', 1],
  ])('with %s is named with its line and hides no other', async (_, damage, line) => {
    repo.write(path, damage);
    commitState(repo);
    const result = await call(repo, showEnvironment, { environment: 'production' });
    expect(result.damaged).toMatchObject([{ environment: 'production', prompt: 'greet', path }]);
    if (line > 1) expect(result.damaged[0]?.line).toBe(line);
    expect(result.warnings).toMatchObject([
      { code: 'STATE_INVALID', message: expect.stringContaining(path) },
    ]);
    expect(brief(result.prompts)).toEqual(['team/bye@1.0.0']);
    const request = { environment: 'production', name: 'greet' };
    expect(await codeOf(call(repo, readHistory, request))).toBe('STATE_INVALID');
    expect((await call(repo, readHistory, { ...request, name: 'team/bye' })).deployments).toHaveLength(1);
    const compared = await call(repo, diffEnvironments, { a: 'staging', b: 'production' });
    expect(compared).toMatchObject({ differences: [], same: 1, damaged: [{ prompt: 'greet' }] });
    expect((await call(repo, listEnvironments, {})).damaged).toHaveLength(1);
    expect((await call(repo, reportEnvironments, {})).damaged).toHaveLength(1);
  });
});

describe('a tag that changed under a pointer', () => {
  it('is shown as changed, a deleted one as missing, and neither as in order', () =>
    withRepo({}, async (repo) => {
      await deploy(repo);
      repo.git('tag', '-d', 'prompts/team/bye@1.0.0');
      repo.git('tag', '-d', 'prompts/greet@1.0.0');
      repo.write('prompts/greet.yaml', promptText('Something else'));
      await saveIn(repo, { names: ['greet'], setVersion: '1.0.0' });
      const result = await call(repo, showEnvironment, { environment: 'production' });
      expect(result.prompts).toMatchObject([
        { prompt: 'greet', version: '1.0.0', drift: 'changed' },
        { prompt: 'team/bye', version: '1.0.0', drift: 'missing' },
      ]);
      expect(result.warnings).toMatchObject([
        { code: 'VERSION_CHANGED' },
        { code: 'VERSION_MISSING', message: expect.stringContaining('team/bye@1.0.0') },
      ]);
      const { environments } = (await call(repo, listEnvironments, {})).prompts[0] ?? {};
      expect(environments?.production?.drift).toBe('changed');
    }));
});

describe('a prompt whose file was deleted', () => {
  it('stays listed while an environment runs it', () =>
    withRepo({}, async (repo) => {
      await deploy(repo);
      repo.write('prompts/short.yaml', promptText('Short-lived'));
      await saveIn(repo);
      repo.git('rm', '--quiet', 'prompts/greet.yaml', 'prompts/short.yaml');
      repo.git('commit', '--quiet', '--message', 'Delete two');
      const { prompts } = await call(repo, status, {});
      expect(prompts.map(({ prompt, state, reason }) => [prompt, state, reason])).toEqual([
        ['greet', 'deleted', 'runs in staging, production'],
        ['team/bye', 'clean', null],
      ]);
      expect((await call(repo, list, {})).prompts.map(({ prompt }) => prompt)).toEqual(['greet', 'team/bye']);
      const shown = await call(repo, showEnvironment, { environment: 'production' });
      expect(shown.prompts[0]).toMatchObject({ prompt: 'greet', version: '1.0.0', drift: null });
    }));

  it('costs no process, with environments or without', () =>
    withRepo({}, async (repo) => {
      await deploy(repo);
      const count = async (): Promise<number> => {
        let calls = 0;
        const counting = { onGit: () => (calls += 1) };
        await call(repo, status, {}, counting);
        return calls;
      };
      const before = await count();
      repo.git('rm', '--quiet', 'prompts/greet.yaml');
      repo.git('commit', '--quiet', '--message', 'Delete one');
      expect(await count()).toBe(before);
    }));
});
