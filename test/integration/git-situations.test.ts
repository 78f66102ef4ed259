import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { doctor } from '../../src/operations/doctor.ts';
import { rename } from '../../src/operations/rename.ts';
import { restore } from '../../src/operations/restore.ts';
import type { SaveRequest } from '../../src/operations/save.ts';
import { show } from '../../src/operations/show.ts';
import { status } from '../../src/operations/status.ts';
import { sync } from '../../src/operations/sync.ts';
import { codeOf, gitState, inWorkspace, promptText, saveIn, versionTags } from '../helpers/in-workspace.ts';
import { createTempRepo, type TempRepo, type TempRepoOptions } from '../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const make = (options: TempRepoOptions = {}): TempRepo => {
  const files = { 'prompts/greet.yaml': promptText('Hello.'), 'other.txt': 'one\n', ...options.files };
  const repo = createTempRepo({ ...options, files });
  repos.push(repo);
  return repo;
};
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

/** Runs git, which is expected to stop with a conflict. */
const conflict = (repo: TempRepo, ...args: string[]): void =>
  expect(() => repo.git(...args)).toThrow('failed');

/** Two branches that changed `other.txt` differently; `main` is checked out. */
const diverge = (repo: TempRepo): void => {
  repo.git('checkout', '--quiet', '-b', 'topic');
  repo.write('other.txt', 'topic\n');
  repo.git('commit', '--quiet', '-am', 'Topic');
  repo.git('checkout', '--quiet', 'main');
  repo.write('other.txt', 'main\n');
  repo.git('commit', '--quiet', '-am', 'Main');
};

describe('an operation in progress', () => {
  it.each([
    { operation: 'merge', start: ['merge', 'topic'] },
    { operation: 'rebase', start: ['rebase', 'topic'] },
    { operation: 'rebase', start: ['rebase', '--apply', 'topic'] },
    { operation: 'cherry-pick', start: ['cherry-pick', 'topic'] },
    { operation: 'revert', start: ['revert', '--no-edit', 'HEAD~1'] },
  ])('($start) refuses every command that writes, before anything is done', async ({ operation, start }) => {
    const repo = make();
    diverge(repo);
    if (operation === 'revert') {
      repo.write('other.txt', 'again\n');
      repo.git('commit', '--quiet', '-am', 'Again');
    }
    conflict(repo, ...start);
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const [state, refs] = [gitState(repo), repo.git('for-each-ref')];
    const failure = await saveIn(repo, { names: ['greet'] }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'OPERATION_IN_PROGRESS', details: { operation } });
    expect(await codeOf(inWorkspace(repo, (it) => rename(it, { from: 'greet', to: 'hello' })))).toBe(
      'OPERATION_IN_PROGRESS',
    );
    expect(await codeOf(inWorkspace(repo, (it) => sync(it, {})))).toBe('OPERATION_IN_PROGRESS');
    expect([gitState(repo), repo.git('for-each-ref')]).toEqual([state, refs]);
    repo.git('checkout', '--quiet', 'HEAD', '--', 'prompts');
    repo.git(operation, '--abort');
    expect((await saveIn(repo)).saved).toHaveLength(1);
  });
});

describe('a missing identity', () => {
  const nobody = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, undefined],
      [`GIT_${who}_EMAIL`, undefined],
    ]),
  );

  it.each([
    { step: 'the commit of a tracked file', name: 'greet' },
    { step: 'the commit of a new file', name: 'fresh' },
    { step: 'the tag of a clean file', name: 'clean' },
  ])('fails at $step with the two commands to type, and leaves nothing half done', async ({ name }) => {
    const repo = make({ files: { 'prompts/clean.yaml': promptText('Clean.') } });
    repo.git('config', 'user.useConfigOnly', 'true');
    if (name !== 'clean') repo.write(`prompts/${name}.yaml`, promptText('Hi.'));
    const [state, refs] = [gitState(repo), repo.git('for-each-ref')];
    const failure = await saveIn(repo, { names: [name] }, { env: nobody }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'IDENTITY_MISSING',
      hint: expect.stringMatching(/git config user\.name .* git config user\.email/),
    });
    expect([gitState(repo), repo.git('for-each-ref')]).toEqual([state, refs]);
    expect((await saveIn(repo, { names: [name] })).saved).toHaveLength(1);
  });

  it('that only the tag misses is told before the commit is made', async () => {
    const repo = make();
    repo.git('config', 'user.useConfigOnly', 'true');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const head = repo.git('rev-parse', 'HEAD');
    const env = { GIT_COMMITTER_NAME: undefined, GIT_COMMITTER_EMAIL: undefined };
    expect(await codeOf(saveIn(repo, {}, { env }))).toBe('IDENTITY_MISSING');
    expect([repo.git('rev-parse', 'HEAD'), versionTags(repo)]).toEqual([head, []]);
  });
});

