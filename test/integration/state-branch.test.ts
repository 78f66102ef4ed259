import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  annotate,
  approvalStatus,
  audit,
  bundle,
  diffEnvironments,
  get,
  listEnvironments,
  pendingApprovals,
  readHistory,
  reportEnvironments,
  rollbackHistory,
  showEnvironment,
  type Workspace,
} from '../../src/index.ts';
import { makeKeys, submitIn } from '../helpers/approvals.ts';
import {
  createDeliveryRepo,
  environmentsConfig,
  inPlace,
  pointerOf,
  pointerPath,
  promoteIn,
  rollbackIn,
  versionsRun,
} from '../helpers/delivery.ts';
import { codeOf } from '../helpers/in-workspace.ts';
import { snapshot } from '../helpers/snapshot.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const make = async (options: Parameters<typeof createDeliveryRepo>[0] = {}): Promise<TempRepo> => {
  const repo = await createDeliveryRepo(options);
  repos.push(repo);
  return repo;
};
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const onState = environmentsConfig(undefined, 'state:\n  branch: promptv/state\n');
const place = { revision: 'refs/heads/promptv/state' };
/** How many git processes a promotion takes. */
const countOf = async (repo: TempRepo, refs: readonly string[]): Promise<number> => {
  let count = 0;
  await promoteIn(repo, refs, {}, { onGit: () => count++ });
  return count;
};
const withoutRefs = (repo: TempRepo): Record<string, string> => ({ ...snapshot(repo), refs: '' });

describe('a promotion on a state branch', () => {
  it('of many prompts takes no more git processes than of one', async () => {
    const names = ['p0', 'p1', 'p2', 'p3', 'p4'];
    const repo = await make({ files: onState, names: ['greet', ...names], versions: 1 });
    await promoteIn(repo, 'greet');
    const one = await countOf(repo, ['p0']);
    expect(await countOf(repo, names)).toBe(one);
    for (const name of names) expect(versionsRun(repo, name, place)).toEqual(['1.0.0']);
  });
});

