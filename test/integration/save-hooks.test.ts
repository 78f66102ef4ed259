import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { restore } from '../../src/operations/restore.ts';
import {
  codeOf,
  gitState,
  installHook,
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

const commitCount = (repo: TempRepo): number => Number(repo.git('rev-list', '--count', 'HEAD'));

describe('a hook that refuses', () => {
  const cases = ['pre-commit', 'commit-msg', 'prepare-commit-msg'].flatMap((hook) => [
    { hook, file: 'a tracked file', name: 'greet' },
    { hook, file: 'a new file', name: 'fresh' },
    { hook, file: 'a file announced by the user', name: 'announced' },
    { hook, file: 'a file staged by the user', name: 'staged' },
  ]);

  it.each(cases)('($hook) leaves no tag and the index of $file as it was', async ({ hook, name }) => {
    const repo = make();
    installHook(repo, hook, 'echo "no emoji please" >&2; exit 1');
    repo.write(`prompts/${name}.yaml`, promptText('Hi.'));
    if (name === 'announced') repo.git('add', '-N', `prompts/${name}.yaml`);
    if (name === 'staged') repo.git('add', `prompts/${name}.yaml`);
    const [state, head] = [gitState(repo), repo.git('rev-parse', 'HEAD')];
    const failure = await saveIn(repo, { names: [name] }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'HOOK_REFUSED',
      message: expect.stringContaining('no emoji please'),
    });
    expect([gitState(repo), repo.git('rev-parse', 'HEAD'), versionTags(repo)]).toEqual([state, head, []]);
    expect(repo.read(`prompts/${name}.yaml`)).toBe(promptText('Hi.'));
    const { saved } = await saveIn(repo, { names: [name], verify: false }).catch(() => ({ saved: [] }));
    // git has no way to skip prepare-commit-msg.
    expect(saved).toHaveLength(hook === 'prepare-commit-msg' ? 0 : 1);
  });
});

describe('a hook that rewrites the prompt', () => {
  it.each([
    { file: 'tracked', name: 'greet' },
    { file: 'new', name: 'fresh' },
  ])('decides what a $file version holds: tag, hash, index and disk agree', async ({ name }) => {
    const repo = make();
    const path = `prompts/${name}.yaml`;
    installHook(repo, 'pre-commit', `printf 'content: Formatted.\\n' > ${path}; git add ${path}`);
    repo.write(path, promptText('Hi.'));
    const { saved } = await saveIn(repo, { names: [name] });
    const { blob, committed, message } = tagFields(repo, `${name}@1.0.0`);
    expect(repo.git('show', `HEAD:${path}`)).toBe('content: Formatted.');
    expect([blob, repo.git('rev-parse', `:${path}`)]).toEqual([committed, committed]);
    expect(message).toContain(`Content-Hash: ${saved[0]?.contentHash}`);
    expect(gitState(repo, path)).toBe(`100644 ${committed} 0\t${path}\n--\n`);
    expect((await saveIn(repo, { names: [name] })).unchanged).toEqual([{ prompt: name, version: '1.0.0' }]);
    await inWorkspace(repo, (workspace) => restore(workspace, { ref: name, force: true }));
    expect(repo.read(path)).toBe('content: Formatted.\n');
  });

  it('back to the saved text leaves nothing to version', async () => {
    const repo = make();
    await saveIn(repo);
    installHook(
      repo,
      'pre-commit',
      "printf '# touched\\ncontent: Hello.\\n' > prompts/greet.yaml; git add prompts/greet.yaml",
    );
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    const { saved, unchanged } = await saveIn(repo);
    expect([saved, unchanged]).toEqual([[], [{ prompt: 'greet', version: '1.0.0' }]]);
    expect([versionTags(repo), gitState(repo).split('\n--\n')[1]]).toEqual([['greet@1.0.0'], '']);
  });

  it('into an invalid one gets no tag, and the next save goes on from there', async () => {
    const repo = make();
    installHook(repo, 'pre-commit', "echo 'content: [' > prompts/greet.yaml; git add prompts/greet.yaml");
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    expect(await codeOf(saveIn(repo))).toBe('PROMPT_INVALID');
    expect([versionTags(repo), commitCount(repo), gitState(repo).split('\n--\n')[1]]).toEqual([[], 2, '']);
    repo.git('config', 'core.hooksPath', '/dev/null');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    expect((await saveIn(repo)).saved).toMatchObject([{ version: '1.0.0' }]);
  });

  it('by adding another file to the commit leaves the version right', async () => {
    const repo = make();
    installHook(repo, 'pre-commit', 'echo generated > generated.txt; git add generated.txt');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    await saveIn(repo);
    const { blob, committed } = tagFields(repo, 'greet@1.0.0');
    expect(blob).toBe(committed);
    expect(repo.read('generated.txt')).toBe('generated\n');
  });
});

