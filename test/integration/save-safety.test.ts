import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { restore } from '../../src/operations/restore.ts';
import {
  codeOf,
  gitState,
  inWorkspace,
  promptText,
  saveIn,
  tagFields,
  versionTags,
} from '../helpers/in-workspace.ts';
import { createTempRepo, type TempRepo, type TempRepoOptions } from '../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const make = (options: TempRepoOptions = {}): TempRepo => {
  const files = { 'prompts/greet.yaml': promptText('Hello.'), 'other.txt': 'one\ntwo\n', ...options.files };
  const repo = createTempRepo({ ...options, files });
  repos.push(repo);
  return repo;
};
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const filesOfHead = (repo: TempRepo): string[] =>
  repo.git('diff-tree', '--no-commit-id', '--name-only', '-r', '--root', 'HEAD').split('\n');

const commitCount = (repo: TempRepo): number => Number(repo.git('rev-list', '--count', 'HEAD'));

describe('other changes of the user', () => {
  /** One file in each state that a work tree knows. */
  const disturb = (repo: TempRepo): void => {
    repo.write('staged-new.txt', 'new\n');
    repo.write('announced.txt', 'later\n');
    repo.write('staged.txt', 'index\n');
    repo.git('add', 'staged-new.txt', 'staged.txt');
    repo.git('add', '--intent-to-add', 'announced.txt');
    repo.write('staged.txt', 'index\ndisk\n');
    repo.git('rm', '--quiet', '--cached', 'removed.txt');
    repo.git('mv', 'moved.txt', 'moved-away.txt');
    repo.write('other.txt', 'one\r\ntwo');
    repo.write('untracked.txt', 'untracked\n');
    repo.write('prompts/second.yaml', '# half-written\ncontent: [');
    chmodSync(join(repo.dir, 'mode.sh'), 0o755);
  };
  const others = ['staged-new.txt', 'announced.txt', 'staged.txt', 'removed.txt', 'moved.txt'];
  others.push('moved-away.txt', 'other.txt', 'untracked.txt', 'prompts/second.yaml', 'mode.sh');
  const files = { 'staged.txt': 'head\n', 'removed.txt': 'r\n', 'moved.txt': 'm\n', 'mode.sh': 'x\n' };

  it.each([
    {
      name: 'a modified prompt',
      before: (repo: TempRepo) => repo.write('prompts/greet.yaml', promptText('Hi.')),
    },
    {
      name: 'a staged prompt',
      before: (repo: TempRepo) => {
        repo.write('prompts/greet.yaml', promptText('Hi.'));
        repo.git('add', 'prompts/greet.yaml');
      },
    },
    { name: 'a new prompt', before: (repo: TempRepo) => repo.write('prompts/fresh.yaml', promptText('Hi.')) },
    { name: 'a committed prompt', before: () => {} },
  ])('survive the save of $name, in index and on disk', async ({ before }) => {
    const repo = make({ files });
    before(repo);
    disturb(repo);
    const [state, patch] = [gitState(repo, ...others), repo.git('diff', '--binary', '--', ...others)];
    const texts = others.map((path) => existsSync(join(repo.dir, path)) && repo.read(path));
    const name = existsSync(join(repo.dir, 'prompts/fresh.yaml')) ? 'fresh' : 'greet';
    const { saved } = await saveIn(repo, { names: [name] });
    expect(saved.map(({ version }) => version)).toEqual(['1.0.0']);
    expect(gitState(repo, ...others)).toBe(state);
    expect(repo.git('diff', '--binary', '--', ...others)).toBe(patch);
    expect(others.map((path) => existsSync(join(repo.dir, path)) && repo.read(path))).toEqual(texts);
    expect(gitState(repo, `prompts/${name}.yaml`).split('\n--\n')[1]).toBe('');
    if (commitCount(repo) > 1) expect(filesOfHead(repo)).toEqual([`prompts/${name}.yaml`]);
    expect(repo.git('stash', 'list')).toBe('');
  });

  it('stay after a restore, which leaves the index alone', async () => {
    const repo = make({ files });
    await saveIn(repo);
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    await saveIn(repo);
    disturb(repo);
    const state = gitState(repo, ...others);
    const index = repo.git('ls-files', '--stage');
    await inWorkspace(repo, (workspace) => restore(workspace, { ref: 'greet@1.0.0' }));
    expect(repo.read('prompts/greet.yaml')).toBe(promptText('Hello.'));
    expect([gitState(repo, ...others), repo.git('ls-files', '--stage')]).toEqual([state, index]);
  });
});