describe('two clones of one remote that decide on the checked-out branch', () => {
  it('about the same prompt never end with two truths', async () => {
    const one = await make({ remote: true });
    const two = one.clone();
    await promoteIn(one, 'greet@1.0.1', { push: true });
    const calls: string[] = [];
    const onGit = (args: readonly string[]) => calls.push(args[0] ?? '');
    const error = await promoteIn(two, 'greet@1.0.2', { push: true }, { onGit }).catch(
      (failure: unknown) => failure,
    );
    expect(error).toMatchObject({ code: 'PUSH_REJECTED', details: { reason: 'main: fetch first' } });
    expect(calls.filter((call) => call === 'push')).toHaveLength(1);
    const local = two.git('rev-parse', 'HEAD');
    expect((error as Error).message).toContain(local.slice(0, 12));
    expect((error as { hint: string }).hint).toContain('git pull --no-rebase origin main');
    two.git('config', 'pull.rebase', 'false');
    expect(() => two.git('pull', '--no-rebase', '--quiet', 'origin', 'main')).toThrow();
    expect(two.git('diff', '--name-only', '--diff-filter=U')).toBe(pointerPath());
    expect(await codeOf(promoteIn(two, 'greet@1.0.2'))).toBe('OPERATION_IN_PROGRESS');
    expect(versionsRun(two, 'greet', { revision: 'origin/main' })).toEqual(['1.0.1']);
  });

  it('about different prompts merge, and the same command again pushes', async () => {
    const one = await make({ remote: true, names: ['greet', 'tone'] });
    const two = one.clone();
    await promoteIn(one, 'greet', { push: true });
    expect(await codeOf(promoteIn(two, 'tone', { push: true }))).toBe('PUSH_REJECTED');
    two.git('pull', '--no-rebase', '--quiet', '--no-edit', 'origin', 'main');
    expect(await promoteIn(two, 'tone', { push: true })).toMatchObject({ commit: null, pushed: true });
    expect(await promoteIn(two, 'tone', { push: true })).toMatchObject({ commit: null, pushed: false });
    one.git('pull', '--quiet');
    expect([versionsRun(one, 'greet'), versionsRun(one, 'tone')]).toEqual([['1.0.2'], ['1.0.2']]);
  });

  it('push nothing that was not asked for, and follow push.auto', async () => {
    const repo = await make({ remote: true });
    const tip = () => repo.git('ls-remote', 'origin', 'refs/heads/main').slice(0, 40);
    const before = tip();
    expect(await promoteIn(repo, 'greet@1.0.0')).toMatchObject({ pushed: false });
    expect(tip()).toBe(before);
    repo.write('.promptrc.yaml', `${repo.read('.promptrc.yaml')}push:\n  auto: true\n`);
    expect(await promoteIn(repo, 'greet@1.0.1', { push: false })).toMatchObject({ pushed: false });
    const { commit, pushed } = await promoteIn(repo, 'greet@1.0.2');
    expect([pushed, tip()]).toEqual([true, commit]);
  });

  it('are warned on a detached HEAD that the decision is on no branch', async () => {
    const repo = await make();
    const codes = async (decided: Promise<{ readonly warnings: readonly { readonly code: string }[] }>) =>
      (await decided).warnings.map(({ code }) => code);
    expect(await codes(promoteIn(repo, 'greet@1.0.0'))).toEqual([]);
    repo.git('checkout', '--quiet', '--detach');
    expect(await codes(promoteIn(repo, 'greet@1.0.1'))).toEqual(['HEAD_DETACHED']);
    expect(await codes(promoteIn(repo, 'greet@1.0.1'))).toEqual([]);
    expect(await codes(rollbackIn(repo, 'greet'))).toEqual(['HEAD_DETACHED']);
    const annotateIn = inPlace(repo, (it) => annotate(it, { ref: 'greet', text: 'Short.' }));
    expect(await codes(annotateIn)).toEqual(['HEAD_DETACHED']);
    expect(await codes(promoteIn(repo, 'greet@1.0.1', { branch: 'pull' }))).toEqual([]);
  });

  it('refuse to push from a detached HEAD before anything is written', async () => {
    const repo = await make({ remote: true });
    repo.git('checkout', '--quiet', '--detach');
    const state = snapshot(repo);
    expect(await codeOf(promoteIn(repo, 'greet', { push: true }))).toBe('HEAD_DETACHED');
    expect(snapshot(repo)).toEqual(state);
    expect(await promoteIn(repo, 'greet', { push: true, branch: 'release' })).toMatchObject({ pushed: true });
  });

  it('finish a rollback whose push never happened', async () => {
    const repo = await make({ remote: true });
    await promoteIn(repo, 'greet@1.0.0');
    await promoteIn(repo, 'greet@1.0.1', { push: true });
    await rollbackIn(repo, 'greet');
    expect(await rollbackIn(repo, 'greet', { push: true })).toMatchObject({
      commit: null,
      pushed: true,
      rollbacks: [{ unchanged: true, to: '1.0.0' }],
    });
    expect(await codeOf(rollbackIn(repo, 'greet', { push: true }))).toBe('ALREADY_ROLLED_BACK');
  });
});

