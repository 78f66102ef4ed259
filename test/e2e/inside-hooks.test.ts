import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { codeOf, gitState, installHook, promptText, saveIn, versionTags } from '../helpers/in-workspace.ts';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

/** A repository whose hook runs the CLI with its output in `hook.log`, and says its exit code there. */
const makeWithHook = (hook: string, words: string): TempRepo => {
  const files = {
    'prompts/greet.yaml': promptText('Hello.'),
    'notes.txt': 'one\n',
    '.gitignore': 'hook.log\n',
  };
  const repo = createTempRepo({ files });
  repos.push(repo);
  const command = `'${process.execPath}' '${join(projectRoot, 'bin/promptv.js')}' ${words}`;
  installHook(repo, hook, `${command} >>hook.log 2>&1; code=$?; echo "exit $code" >>hook.log; exit $code`);
  return repo;
};

describe('a hook that runs promptv', () => {
  it.each([
    'pre-commit',
    'commit-msg',
    'post-commit',
    'reference-transaction',
  ])('(%s) within our own commit or tag has nothing to do: exit 0 at once, one version', async (hook) => {
    const repo = makeWithHook(hook, 'save --json');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const run = await repo.promptv(['save', 'greet', '--json']);
    expect([run.exitCode, versionTags(repo)]).toEqual([0, ['greet@1.0.0']]);
    const lines = repo.read('hook.log').trim().split('\n');
    expect(lines.at(-1)).toBe('exit 0');
    expect(repo.git('rev-list', '--count', 'HEAD')).toBe('2');
    expect([repo.git('status', '--porcelain'), existsSync(join(repo.dir, '.git/promptv.lock'))]).toEqual([
      '',
      false,
    ]);
  });

  it('(pre-push) within our own push does not wait for itself', async () => {
    const repo = makeWithHook('pre-push', 'save --json');
    repo.git('init', '--quiet', '--bare', '../origin.git');
    repo.git('remote', 'add', 'origin', '../origin.git');
    const run = await repo.promptv(['save', '--push', '--json']);
    expect(run.json()).toMatchObject({ pushed: true, saved: [{ version: '1.0.0' }] });
    expect(repo.read('hook.log').trim().split('\n').at(-1)).toBe('exit 0');
  });

  it.each([
    { git: ['commit', '--quiet', '-am', 'Mine'] },
    { git: ['commit', '--quiet', '-m', 'Mine', 'prompts/greet.yaml'] },
  ])("cannot save inside the user's own commit ($git)", ({ git }) => {
    const repo = makeWithHook('pre-commit', 'save --json');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const state = gitState(repo);
    expect(() => repo.git(...git)).toThrow('failed');
    expect(repo.read('hook.log')).toContain('"code":"INSIDE_COMMIT"');
    expect(repo.read('hook.log').trim().split('\n').at(-1)).toBe('exit 1');
    expect([gitState(repo), versionTags(repo), repo.git('rev-list', '--count', 'HEAD')]).toEqual([
      state,
      [],
      '1',
    ]);
  });

  it('may save after the commit, when it says that the commit is done', async () => {
    const repo = makeWithHook('post-commit', 'save --json');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    repo.git('commit', '--quiet', '-am', 'Mine');
    const refused = repo.read('hook.log');
    writeFileSync(
      join(repo.dir, '.git/hooks/post-commit'),
      repo.read('.git/hooks/post-commit').replace("'", "PROMPTV_HOOK=post-commit '"),
    );
    repo.write('prompts/greet.yaml', promptText('Hey.'));
    repo.git('commit', '--quiet', '-am', 'Mine again');
    expect(repo.read('hook.log').trim().split('\n').at(-1)).toBe('exit 0');
    expect([refused.includes('INSIDE_COMMIT'), versionTags(repo)]).toEqual([true, ['greet@1.0.0']]);
    expect(repo.git('rev-parse', 'prompts/greet@1.0.0^{commit}')).toBe(repo.git('rev-parse', 'HEAD'));
  });

  it.each([
    { git: ['commit', '--quiet', '-am', 'Mine'] },
    { git: ['commit', '--quiet', '-m', 'Mine', 'notes.txt'] },
  ])('may look at what is being committed ($git)', async ({ git }) => {
    const repo = makeWithHook('pre-commit', 'status --staged --json');
    await saveIn(repo);
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    repo.write('notes.txt', 'two\n');
    repo.git(...git);
    const isIncluded = git.includes('-am');
    expect(repo.read('hook.log')).toContain(isIncluded ? '"state": "modified"' : '"state": "clean"');
    expect(repo.git('log', '-1', '--format=%s')).toBe('Mine');
    expect(await codeOf(saveIn(repo))).toMatchObject({ answer: { saved: [{ version: '1.0.1' }] } });
  });
});

describe('a place named with -C', () => {
  it('is where a command works, whatever the folder it starts in', async () => {
    const repo = createTempRepo({ files: { 'prompts/deep/greet.yaml': promptText('Hello.') } });
    repos.push(repo);
    const run = await repo.promptv(['-C', 'work/prompts/deep', 'save', './greet.yaml', '--json'], {
      cwd: repo.root,
    });
    expect(run.json()).toMatchObject({ saved: [{ prompt: 'deep/greet', version: '1.0.0' }] });
    const gone = await repo.promptv(['-C', 'nowhere', 'save', '--json']);
    expect([gone.exitCode, gone.error().code]).toEqual([2, 'FOLDER_NOT_FOUND']);
  });

  it('may be given by GIT_DIR and GIT_WORK_TREE', async () => {
    const repo = createTempRepo({ files: { 'prompts/greet.yaml': promptText('Hello.') } });
    repos.push(repo);
    const env = { GIT_DIR: join(repo.dir, '.git'), GIT_WORK_TREE: repo.dir };
    const run = await repo.promptv(['save', '--json'], { cwd: repo.dir, env });
    expect(run.json()).toMatchObject({ saved: [{ prompt: 'greet', version: '1.0.0' }] });
  });
});
