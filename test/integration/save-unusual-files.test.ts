import { symlinkSync, unlinkSync } from 'node:fs';
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