describe('a state branch', () => {
  const checkouts: Record<string, (repo: TempRepo) => TempRepo> = {
    'a dirty work tree': (repo) => {
      repo.write('prompts/greet.yaml', 'content: unsaved\n');
      repo.write('staged.txt', 'staged\n');
      repo.git('add', 'staged.txt');
      repo.write(pointerPath(), 'mine\n');
      return repo;
    },
    'a detached HEAD': (repo) => {
      repo.git('checkout', '--quiet', '--detach', 'HEAD^');
      return repo;
    },
    'an unborn branch': (repo) => {
      repo.git('checkout', '--quiet', '--orphan', 'empty');
      return repo;
    },
  };
  it.each(
    Object.entries(checkouts),
  )('is written from %s without touching files, index or HEAD', async (_, prepare) => {
    const repo = await make({ files: onState });
    prepare(repo);
    const state = withoutRefs(repo);
    const head = repo.git('for-each-ref', 'refs/heads/main');
    await promoteIn(repo, 'greet@1.0.0');
    await promoteIn(repo, 'greet@1.0.1');
    await rollbackIn(repo, 'greet');
    expect(withoutRefs(repo)).toEqual(state);
    expect(repo.git('for-each-ref', 'refs/heads/main')).toBe(head);
    expect(versionsRun(repo, 'greet', place)).toEqual(['1.0.0', '1.0.1', '1.0.0']);
    expect(repo.git('ls-tree', '-r', '--name-only', 'promptv/state')).toBe(pointerPath());
    expect(readdirSync(join(repo.dir, '.git')).filter((name) => /promptv/.test(name))).toEqual([]);
  });

  it('is written from a linked work tree, and refused while another one has it checked out', async () => {
    const repo = await make({ files: onState });
    const linked = join(repo.root, 'linked');
    repo.git('worktree', 'add', '--quiet', linked);
    await promoteIn(repo, 'greet@1.0.0', {}, { cwd: linked });
    expect(versionsRun(repo, 'greet', place)).toEqual(['1.0.0']);
    repo.git('-C', linked, 'checkout', '--quiet', 'promptv/state');
    const state = snapshot(repo);
    const error = await promoteIn(repo, 'greet').catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'BRANCH_CHECKED_OUT' });
    expect((error as Error).message).toContain(linked);
    expect(snapshot(repo)).toEqual(state);
  });

  it('that is checked out here is committed to like any branch, files and index included', async () => {
    const repo = await make({ files: onState, remote: true });
    repo.git('checkout', '--quiet', '-b', 'promptv/state');
    const other = repo.clone();
    await promoteIn(repo, 'greet@1.0.0', { push: true });
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(JSON.parse(repo.read(pointerPath()))).toMatchObject({ current: '1.0.0' });
    // Never moved under the files of the work tree, also when the remote has more.
    await promoteIn(other, 'greet@1.0.1', { push: true });
    expect(await codeOf(promoteIn(repo, 'greet@1.0.2', { push: true }))).toBe('PUSH_REJECTED');
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('that only the remote has is taken up', async () => {
    const repo = await make({ files: onState, remote: true });
    await promoteIn(repo, 'greet@1.0.0', { push: true });
    const other = repo.clone();
    expect(() => other.git('rev-parse', '--verify', 'refs/heads/promptv/state')).toThrow();
    await promoteIn(other, 'greet@1.0.1');
    expect(versionsRun(other, 'greet', place)).toEqual(['1.0.0', '1.0.1']);
  });

  it('is signed when every commit is, and signed off when the configuration says so', async () => {
    const files = environmentsConfig(
      undefined,
      'state:\n  branch: promptv/state\ncommit:\n  signoff: true\n',
    );
    const repo = await make({ files, versions: 1 });
    const { keyOf } = makeKeys(repo, ['author@example.com']);
    repo.git('config', 'commit.gpgSign', 'true');
    const { commit } = await promoteIn(repo, 'greet', {}, { env: keyOf('author@example.com') });
    repo.git('verify-commit', commit ?? '');
    expect(
      repo.git('log', '-1', '--format=%(trailers:key=Signed-off-by,valueonly)', commit ?? '').trim(),
    ).toBe('Test Author <author@example.com>');
  });

  it('that another git moves meanwhile is not overwritten', async () => {
    const repo = await make({ files: onState });
    await promoteIn(repo, 'greet@1.0.0');
    const moved = repo.git('commit-tree', '-p', 'promptv/state', '-m', 'Other', 'promptv/state^{tree}');
    const onGit = (args: readonly string[]): void => {
      if (args[0] === 'write-tree') repo.git('update-ref', 'refs/heads/promptv/state', moved);
    };
    expect(await codeOf(promoteIn(repo, 'greet@1.0.1', {}, { onGit }))).toBe('STATE_MOVED');
    expect(repo.git('rev-parse', 'promptv/state')).toBe(moved);
  });

  it('with decisions that never reached the remote is merged with it, or refused where both decided', async () => {
    const one = await make({ files: onState, remote: true, names: ['greet', 'tone', 'voice'] });
    await promoteIn(one, 'voice', { push: true });
    const two = one.clone();
    await promoteIn(two, 'greet');
    await promoteIn(one, 'tone', { push: true });
    expect(await promoteIn(two, 'greet', { push: true })).toMatchObject({ commit: null, pushed: true });
    const remote = { revision: 'origin/promptv/state' };
    expect([versionsRun(two, 'greet', remote), versionsRun(two, 'tone', remote)]).toEqual([
      ['1.0.2'],
      ['1.0.2'],
    ]);
    await promoteIn(one, 'voice@1.0.0', { push: true });
    await promoteIn(two, 'voice@1.0.1');
    const state = snapshot(two);
    const error = await promoteIn(two, 'tone@1.0.0', { push: true }).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'STATE_DIVERGED' });
    expect((error as Error).message).toContain(pointerPath('voice'));
    expect({ ...snapshot(two), refs: '' }).toEqual({ ...state, refs: '' });
  });

  it('that the remote guards keeps nothing of what was refused', async () => {
    const repo = await make({ files: onState, remote: true });
    await promoteIn(repo, 'greet@1.0.0', { push: true });
    const hook = join(repo.root, 'origin.git', 'hooks', 'pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho protected >&2\nexit 1\n', { mode: 0o755 });
    const state = snapshot(repo);
    const error = await promoteIn(repo, 'greet@1.0.1', { push: true }).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'PUSH_REJECTED', details: { commit: null } });
    expect((error as Error).message).toContain('Nothing was decided');
    expect((error as { hint: string }).hint).toContain('--branch');
    expect(snapshot(repo)).toEqual(state);
  });
});

