import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { rename } from '../../src/operations/rename.ts';
import { sync } from '../../src/operations/sync.ts';
import { unsave } from '../../src/operations/unsave.ts';
import { codeOf, gitState, inWorkspace, promptText, saveIn, versionTags } from '../helpers/in-workspace.ts';
import { withGitCounter } from '../helpers/kill-points.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const make = (files: Readonly<Record<string, string>> = {}): TempRepo => {
  const repo = createTempRepo({
    remote: true,
    files: { 'prompts/greet.yaml': promptText('Hello.'), ...files },
  });
  repos.push(repo);
  return repo;
};
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const originOf = (repo: TempRepo): string => join(repo.root, 'origin.git');
/** Names and objects of everything on the remote. */
const remoteRefs = (repo: TempRepo): string => repo.git('-C', originOf(repo), 'for-each-ref');
const remoteTags = (repo: TempRepo): string[] =>
  repo.git('-C', originOf(repo), 'tag', '--list').split('\n').filter(Boolean);
const remoteTip = (repo: TempRepo): string => repo.git('-C', originOf(repo), 'rev-parse', 'main');

const refusePushes = (repo: TempRepo, script: string): (() => void) => {
  const hook = join(originOf(repo), 'hooks/pre-receive');
  writeFileSync(hook, `#!/bin/sh\n${script}\n`);
  chmodSync(hook, 0o755);
  return () => chmodSync(hook, 0o644);
};

describe('a save with --push', () => {
  it('pushes exactly the branch and the new tags', async () => {
    const repo = make();
    repo.git('tag', 'v9');
    repo.git('tag', '-a', '-m', 'x', 'other/annotated');
    repo.git('branch', 'private');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    repo.write('prompts/fresh.yaml', promptText('Fresh.'));
    const counter = withGitCounter(repo);
    const result = await saveIn(repo, { push: true }, { env: counter.env });
    expect(result).toMatchObject({ pushed: true, pushCommand: null, warnings: [] });
    expect(remoteTags(repo)).toEqual(['prompts/fresh@1.0.0', 'prompts/greet@1.0.0']);
    expect(remoteTip(repo)).toBe(repo.git('rev-parse', 'HEAD'));
    expect(repo.git('-C', originOf(repo), 'branch', '--format=%(refname:short)')).toBe('main');
    const pushes = counter.calls().filter((call) => call.includes('push '));
    expect(pushes).toEqual([expect.stringContaining('push --atomic')]);
    expect(pushes[0]).not.toMatch(/--force|--tags|--follow-tags|\+refs|\*/);
  });

  it('pushes the tag alone when the commit is not ours, and says so', async () => {
    const repo = make();
    repo.write('notes.txt', 'mine\n');
    repo.git('add', 'notes.txt');
    repo.git('commit', '--quiet', '-m', 'Mine');
    const tip = remoteTip(repo);
    const { warnings } = await saveIn(repo, { push: true });
    expect([remoteTags(repo), remoteTip(repo)]).toEqual([['prompts/greet@1.0.0'], tip]);
    const message = expect.stringMatching(/^Only tags were pushed: commit [0-9a-f]{7} .* git push$/);
    expect(warnings).toEqual([{ code: 'BRANCH_NOT_PUSHED', message }]);
  });

  it('repeated pushes nothing', async () => {
    const repo = make();
    await saveIn(repo, { push: true });
    const refs = remoteRefs(repo);
    const counter = withGitCounter(repo);
    expect(await saveIn(repo, { push: true }, { env: counter.env })).toMatchObject({
      saved: [],
      pushed: false,
    });
    expect([remoteRefs(repo), counter.calls().filter((call) => call.includes('push '))]).toEqual([refs, []]);
  });

  it('sends versions along that were saved without it', async () => {
    const repo = make();
    await saveIn(repo);
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    await saveIn(repo);
    expect(remoteTags(repo)).toEqual([]);
    expect(await saveIn(repo, { push: true })).toMatchObject({ saved: [], pushed: true });
    expect(remoteTags(repo)).toEqual(['prompts/greet@1.0.0', 'prompts/greet@1.0.1']);
    expect(remoteTip(repo)).toBe(repo.git('rev-parse', 'HEAD'));
  });

  it('in a dry run changes nothing here and there', async () => {
    const repo = make();
    const clone = repo.clone();
    await saveIn(repo, { push: true });
    clone.write('prompts/greet.yaml', promptText('Hi.'));
    const [state, refs, there] = [gitState(clone), clone.git('for-each-ref'), remoteRefs(repo)];
    const { saved } = await saveIn(clone, { push: true, dryRun: true });
    expect(saved).toMatchObject([{ version: '1.0.1' }]);
    expect([gitState(clone), clone.git('for-each-ref'), remoteRefs(repo)]).toEqual([state, refs, there]);
  });
});

