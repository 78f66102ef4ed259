import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { diff } from '../../src/operations/diff.ts';
import { list } from '../../src/operations/list.ts';
import { log } from '../../src/operations/log.ts';
import { rename } from '../../src/operations/rename.ts';
import { sync } from '../../src/operations/sync.ts';
import {
  gitState,
  installHook,
  inWorkspace,
  promptText,
  saveIn,
  tagFields,
  versionTags,
} from '../helpers/in-workspace.ts';
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

/** Settings that change what git prints or does by default. */
const taste: readonly (readonly [string, string])[] = [
  ['color.ui', 'always'],
  ['column.ui', 'always'],
  ['core.quotePath', 'true'],
  ['core.commentChar', 'P'],
  ['commit.cleanup', 'strip'],
  ['commit.verbose', 'true'],
  ['commit.status', 'false'],
  ['diff.noprefix', 'true'],
  ['diff.renames', 'copies'],
  ['diff.external', 'false'],
  ['fetch.prune', 'true'],
  ['fetch.pruneTags', 'true'],
  ['format.pretty', 'oneline'],
  ['log.decorate', 'full'],
  ['log.showSignature', 'true'],
  ['push.followTags', 'true'],
  ['remote.origin.tagOpt', '--tags'],
  ['status.short', 'true'],
  ['status.showUntrackedFiles', 'no'],
  ['status.relativePaths', 'true'],
  ['tag.sort', '-version:refname'],
  ['versionsort.suffix', '-rc'],
];

describe("the user's own taste in git's configuration", () => {
  it('changes nothing about what is saved, listed, pushed and fetched', async () => {
    const repo = make();
    for (const [key, value] of taste) repo.git('config', key, value);
    repo.git('-c', 'tag.gpgSign=false', 'tag', '-a', '-m', 'private', 'private');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    repo.write('prompts/späte gäste.yaml', promptText('no'));
    repo.git('clean', '--quiet', '-fd', 'prompts');
    repo.write('prompts/two words.yaml', promptText('Two.'));
    const message = 'P is a letter\n# and this no comment';
    await saveIn(repo, { message, push: true });
    expect(repo.git('-C', join(repo.root, 'origin.git'), 'tag', '--no-column').split('\n').sort()).toEqual([
      'prompts/greet@1.0.0',
      'prompts/two-words@1.0.0',
    ]);
    expect(repo.git('cat-file', 'commit', 'HEAD')).toContain(message);
    expect(tagFields(repo, 'greet@1.0.0').message).toMatch(/^Authors: Test Author <author@example\.com>/m);

    repo.write('prompts/greet.yaml', promptText('Hey.'));
    await saveIn(repo);
    await inWorkspace(repo, (workspace) => sync(workspace, {}));
    expect(versionTags(repo)).toEqual(['greet@1.0.0', 'greet@1.0.1', 'two-words@1.0.0']);

    await inWorkspace(repo, (workspace) => rename(workspace, { from: 'greet', to: 'hello' }));
    expect((await saveIn(repo)).saved).toMatchObject([{ prompt: 'hello', version: '1.0.2' }]);
    const { prompts } = await inWorkspace(repo, (workspace) => list(workspace, {}));
    expect(prompts.map(({ prompt, version }) => [prompt, version])).toEqual([
      ['hello', '1.0.2'],
      ['two-words', '1.0.0'],
    ]);
    const { versions } = await inWorkspace(repo, (workspace) => log(workspace, { name: 'greet' }));
    expect(versions.map(({ version }) => version)).toEqual(['1.0.1', '1.0.0']);
    const compared = await inWorkspace(repo, (workspace) =>
      diff(workspace, { operands: ['greet@1.0.0', 'greet@1.0.1'] }),
    );
    expect(JSON.stringify(compared)).not.toContain('\\u001b');
    expect(JSON.stringify(compared)).toContain('Hey.');
  });
});

describe('a rename', () => {
  const files = {
    'prompts/tone.yaml': '# keep\r\ncontent: calm\r\n',
    'prompts/tone.test.yaml': 'tests: []\n',
    'prompts/letter.yaml': promptText('Dear, {{> tone}}'),
    'notes.txt': 'one\n',
  };
  const disturb = (repo: TempRepo): void => {
    repo.write('notes.txt', 'two\n');
    repo.git('add', 'notes.txt');
    repo.write('notes.txt', 'three\n');
    repo.write('prompts/greet.yaml', promptText('Edited.'));
    repo.write('prompts/fresh.yaml', promptText('Fresh.'));
  };
  const others = ['notes.txt', 'prompts/greet.yaml', 'prompts/fresh.yaml'];
  const request = { from: 'tone', to: 'shared/voice' };

  it('leaves other changes as they are, and keeps every byte of what it moves', async () => {
    const repo = make(files);
    disturb(repo);
    const state = gitState(repo, ...others);
    await inWorkspace(repo, (workspace) => rename(workspace, request));
    expect(gitState(repo, ...others)).toBe(state);
    expect(repo.read('prompts/shared/voice.yaml')).toBe(files['prompts/tone.yaml']);
    expect(repo.git('diff', '--name-status', '--no-renames', 'HEAD~1', 'HEAD').split('\n')).toEqual([
      'M\tprompts/letter.yaml',
      'A\tprompts/shared/voice.test.yaml',
      'A\tprompts/shared/voice.yaml',
      'D\tprompts/tone.test.yaml',
      'D\tprompts/tone.yaml',
    ]);
  });

  it('that a hook refuses puts every file and the index back', async () => {
    const repo = make(files);
    disturb(repo);
    installHook(repo, 'pre-commit', 'exit 1');
    const [state, head] = [gitState(repo), repo.git('rev-parse', 'HEAD')];
    const texts = Object.keys(files).map((path) => repo.read(path));
    const failed = inWorkspace(repo, (workspace) => rename(workspace, request));
    await expect(failed).rejects.toMatchObject({ code: 'HOOK_REFUSED' });
    expect([gitState(repo), repo.git('rev-parse', 'HEAD')]).toEqual([state, head]);
    expect(Object.keys(files).map((path) => repo.read(path))).toEqual(texts);
    const entries = readdirSync(join(repo.dir, 'prompts'), { recursive: true, encoding: 'utf8' });
    expect(entries.filter((path) => path.endsWith('.yaml')).sort()).toEqual([
      'fresh.yaml',
      'greet.yaml',
      'letter.yaml',
      'tone.test.yaml',
      'tone.yaml',
    ]);
  });
});