describe('--branch NAME', () => {
  it('of a new branch begins where the decisions are, and leaves the checked-out one alone', async () => {
    const repo = await make({
      files: environmentsConfig('  - name: staging\n  - name: production\n    from: staging\n'),
    });
    await promoteIn(repo, 'greet@1.0.1', { environment: 'staging' });
    const state = withoutRefs(repo);
    const head = repo.git('rev-parse', 'HEAD');
    const { commit } = await promoteIn(repo, 'greet@1.0.1', { branch: 'promote/greet' });
    expect(withoutRefs(repo)).toEqual(state);
    expect(repo.git('rev-parse', 'HEAD', 'promote/greet', 'promote/greet^').split('\n')).toEqual([
      head,
      commit,
      head,
    ]);
    expect(repo.git('diff', '--name-only', 'HEAD', 'promote/greet')).toBe(pointerPath());
    repo.git('merge', '--quiet', '--ff-only', 'promote/greet');
    expect(await promoteIn(repo, 'greet@1.0.1')).toMatchObject({ promotions: [{ unchanged: true }] });
  });

  it.each(['-x', 'a..b', 'a b', '../x', 'x.lock', 'a\nb'])('%j is no branch', async (branch) => {
    const repo = await make({ versions: 1 });
    const state = snapshot(repo);
    expect(await codeOf(promoteIn(repo, 'greet', { branch }))).toBe('BRANCH_INVALID');
    expect(snapshot(repo)).toEqual(state);
  });

  const readers: Readonly<Record<string, (it: Workspace, branch: string) => Promise<unknown>>> = {
    get: (it, branch) => get(it, { prompt: 'greet', environment: 'production', branch }),
    'env list': (it, branch) => listEnvironments(it, { branch }),
    'env show': (it, branch) => showEnvironment(it, { environment: 'production', branch }),
    'env history': (it, branch) => readHistory(it, { environment: 'production', branch }),
    'env diff': (it, branch) => diffEnvironments(it, { a: 'staging', b: 'production', branch }),
    'env report': (it, branch) => reportEnvironments(it, { branch }),
    'rollback --history': (it, branch) => rollbackHistory(it, { environment: 'production', branch }),
    'approval status': (it, branch) => approvalStatus(it, { ref: 'greet@production', branch }),
    'approval pending': (it, branch) => pendingApprovals(it, { branch }),
    audit: (it, branch) => audit(it, { branch }),
    bundle: (it, branch) => bundle(it, { branch }),
  };

  it('is read by everything that reads the state, and a branch that is not there is an error', async () => {
    const stages = '  - name: staging\n    approvals: [{ name: review, approvers: ["*@example.com"] }]\n';
    const repo = await make({ files: environmentsConfig(`${stages}  - name: production\n`) });
    await promoteIn(repo, 'greet@1.0.0');
    const pull = { branch: 'pull' };
    await promoteIn(repo, 'greet@1.0.1', pull);
    await rollbackIn(repo, 'greet', pull);
    await promoteIn(repo, 'greet@1.0.2', pull);
    await submitIn(repo, { environment: 'staging', ...pull });
    const unchanged: string[] = [];
    for (const [name, read] of Object.entries(readers)) {
      const readIn = (branch: string) => inPlace(repo, async (it) => JSON.stringify(await read(it, branch)));
      if ((await readIn('main')) === (await readIn('pull'))) unchanged.push(name);
      expect([name, await codeOf(readIn('pul'))]).toEqual([name, 'BRANCH_NOT_FOUND']);
    }
    expect(unchanged).toEqual([]);
  });

  it('says where a reference to an environment is looked up', async () => {
    const repo = await make();
    await promoteIn(repo, 'greet@1.0.0', { environment: 'staging' });
    await promoteIn(repo, 'greet@1.0.1', { environment: 'staging', branch: 'pull' });
    expect(await promoteIn(repo, 'greet@staging', { branch: 'pull' })).toMatchObject({
      promotions: [{ version: '1.0.1' }],
    });
    expect(await promoteIn(repo, 'greet@staging')).toMatchObject({ promotions: [{ version: '1.0.0' }] });
  });

  it('below a branch of that name is told as git tells it', async () => {
    const repo = await make({ versions: 1 });
    expect(await codeOf(promoteIn(repo, 'greet', { branch: 'main/x' }))).toBe('GIT_FAILED');
  });
});