describe('a push of a prompt with partials', () => {
  const family = {
    'prompts/tone.yaml': promptText('Be kind.'),
    'prompts/greet.yaml': 'content: "{{> tone}} Hi."\n',
  };

  it('takes along the versions that it pins', async () => {
    const repo = make(family);
    await saveIn(repo, { names: ['tone'] });
    await saveIn(repo, { names: ['greet'], push: true });
    expect(remoteTags(repo)).toEqual(['prompts/greet@1.0.0', 'prompts/tone@1.0.0']);
  });

  it('asks the remote for their versions too', async () => {
    const repo = make(family);
    await saveIn(repo, { names: ['tone'], push: true });
    const clone = repo.clone('--no-tags');
    expect((await saveIn(clone, { names: ['greet'], push: true })).saved).toMatchObject([
      { prompt: 'greet', version: '1.0.0' },
    ]);
    expect(remoteTags(repo)).toEqual(['prompts/greet@1.0.0', 'prompts/tone@1.0.0']);
  });
});

describe('a remote whose name begins like an option', () => {
  /** git takes such a name from its configuration, and only behind `--`. */
  const renameRemote = (repo: TempRepo): void => {
    repo.git('remote', 'remove', 'origin');
    repo.git('config', 'remote.-x.url', originOf(repo));
  };
  const remote = '-x';

  it('is pushed to, and asked for the branch and its tags', async () => {
    const repo = make();
    const clone = repo.clone();
    renameRemote(repo);
    expect(await saveIn(repo, { push: true, remote })).toMatchObject({ pushed: true });
    expect(remoteTags(repo)).toEqual(['prompts/greet@1.0.0']);
    clone.git('remote', 'rename', 'origin', 'o');
    clone.git('config', 'remote.-x.url', originOf(repo));
    clone.write('prompts/greet.yaml', promptText('Hi.'));
    expect(await saveIn(clone, { push: true, remote })).toMatchObject({
      saved: [{ version: '1.0.1', previousVersion: '1.0.0' }],
    });
  });

  it('stands in the command to type so that git takes it', async () => {
    const repo = make();
    renameRemote(repo);
    const { pushCommand } = await saveIn(repo, { remote });
    repo.git(...(pushCommand ?? '').split(' ').slice(1));
    expect(remoteTags(repo)).toEqual(['prompts/greet@1.0.0']);
  });

  it('is synchronised with: a number that both claimed is given anew', async () => {
    const repo = make();
    const clone = repo.clone();
    await saveIn(repo, { push: true });
    clone.write('prompts/greet.yaml', promptText('Theirs.'));
    await saveIn(clone);
    clone.git('config', 'remote.-x.url', originOf(repo));
    expect(await inWorkspace(clone, (workspace) => sync(workspace, { remote }))).toMatchObject({
      renumbered: [{ prompt: 'greet', from: '1.0.0', to: '1.0.1' }],
    });
  });
});