describe('a place that is no work tree', () => {
  it('is named: no repository, a bare one, a git folder', async () => {
    const plain = createTempRepo({ init: false });
    repos.push(plain);
    expect(await codeOf(saveIn(plain))).toBe('NOT_A_REPOSITORY');
    plain.git('init', '--quiet', '--bare', 'bare.git');
    expect(await codeOf(saveIn(plain, {}, { cwd: join(plain.dir, 'bare.git') }))).toBe('BARE_REPOSITORY');
    const repo = make();
    expect(await codeOf(saveIn(repo, {}, { cwd: join(repo.dir, '.git') }))).toBe('NOT_A_REPOSITORY');
  });
});

describe('a first commit', () => {
  it('is made by the first save, with the prompts alone', async () => {
    const repo = make({ commit: false });
    repo.git('add', 'other.txt');
    const { saved } = await saveIn(repo);
    expect(saved).toMatchObject([{ prompt: 'greet', version: '1.0.0', previousVersion: null }]);
    expect(repo.git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('prompts/greet.yaml');
    expect(repo.git('status', '--porcelain')).toBe('A  other.txt');
    expect(repo.git('rev-parse', 'prompts/greet@1.0.0^{commit}')).toBe(repo.git('rev-parse', 'HEAD'));
  });

  it('is planned by a dry run and missed by none of the readers', async () => {
    const repo = make({ commit: false });
    const plan = await saveIn(repo, { dryRun: true });
    expect(plan.saved).toMatchObject([{ version: '1.0.0', commit: null }]);
    const { prompts } = await inWorkspace(repo, (workspace) => status(workspace, {}));
    expect(prompts).toMatchObject([{ prompt: 'greet', state: 'new', next: '1.0.0' }]);
  });
});

describe('a work tree of another kind', () => {
  it('may be linked: versions are shared, other work trees untouched', async () => {
    const repo = make();
    await saveIn(repo);
    const linked = join(repo.root, 'linked');
    repo.git('worktree', 'add', '--quiet', '-b', 'topic', linked);
    repo.write(join(linked, 'prompts/greet.yaml'), promptText('Hi.'));
    const state = gitState(repo);
    const { saved } = await saveIn(repo, {}, { cwd: join(linked, 'prompts') });
    expect(saved).toMatchObject([{ version: '1.0.1' }]);
    expect([gitState(repo), versionTags(repo)]).toEqual([state, ['greet@1.0.0', 'greet@1.0.1']]);
    expect(repo.git('-C', linked, 'status', '--porcelain')).toBe('');
    expect(repo.git('rev-parse', 'topic')).toBe(repo.git('rev-parse', 'prompts/greet@1.0.1^{commit}'));
  });

  it('may be a submodule: it gets the tag, the repository around it nothing', async () => {
    const inner = make();
    const outer = make({ files: { 'prompts/outer.yaml': promptText('Outer.') } });
    outer.git('submodule', '--quiet', 'add', inner.dir, 'vendored');
    outer.git('commit', '--quiet', '-m', 'Add');
    outer.write('vendored/prompts/greet.yaml', promptText('Hi.'));
    const head = outer.git('rev-parse', 'HEAD');
    const { saved } = await saveIn(outer, {}, { cwd: join(outer.dir, 'vendored') });
    expect(saved).toMatchObject([{ prompt: 'greet', version: '1.0.0' }]);
    expect([outer.git('rev-parse', 'HEAD'), versionTags(outer), versionTags(inner)]).toEqual([head, [], []]);
    expect(outer.git('-C', 'vendored', 'tag')).toBe('prompts/greet@1.0.0');
  });

  it('may have a detached HEAD: the commit moves HEAD alone, the branch of the tag is unknown', async () => {
    const repo = make();
    const main = repo.git('rev-parse', 'main');
    repo.git('checkout', '--quiet', '--detach');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const { saved, warnings } = await saveIn(repo);
    expect(warnings.map(({ code }) => code)).toEqual(['HEAD_DETACHED']);
    expect(saved[0]?.commit).toBe(repo.git('rev-parse', 'HEAD'));
    expect([repo.git('rev-parse', 'main'), repo.git('rev-parse', 'HEAD~1')]).toEqual([main, main]);
    expect(repo.git('tag', '-l', '--format=%(contents)')).not.toContain('Branch:');
  });

  it('may use SHA-256 objects', async () => {
    const repo = createTempRepo({ init: false });
    repos.push(repo);
    repo.git('init', '--quiet', '--object-format=sha256');
    repo.write('prompts/greet.yaml', promptText('Hello.'));
    await saveIn(repo);
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    expect((await saveIn(repo)).saved).toMatchObject([{ version: '1.0.1' }]);
    expect((await saveIn(repo)).unchanged).toEqual([{ prompt: 'greet', version: '1.0.1' }]);
    const message = repo.git('tag', '-l', '--format=%(contents)', 'prompts/greet@1.0.1');
    expect(message).toContain(`Blob: ${repo.git('rev-parse', 'HEAD:prompts/greet.yaml')}\n`);
    await inWorkspace(repo, (workspace) => restore(workspace, { ref: 'greet@1.0.0' }));
    expect(repo.read('prompts/greet.yaml')).toBe(promptText('Hello.'));
  });

  it('may have a cache that cannot be written', async () => {
    const files: Record<string, string> = {};
    for (let n = 10; n < 55; n++) files[`prompts/p${n}.yaml`] = promptText(`Number ${n}.`);
    const repo = make({ files });
    mkdirSync(join(repo.dir, '.promptv'));
    repo.write('.promptv/cache', 'a file where the folder should be\n');
    const { saved } = await saveIn(repo);
    expect(saved).toHaveLength(46);
    rmSync(join(repo.dir, '.promptv'), { recursive: true });
    mkdirSync(join(repo.dir, '.promptv/cache'), { recursive: true });
    chmodSync(join(repo.dir, '.promptv/cache'), 0o555);
    expect((await saveIn(repo)).unchanged).toHaveLength(46);
    expect(repo.git('status', '--porcelain')).toBe('');
  });
});

describe('a clone without tags', () => {
  it.each([
    { names: ['hello'] },
    { names: [] },
  ])('fetches with --push what a renamed prompt goes on from ($names)', async ({ names }) => {
    const repo = make({ remote: true });
    await saveIn(repo, { push: true });
    await inWorkspace(repo, (it) => rename(it, { from: 'greet', to: 'hi', push: true }));
    await inWorkspace(repo, (it) => rename(it, { from: 'hi', to: 'hello', push: true }));
    const clone = repo.clone('--no-tags');
    const { saved } = await saveIn(clone, { names, push: true });
    expect(saved).toMatchObject([{ prompt: 'hello', version: '1.0.1', previousVersion: '1.0.0' }]);
  });
});

describe('a shallow clone', () => {
  it('without the tags is refused, with the command that fetches them', async () => {
    const repo = make({ remote: true });
    await saveIn(repo, { push: true });
    const clone = repo.clone('--depth', '1', '--no-tags');
    clone.write('prompts/greet.yaml', promptText('Hi.'));
    const state = gitState(clone);
    const failure = await saveIn(clone).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'TAGS_MISSING',
      hint: expect.stringContaining('git fetch origin "refs/tags/prompts/*:refs/tags/prompts/*"'),
    });
    expect(gitState(clone)).toBe(state);
    const look = () => inWorkspace(clone, (it) => status(it, {}));
    expect(await look()).toMatchObject({ warnings: [{ code: 'TAGS_MISSING' }], prompts: [{ state: 'new' }] });
    clone.git('fetch', '--quiet', 'origin', 'refs/tags/prompts/*:refs/tags/prompts/*');
    expect(await look()).toMatchObject({ warnings: [], prompts: [{ state: 'modified' }] });
    expect((await saveIn(clone)).saved).toMatchObject([{ version: '1.0.1' }]);
  });

  it('that cannot see whether a prompt was renamed is refused, also with --push, until it can', async () => {
    const repo = make({ remote: true });
    await saveIn(repo, { push: true });
    await inWorkspace(repo, (it) => rename(it, { from: 'greet', to: 'hello', push: true }));
    repo.write('other.txt', 'later\n');
    repo.git('commit', '--quiet', '-am', 'Later');
    repo.git('push', '--quiet', 'origin', 'main');
    const clone = repo.clone('--depth', '1', '--no-tags');
    const state = gitState(clone);
    for (const names of [['hello'], []]) {
      const failure = await saveIn(clone, { names, push: true }).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'HISTORY_MISSING',
        message: expect.stringContaining('hello may be a new name of greet'),
        hint: expect.stringContaining('git fetch --unshallow origin'),
      });
    }
    expect(await codeOf(saveIn(clone, { names: ['hello'] }))).toBe('TAGS_MISSING');
    expect([gitState(clone), clone.git('ls-remote', 'origin', 'refs/tags/prompts/hello@*')]).toEqual([
      state,
      '',
    ]);
    clone.git('fetch', '--quiet', '--unshallow', 'origin');
    expect((await saveIn(clone, { names: ['hello'], push: true })).saved).toMatchObject([
      { version: '1.0.1', previousVersion: '1.0.0' },
    ]);
  });

  it('where a prompt was deleted takes a new one whose number is named', async () => {
    const repo = make({ remote: true, files: { 'prompts/gone.yaml': promptText('Gone.') } });
    await saveIn(repo, { push: true });
    repo.git('rm', '--quiet', 'prompts/gone.yaml');
    repo.write('prompts/fresh.yaml', promptText('Fresh.'));
    repo.git('add', '.');
    repo.git('commit', '--quiet', '-m', 'One goes, one comes');
    repo.git('push', '--quiet', 'origin', 'main');
    const clone = repo.clone('--depth', '1', '--no-tags');
    const save = (request: SaveRequest) => saveIn(clone, { names: ['fresh'], push: true, ...request });
    const failure = await save({}).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'HISTORY_MISSING',
      hint: expect.stringContaining('promptv save fresh --set-version 1.0.0 --push'),
    });
    const { saved } = await save({ setVersion: '1.0.0' });
    expect(saved).toMatchObject([{ prompt: 'fresh', version: '1.0.0', previousVersion: null }]);
    const { findings } = await inWorkspace(clone, (it) => doctor(it, {}));
    expect(findings).toContainEqual(expect.objectContaining({ id: 'TAGS_MISSING', severity: 'warning' }));
  });

  it('gives a new prompt its first version where none can have been renamed', async () => {
    const repo = make({ remote: true });
    repo.git('push', '--quiet', 'origin', 'main');
    const clone = repo.clone('--depth', '1', '--no-tags');
    expect((await saveIn(clone, { names: ['greet'], push: true })).saved).toMatchObject([
      { version: '1.0.0' },
    ]);
  });

  it('may push: then the remote is asked for the numbers', async () => {
    const repo = make({ remote: true });
    await saveIn(repo, { push: true });
    const clone = repo.clone('--depth', '1', '--no-tags');
    clone.write('prompts/greet.yaml', promptText('Hi.'));
    const { saved, pushed } = await saveIn(clone, { push: true });
    expect([saved.map(({ version }) => version), pushed]).toEqual([['1.0.1'], true]);
    expect(clone.git('ls-remote', 'origin', 'refs/tags/prompts/greet@1.0.1')).not.toBe('');
  });
});

describe('an object that git replaces by another', () => {
  it('is read as it was saved, and leaves nothing wrong in the cache', async () => {
    const repo = make();
    await saveIn(repo, { names: ['greet'] });
    const blob = repo.git('rev-parse', 'HEAD:prompts/greet.yaml');
    repo.write('other.yaml', promptText('Good day.'));
    repo.git('replace', blob, repo.git('hash-object', '-w', 'other.yaml'));
    const read = () =>
      inWorkspace(repo, async (workspace) => {
        const { raw, document } = await show(workspace, { ref: 'greet@1.0.0' });
        return [Buffer.from(raw).toString(), document.content];
      });
    expect(await read()).toEqual([promptText('Hello.'), 'Hello.']);
    repo.git('replace', '-d', blob);
    expect(await read()).toEqual([promptText('Hello.'), 'Hello.']);
  });
});
