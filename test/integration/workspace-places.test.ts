import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { restore } from '../../src/operations/restore.ts';
import { status } from '../../src/operations/status.ts';
import { openWorkspace } from '../../src/operations/workspace.ts';
import { codeOf, inWorkspace, promptText, saveIn, versionTags } from '../helpers/in-workspace.ts';
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

describe('the folder that a command starts in', () => {
  it.each([
    { from: 'a subdirectory', cwd: 'prompts/deep', names: ['greet'] },
    { from: 'a subdirectory, by relative path', cwd: 'prompts/deep', names: ['../greet.yaml'] },
    { from: 'a folder without prompts, sweeping', cwd: 'elsewhere', names: [] },
  ])('may be $from', async ({ cwd, names }) => {
    const repo = make({ files: { 'elsewhere/x.txt': 'x', 'prompts/deep/y.txt': 'y' } });
    const { saved } = await saveIn(repo, { names }, { cwd: join(repo.dir, cwd) });
    expect(saved).toMatchObject([{ prompt: 'greet', path: 'prompts/greet.yaml' }]);
  });

  it('is named when it is not there', async () => {
    const repo = make();
    const opened = openWorkspace({ cwd: join(repo.dir, 'nowhere'), env: repo.env });
    expect(await codeOf(opened)).toBe('FOLDER_NOT_FOUND');
  });
});

describe('a workspace below the top folder', () => {
  const nested = (prefix: string) => ({
    'packages/bot/.promptrc.yaml': `tagPrefix: ${prefix}\n`,
    'packages/bot/prompts/greet.yaml': promptText('Bot.'),
  });
  const inBot = (repo: TempRepo) => ({ cwd: join(repo.dir, 'packages/bot') });

  it('has versions of its own under its own prefix', async () => {
    const repo = make({ files: nested('bot') });
    await saveIn(repo);
    repo.write('packages/bot/prompts/greet.yaml', promptText('Bot two.'));
    const { saved } = await saveIn(repo, {}, inBot(repo));
    expect(saved).toMatchObject([{ tag: 'bot/greet@1.0.0', path: 'prompts/greet.yaml' }]);
    expect([versionTags(repo), versionTags(repo, 'bot')]).toEqual([['greet@1.0.0'], ['greet@1.0.0']]);
    expect(repo.git('tag', '-l', '--format=%(contents)', 'bot/*')).toContain(
      'Path: packages/bot/prompts/greet.yaml\n',
    );
    expect((await saveIn(repo)).saved).toEqual([]);
  });

  it.each([
    { names: ['greet'] },
    { names: [] },
  ])('is refused with the prefix of the workspace around it ($names)', async ({ names }) => {
    const repo = make({ files: nested('prompts') });
    await saveIn(repo);
    const refs = repo.git('for-each-ref');
    repo.write('packages/bot/prompts/greet.yaml', promptText('Bot two.'));
    const failure = await saveIn(repo, { names }, inBot(repo)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'TAG_PREFIX_CLASH',
      details: { prefix: 'prompts', paths: ['prompts/greet.yaml', 'packages/bot/prompts/greet.yaml'] },
    });
    expect(repo.git('for-each-ref')).toBe(refs);
  });

  it('may keep its prompts in its own top folder', async () => {
    const repo = make({
      files: {
        'bot/.promptrc.yaml': 'tagPrefix: bot\nprompts:\n  dir: .\n',
        'bot/hi.prompt.yaml': promptText('Hi.'),
      },
    });
    const place = { cwd: join(repo.dir, 'bot') };
    expect((await saveIn(repo, {}, place)).saved).toMatchObject([
      { tag: 'bot/hi@1.0.0', path: 'hi.prompt.yaml' },
    ]);
    repo.write('bot/hi.prompt.yaml', promptText('Hey.'));
    expect((await saveIn(repo, { names: ['hi'] }, place)).saved).toMatchObject([{ version: '1.0.1' }]);
    const staged = await inWorkspace(repo, (workspace) => status(workspace, { staged: true }), place);
    expect(staged.prompts).toMatchObject([{ prompt: 'hi', state: 'clean' }]);
    repo.git('rm', '--quiet', 'bot/hi.prompt.yaml');
    await inWorkspace(repo, (workspace) => restore(workspace, { ref: 'hi@1.0.0' }), place);
    expect(repo.read('bot/hi.prompt.yaml')).toBe(promptText('Hi.'));
  });

  it('may be made of a prompts directory that was moved: the versions go on', async () => {
    const repo = make();
    await saveIn(repo);
    mkdirSync(join(repo.dir, 'packages'));
    repo.git('mv', 'prompts', 'packages/texts');
    repo.write('.promptrc.yaml', 'prompts:\n  dir: packages/texts\n');
    repo.git('add', '.promptrc.yaml');
    repo.git('commit', '--quiet', '-am', 'Move');
    repo.write('packages/texts/greet.yaml', promptText('Hi.'));
    expect((await saveIn(repo)).saved).toMatchObject([{ version: '1.0.1', previousVersion: '1.0.0' }]);
  });
});