describe('a save without --push', () => {
  it('pushes nothing and says the command that would, which works as it is', async () => {
    const repo = make();
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const refs = remoteRefs(repo);
    const counter = withGitCounter(repo);
    const { pushed, pushCommand, warnings } = await saveIn(repo, {}, { env: counter.env });
    expect([pushed, warnings, remoteRefs(repo)]).toEqual([false, [], refs]);
    expect(counter.calls().filter((call) => /push|fetch|ls-remote/.test(call))).toEqual([]);
    expect(pushCommand).toMatch(/^git push --atomic origin /);
    repo.git(...(pushCommand ?? '').split(' ').slice(1));
    expect(remoteTags(repo)).toEqual(['prompts/greet@1.0.0']);
    expect(remoteTip(repo)).toBe(repo.git('rev-parse', 'HEAD'));
  });

  it('names no command where there is no remote to push to', async () => {
    const repo = make();
    repo.git('remote', 'remove', 'origin');
    expect(await saveIn(repo)).toMatchObject({ saved: [{ version: '1.0.0' }], pushCommand: null });
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    repo.git('remote', 'add', 'origin', originOf(repo));
    expect((await saveIn(repo)).pushCommand).toMatch(/^git push --atomic origin /);
    repo.write('prompts/greet.yaml', promptText('Ho.'));
    expect((await saveIn(repo, { remote: 'mine' })).pushCommand).toMatch(/^git push --atomic mine /);
  });

  it('warns loudly in CI, where the tag would be lost', async () => {
    const repo = make();
    const { warnings } = await saveIn(repo, {}, { env: { CI: 'true', GITHUB_ACTIONS: 'true' } });
    expect(warnings).toMatchObject([
      { code: 'TAGS_STAY_ON_RUNNER', message: expect.stringContaining('git push --atomic origin') },
    ]);
    const run = await repo.promptv(['status'], { env: { CI: 'true' } });
    expect([run.exitCode, remoteTags(repo)]).toEqual([0, []]);
  });

  it.each([
    { auto: 'true', env: {}, pushed: true },
    { auto: 'ci', env: {}, pushed: false },
    { auto: 'ci', env: { CI: 'true' }, pushed: true },
    { auto: 'false', env: { CI: 'true' }, pushed: false },
  ])('obeys push.auto: $auto (with $env)', async ({ auto, env, pushed }) => {
    const repo = make({ '.promptrc.yaml': `push:\n  auto: ${auto}\n` });
    expect((await saveIn(repo, {}, { env })).pushed).toBe(pushed);
    expect(remoteTags(repo)).toHaveLength(pushed ? 1 : 0);
  });
});

describe('a remote that refuses', () => {
  it('leaves the local version, and the next save with --push finishes', async () => {
    const repo = make();
    const allow = refusePushes(repo, 'echo "policy: ask first" >&2; exit 1');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const refs = remoteRefs(repo);
    const failure = await saveIn(repo, { push: true }).catch((error: unknown) => error);
    const reason =
      'remote: policy: ask first; main: pre-receive hook declined; prompts/greet@1.0.0: pre-receive hook declined';
    expect(failure).toMatchObject({ code: 'PUSH_REJECTED', exitCode: 1, details: { reason } });
    expect(remoteRefs(repo)).toBe(refs);
    expect([versionTags(repo), gitState(repo).split('\n--\n')[1]]).toEqual([['greet@1.0.0'], '']);
    const head = repo.git('rev-parse', 'HEAD');
    allow();
    expect(await saveIn(repo, { push: true })).toMatchObject({ saved: [], pushed: true });
    expect([remoteTip(repo), repo.git('rev-parse', 'HEAD')]).toEqual([head, head]);
    expect(remoteTags(repo)).toEqual(['prompts/greet@1.0.0']);
  });

  it('by one ref gets none of them', async () => {
    const repo = make();
    writeFileSync(join(originOf(repo), 'hooks/update'), '#!/bin/sh\ncase $1 in *fresh*) exit 1;; esac\n');
    chmodSync(join(originOf(repo), 'hooks/update'), 0o755);
    repo.write('prompts/fresh.yaml', promptText('Fresh.'));
    const refs = remoteRefs(repo);
    expect(await codeOf(saveIn(repo, { push: true }))).toBe('PUSH_REJECTED');
    expect(remoteRefs(repo)).toBe(refs);
  });

  it('or is not there is asked before anything is done', async () => {
    const repo = make();
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const state = gitState(repo);
    expect(await codeOf(saveIn(repo, { push: true, remote: 'nowhere' }))).toBe('REMOTE_MISSING');
    repo.git('remote', 'set-url', 'origin', join(repo.root, 'gone.git'));
    expect(await codeOf(saveIn(repo, { push: true }))).toMatch(/^REMOTE_(?:MISSING|UNREACHABLE)$/);
    expect([gitState(repo), versionTags(repo)]).toEqual([state, []]);
  });
});

