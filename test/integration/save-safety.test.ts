import { chmodSync, existsSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { restore } from '../../src/operations/restore.ts';
import { codeOf, gitState, inWorkspace, promptText, saveIn, versionTags } from '../helpers/in-workspace.ts';
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

const installHook = (repo: TempRepo, name: string, script: string): void => {
  const path = join(repo.dir, '.git/hooks', name);
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
};

const filesOfHead = (repo: TempRepo): string[] =>
  repo.git('diff-tree', '--no-commit-id', '--name-only', '-r', '--root', 'HEAD').split('\n');

const commitCount = (repo: TempRepo): number => Number(repo.git('rev-list', '--count', 'HEAD'));

/** What a version's tag records, and the text its commit has there. */
const tagFields = (repo: TempRepo, tag: string): { blob: string; committed: string; message: string } => {
  const message = repo.git('tag', '-l', '--format=%(contents)', `prompts/${tag}`);
  const blob = /^Blob: (.*)$/m.exec(message)?.[1] ?? '';
  const path = /^Path: (.*)$/m.exec(message)?.[1] ?? '';
  return { message, blob, committed: repo.git('rev-parse', `prompts/${tag}^{commit}:${path}`) };
};

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
    repo.write('prompts/b.yaml', 'content: 1\nmessages: 2\n');
    const [state, refs] = [gitState(repo), repo.git('for-each-ref')];
    expect(await codeOf(saveIn(repo))).toBe('PROMPT_INVALID');
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

describe('unusual files', () => {
  it.each([
    '--force.yaml',
    '-a.yaml',
    'über.yaml',
    'a;rm.yaml',
  ])('such as %s have no valid name', async (file) => {
    const repo = make();
    repo.write(`prompts/${file}`, promptText('Hi.'));
    const [state, refs] = [gitState(repo), repo.git('for-each-ref')];
    expect(await codeOf(saveIn(repo))).toBe('NAME_INVALID');
    expect([gitState(repo), repo.git('for-each-ref')]).toEqual([state, refs]);
    expect((await saveIn(repo, { names: ['greet'] })).saved).toHaveLength(1);
  });

  it('with spaces, brackets and non-ASCII letters in the path are saved as they are', async () => {
    const config = 'prompts:\n  dir: "tëxte & [alle] *"\n';
    const repo = make({ files: { '.promptrc.yaml': config } });
    const dir = 'tëxte & [alle] *';
    repo.write(`${dir}/Mein Gruß/ok.yaml`, promptText('no'));
    repo.write(`${dir}/My Greeting/Say Hello.yaml`, promptText('Hi.'));
    unlinkSync(join(repo.dir, dir, 'Mein Gruß/ok.yaml'));
    const { saved } = await saveIn(repo);
    expect(saved).toMatchObject([
      { prompt: 'my-greeting/say-hello', path: `${dir}/My Greeting/Say Hello.yaml` },
    ]);
    expect(tagFields(repo, 'my-greeting/say-hello@1.0.0')).toMatchObject({
      blob: repo.git('rev-parse', `HEAD:${dir}/My Greeting/Say Hello.yaml`),
    });
    repo.write(`${dir}/My Greeting/Say Hello.yaml`, promptText('Hey.'));
    expect((await saveIn(repo, { names: ['my-greeting/say-hello'] })).saved).toMatchObject([
      { version: '1.0.1' },
    ]);
    await inWorkspace(repo, (workspace) => restore(workspace, { ref: 'my-greeting/say-hello@1.0.0' }));
    expect(repo.read(`${dir}/My Greeting/Say Hello.yaml`)).toBe(promptText('Hi.'));
  });

  it('that git ignores are refused by name and skipped by a sweep', async () => {
    const repo = make({ files: { '.gitignore': 'prompts/secret.yaml\n' } });
    repo.write('prompts/secret.yaml', promptText('Hush.'));
    expect(await codeOf(saveIn(repo, { names: ['secret'] }))).toBe('FILE_IGNORED');
    const { saved, skipped } = await saveIn(repo);
    expect([saved.map(({ prompt }) => prompt), skipped]).toEqual([
      ['greet'],
      [{ prompt: 'secret', reason: 'ignored' }],
    ]);
  });

  it('that git ignores below an ignored folder are skipped too', async () => {
    const repo = make({ files: { '.gitignore': 'drafts/\n' } });
    repo.write('prompts/drafts/idea.yaml', promptText('Hush.'));
    expect(await codeOf(saveIn(repo, { names: ['drafts/idea'] }))).toBe('FILE_IGNORED');
    expect((await saveIn(repo)).skipped).toEqual([{ prompt: 'drafts/idea', reason: 'ignored' }]);
  });

  it('that are symbolic links are refused', async () => {
    const repo = make();
    symlinkSync('../other.txt', join(repo.dir, 'prompts/link.yaml'));
    const state = gitState(repo);
    expect(await codeOf(saveIn(repo, { names: ['link'] }))).toBe('FILE_SYMLINK');
    expect(await codeOf(saveIn(repo))).toBe('FILE_SYMLINK');
    expect([gitState(repo), versionTags(repo)]).toEqual([state, []]);
  });

  it('with CRLF under core.autocrlf are versioned as git stores them, and keep their bytes', async () => {
    const repo = make();
    repo.git('config', 'core.autocrlf', 'true');
    const text = '# Grüße\r\ncontent: |\r\n  Hi.\r\n  There.\r\n';
    repo.write('prompts/greet.yaml', text);
    await saveIn(repo);
    const { blob, committed } = tagFields(repo, 'greet@1.0.0');
    expect([blob, repo.git('rev-parse', ':prompts/greet.yaml')]).toEqual([committed, committed]);
    expect(repo.git('cat-file', '-p', committed)).not.toContain('\r');
    expect(repo.read('prompts/greet.yaml')).toBe(text);
    expect(gitState(repo).split('\n--\n')[1]).toBe('');
    expect((await saveIn(repo)).saved).toEqual([]);
    repo.write('prompts/greet.yaml', text.replace('There', 'You'));
    expect((await saveIn(repo)).saved).toMatchObject([{ version: '1.0.1' }]);
    await inWorkspace(repo, (workspace) => restore(workspace, { ref: 'greet@1.0.0' }));
    expect(repo.read('prompts/greet.yaml')).toBe(text);
  });
});