describe('a commit that another git makes meanwhile on the checked-out branch', () => {
  it('is not undone by a promotion that never saw it', async () => {
    const repo = await make();
    await promoteIn(repo, 'greet@1.0.0');
    let isDone = false;
    const onGit = (args: readonly string[]): void => {
      if (args[0] !== 'commit' || isDone) return;
      isDone = true;
      const ours = repo.read(pointerPath());
      repo.git('checkout', '--quiet', '--', pointerPath());
      repo.git('rm', '--quiet', '--cached', pointerPath());
      repo.git('commit', '--quiet', '--message', 'Other');
      repo.git('reset', '--quiet');
      repo.write(pointerPath(), ours);
      repo.git('add', '--intent-to-add', pointerPath());
    };
    expect(await codeOf(promoteIn(repo, 'greet@1.0.1', {}, { onGit }))).toBe('STATE_MOVED');
    expect(repo.git('log', '-1', '--format=%s')).toBe('Other');
    expect(existsSync(join(repo.dir, '.git/promptv-pending.json'))).toBe(false);
  });
});

describe('the committed pointer', () => {
  it('is what counts, not the file on disk', async () => {
    const repo = await make();
    await promoteIn(repo, 'greet@1.0.0');
    await promoteIn(repo, 'greet@1.0.1', { branch: 'other' });
    expect([pointerOf(repo).current, pointerOf(repo, 'greet', { revision: 'other' }).current]).toEqual([
      '1.0.0',
      '1.0.1',
    ]);
  });
});