describe('a partially staged prompt', () => {
  const stagePartially = (repo: TempRepo): void => {
    repo.write('prompts/greet.yaml', promptText('Staged.'));
    repo.git('add', 'prompts/greet.yaml');
    repo.write('prompts/greet.yaml', promptText('On disk.'));
  };

  it.each([{ names: ['greet'] }, { names: [] }])('is refused ($names)', async ({ names }) => {
    const repo = make();
    stagePartially(repo);
    const state = gitState(repo);
    expect(await codeOf(saveIn(repo, { names }))).toBe('PARTIALLY_STAGED');
    expect([gitState(repo), versionTags(repo), commitCount(repo)]).toEqual([state, [], 1]);
  });

  it('keeps what is staged when its text on disk is the saved one', async () => {
    const repo = make();
    repo.write('prompts/greet.yaml', promptText('Saved.'));
    await saveIn(repo);
    repo.write('prompts/greet.yaml', promptText('Staged.'));
    repo.git('add', 'prompts/greet.yaml');
    repo.write('prompts/greet.yaml', promptText('Saved.'));
    const state = gitState(repo);
    expect((await saveIn(repo)).saved).toEqual([]);
    expect((await saveIn(repo, { names: ['greet'] })).saved).toEqual([]);
    expect(gitState(repo)).toBe(state);
  });

  it('is left alone when another prompt is saved', async () => {
    const repo = make();
    stagePartially(repo);
    repo.write('prompts/fresh.yaml', promptText('Fresh.'));
    const state = gitState(repo, 'prompts/greet.yaml');
    await saveIn(repo, { names: ['fresh'] });
    expect(gitState(repo, 'prompts/greet.yaml')).toBe(state);
    expect(versionTags(repo)).toEqual(['fresh@1.0.0']);
  });
});

describe('how much a save makes', () => {
  const two = { 'prompts/a.yaml': promptText('A.'), 'prompts/b.yaml': promptText('B.') };

  it('is one commit and one tag each for several names', async () => {
    const repo = make();
    for (const [path, text] of Object.entries(two)) repo.write(path, text);
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const { saved } = await saveIn(repo, { names: ['a', 'prompts/b.yaml'] });
    expect([commitCount(repo), filesOfHead(repo)]).toEqual([2, ['prompts/a.yaml', 'prompts/b.yaml']]);
    expect(versionTags(repo)).toEqual(['a@1.0.0', 'b@1.0.0']);
    expect(new Set(saved.map(({ commit }) => commit))).toEqual(new Set([repo.git('rev-parse', 'HEAD')]));
    expect(repo.git('diff', '--name-only')).toBe('prompts/greet.yaml');
  });

  it('is a tag alone for a file that was committed by hand', async () => {
    const repo = make();
    const head = repo.git('rev-parse', 'HEAD');
    const { saved } = await saveIn(repo);
    expect([repo.git('rev-parse', 'HEAD'), versionTags(repo)]).toEqual([head, ['greet@1.0.0']]);
    expect(saved[0]?.commit).toBe(head);
  });

  it('is nothing when nothing changed, also for comments and layout', async () => {
    const repo = make();
    await saveIn(repo);
    repo.write('prompts/greet.yaml', '# a comment\ncontent:   Hello.\n');
    const [state, refs] = [gitState(repo), repo.git('for-each-ref')];
    expect(await saveIn(repo)).toMatchObject({
      saved: [],
      unchanged: [{ prompt: 'greet', version: '1.0.0' }],
    });
    expect([gitState(repo), repo.git('for-each-ref')]).toEqual([state, refs]);
  });

  it('is nothing at all when one file of a sweep is broken', async () => {
    const repo = make({ files: two });
    repo.write('prompts/a.yaml', promptText('Changed.'));
    repo.write('prompts/b.yaml', 'content: 1\nwhatever: 2\n');
    repo.write('prompts/c.yaml', 'content: 1\nvariables: 3\n');
    const [state, refs] = [gitState(repo), repo.git('for-each-ref')];
    await expect(saveIn(repo)).rejects.toMatchObject({
      code: 'PROMPT_INVALID',
      message: 'prompts/b.yaml is not a valid prompt document: 1 error found, and 2 in other files.',
    });
    expect([gitState(repo), repo.git('for-each-ref')]).toEqual([state, refs]);
    await saveIn(repo, { names: ['a'] });
    expect(versionTags(repo)).toEqual(['a@1.0.0']);
  });

  it('is nothing in a dry run', async () => {
    const repo = make();
    repo.write('prompts/fresh.yaml', promptText('Fresh.'));
    const [state, refs] = [gitState(repo), repo.git('for-each-ref')];
    const { saved, dryRun } = await saveIn(repo, { dryRun: true });
    expect([saved.map(({ version }) => version), dryRun]).toEqual([['1.0.0', '1.0.0'], true]);
    expect([gitState(repo), repo.git('for-each-ref')]).toEqual([state, refs]);
    expect(existsSync(join(repo.dir, '.git/promptv.lock'))).toBe(false);
  });

  it('keeps lines with # in the message of commit and tag', async () => {
    const repo = make();
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const message = '# Greeting\n\n#1 shorter\n  # and calmer';
    await saveIn(repo, { message });
    expect(repo.git('log', '-1', '--format=%B')).toContain(message);
    expect(tagFields(repo, 'greet@1.0.0').message).toContain(
      `greet 1.0.0\n\n${message}\n\nPrompt-Version: 1.0.0`,
    );
  });
});