describe('two clones', () => {
  it('that is behind its branch versions nothing', async () => {
    const repo = make();
    const clone = repo.clone();
    repo.write('notes.txt', 'newer\n');
    repo.git('add', '.');
    repo.git('commit', '--quiet', '-m', 'Newer');
    repo.git('push', '--quiet');
    clone.write('prompts/greet.yaml', promptText('Hi.'));
    const [state, refs] = [gitState(clone), remoteRefs(repo)];
    expect(await saveIn(clone, { push: true })).toMatchObject({
      saved: [],
      skipped: [{ prompt: 'greet', reason: 'behind' }],
      pushed: false,
      warnings: [{ code: 'BEHIND', message: expect.stringMatching(/: git pull --no-rebase origin main$/) }],
    });
    expect([gitState(clone), versionTags(clone), remoteRefs(repo)]).toEqual([state, [], refs]);
  });

  it('of which one lacks the tags: they are fetched before a number is chosen', async () => {
    const repo = make();
    const clone = repo.clone();
    await saveIn(repo, { push: true });
    expect(versionTags(clone)).toEqual([]);
    clone.write('prompts/greet.yaml', promptText('Hi.'));
    expect((await saveIn(clone, { push: true })).saved).toMatchObject([
      { version: '1.0.1', previousVersion: '1.0.0' },
    ]);
    expect(remoteTags(repo)).toEqual(['prompts/greet@1.0.0', 'prompts/greet@1.0.1']);
  });

  it('that claim one version: the second push is refused, sync renumbers, then the push works', async () => {
    const repo = make();
    await saveIn(repo, { push: true });
    const clone = repo.clone();
    repo.write('prompts/greet.yaml', promptText('Ours.'));
    await saveIn(repo, { push: true });
    clone.write('prompts/greet.yaml', promptText('Theirs.'));
    const { pushCommand } = await saveIn(clone);
    const refs = remoteRefs(repo);
    expect(() => clone.git(...(pushCommand ?? '').split(' ').slice(1))).toThrow('rejected');
    expect(remoteRefs(repo)).toBe(refs);

    const text = clone.read('prompts/greet.yaml');
    const own = clone.git('rev-parse', 'HEAD');
    expect(await inWorkspace(clone, (workspace) => sync(workspace, {}))).toMatchObject({
      renumbered: [{ prompt: 'greet', from: '1.0.1', to: '1.0.2' }],
      conflicts: [],
    });
    expect([clone.read('prompts/greet.yaml'), clone.git('rev-parse', 'HEAD')]).toEqual([text, own]);
    expect(clone.git('rev-parse', 'prompts/greet@1.0.1')).toBe(repo.git('rev-parse', 'prompts/greet@1.0.1'));
    expect(clone.git('rev-parse', 'prompts/greet@1.0.2^{commit}')).toBe(own);

    clone.git('fetch', '--quiet', 'origin', 'main');
    clone.git('merge', '--quiet', '-s', 'ours', '-m', 'Merge', 'FETCH_HEAD');
    expect(await saveIn(clone, { push: true })).toMatchObject({ saved: [], pushed: true });
    expect(remoteTags(repo)).toEqual(['prompts/greet@1.0.0', 'prompts/greet@1.0.1', 'prompts/greet@1.0.2']);
    expect(clone.git('tag', '-l', '--format=%(contents)', 'prompts/greet@1.0.2')).toContain(
      'Previous-Version: 1.0.1',
    );
  });

  it('that claim one version for the same text: sync takes the one of the remote', async () => {
    const repo = make();
    const clone = repo.clone();
    await saveIn(repo, { push: true });
    await saveIn(clone, { message: 'mine' });
    await inWorkspace(clone, (workspace) => sync(workspace, {}));
    expect(versionTags(clone)).toEqual(['greet@1.0.0']);
    expect(clone.git('rev-parse', 'prompts/greet@1.0.0')).toBe(repo.git('rev-parse', 'prompts/greet@1.0.0'));
  });

  it('and unsave: what the remote has stays, what only this clone has may go', async () => {
    const repo = make();
    await saveIn(repo, { push: true });
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    await saveIn(repo);
    const [head, state] = [repo.git('rev-parse', 'HEAD'), gitState(repo)];
    const take = (ref: string) => inWorkspace(repo, (workspace) => unsave(workspace, { ref }));
    expect(await codeOf(take('greet@1.0.0'))).toBe('VERSION_PUSHED');
    await take('greet@1.0.1');
    expect([versionTags(repo), repo.git('rev-parse', 'HEAD'), gitState(repo)]).toEqual([
      ['greet@1.0.0'],
      head,
      state,
    ]);
  });

  it('and rename: the push moves the branch alone', async () => {
    const repo = make();
    await saveIn(repo);
    const request = { from: 'greet', to: 'hello', push: true };
    expect(await inWorkspace(repo, (workspace) => rename(workspace, request))).toMatchObject({
      pushed: true,
    });
    expect([remoteTip(repo), remoteTags(repo)]).toEqual([repo.git('rev-parse', 'HEAD'), []]);
    const again = await saveIn(repo, { push: true });
    expect(again.saved).toMatchObject([{ prompt: 'hello', version: '1.0.1', previousVersion: '1.0.0' }]);
  });
});