describe("what a user's hook asks git", () => {
  it('is answered as in a commit by hand: patterns match files', async () => {
    const repo = make({ remote: true });
    const list = 'git ls-files -- "prompts/*.yaml"';
    installHook(repo, 'pre-commit', `${list} > seen-by-commit`);
    installHook(repo, 'pre-push', `${list} > seen-by-push`);
    repo.write('prompts/[a]*.yaml', promptText('Not for us.'));
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    await saveIn(repo, { names: ['greet'], push: true });
    expect([repo.read('seen-by-commit'), repo.read('seen-by-push')]).toEqual(
      Array(2).fill('prompts/greet.yaml\n'),
    );
  });

  it('is answered in the own environment, but for what tells it that promptv is at work', async () => {
    const repo = make({ remote: true });
    const dump = (file: string): string => `env -0 | tr '\\n\\0' ' \\n' | sort > "${repo.root}/${file}"`;
    const envOf = (file: string): string[] =>
      readFileSync(join(repo.root, file), 'utf8')
        .split('\n')
        .filter(Boolean)
        // Git's own, which differ from call to call, and what the library that pushes adds.
        .filter(
          (line) =>
            !/^(?:GIT_INDEX_FILE|GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS|GIT_PREFIX|GIT_AUTHOR_DATE|PWD|OLDPWD|SHLVL|_)=/.test(
              line,
            ),
        );
    for (const hook of ['pre-commit', 'pre-push']) installHook(repo, hook, dump(hook));
    const env = { LC_ALL: 'C.UTF-8', LANGUAGE: 'de', GIT_OPTIONAL_LOCKS: '1' };
    const byHand = (...args: string[]): void => {
      execFileSync('git', args, { cwd: repo.dir, env: { ...repo.env, ...env }, stdio: 'ignore' });
    };
    repo.write('other.txt', 'three\n');
    byHand('commit', '--quiet', '--message', 'By hand', '--only', '--', 'other.txt');
    byHand('push', '--quiet', 'origin', 'main');
    const own = ['pre-commit', 'pre-push'].map(envOf);
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    await saveIn(repo, { push: true }, { env });
    const seen = ['pre-commit', 'pre-push'].map(envOf);
    // The temporary repository asks nothing by itself already.
    const marks = ['GIT_TEXTDOMAINDIR=/dev/null', 'PROMPTV_IN_COMMIT=1'];
    expect(own[0]).toContain('LC_ALL=C.UTF-8');
    expect(seen).toEqual(own.map((lines) => [...lines, ...marks].sort()));
  });

  it('does not keep us from understanding git in another language', async () => {
    const repo = make();
    repo.git('config', 'commit.gpgsign', 'true');
    repo.git('config', 'gpg.format', 'ssh');
    repo.git('config', 'user.signingkey', join(repo.root, 'no-such-key'));
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    expect(await codeOf(saveIn(repo, {}, { env: { LC_ALL: 'C.UTF-8', LANGUAGE: 'de' } }))).toBe(
      'SIGNING_FAILED',
    );
  });
});
