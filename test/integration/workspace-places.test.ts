import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { doctor } from '../../src/operations/doctor.ts';
import { init } from '../../src/operations/init.ts';
import { list } from '../../src/operations/list.ts';
import { promote } from '../../src/operations/promote.ts';
import { restore } from '../../src/operations/restore.ts';
import { status } from '../../src/operations/status.ts';
import { openWorkspace } from '../../src/operations/workspace.ts';
import {
  codeOf,
  installHook,
  inWorkspace,
  promptText,
  saveIn,
  versionTags,
} from '../helpers/in-workspace.ts';
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

  it('may be called by a name that leads through a link, as may a file', async () => {
    const repo = make();
    const link = join(repo.root, 'link');
    symlinkSync(repo.dir, link);
    for (const cwd of [link, repo.dir]) {
      const names = [join(link, 'prompts/greet.yaml')];
      expect(await saveIn(repo, { names, dryRun: true }, { cwd })).toMatchObject({
        saved: [{ prompt: 'greet' }],
      });
    }
    const outside = join(repo.root, 'greet.yaml');
    expect(await codeOf(saveIn(repo, { names: [outside] }, { cwd: link }))).toBe('FILE_OUTSIDE');
  });

  it('is named when it is not there', async () => {
    const repo = make();
    const opened = openWorkspace({ cwd: join(repo.dir, 'nowhere'), env: repo.env });
    expect(await codeOf(opened)).toBe('FOLDER_NOT_FOUND');
  });
});

describe('a sparse checkout', () => {
  const makeSparse = async (): Promise<TempRepo> => {
    const repo = make({ files: { 'code/x.txt': 'x' } });
    await saveIn(repo);
    repo.git('sparse-checkout', 'set', '--cone', 'code');
    return repo;
  };

  it('takes decisions whose files lie outside it, and leaves nothing behind when a hook refuses', async () => {
    const repo = await makeSparse();
    const promoteIt = () =>
      inWorkspace(repo, (it) => promote(it, { refs: ['greet'], environment: 'production' }));
    installHook(repo, 'pre-commit', 'exit 1');
    await expect(promoteIt()).rejects.toMatchObject({
      code: 'HOOK_REFUSED',
      message: expect.stringContaining('it gave no reason'),
    });
    expect(repo.git('ls-files', '.promptv')).toBe('');
    installHook(repo, 'pre-commit', 'exit 0');
    expect((await promoteIt()).commit).toBe(repo.git('rev-parse', 'HEAD'));
    expect(repo.git('ls-files', '.promptv')).toBe('.promptv/environments/production/greet.json');
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('is named where its prompts look deleted', async () => {
    const repo = await makeSparse();
    const warned = [
      { code: 'SPARSE_CHECKOUT', message: expect.stringContaining('git sparse-checkout add prompts') },
    ];
    expect((await inWorkspace(repo, (it) => status(it, {}))).warnings).toEqual(warned);
    expect((await inWorkspace(repo, (it) => list(it, {}))).warnings).toEqual(warned);
    const { findings } = await inWorkspace(repo, (it) => doctor(it, {}));
    expect(findings.map(({ id }) => id)).toContain('SPARSE_CHECKOUT');
    repo.git('sparse-checkout', 'disable');
    repo.git('rm', '--quiet', '--cached', 'prompts/greet.yaml');
    rmSync(join(repo.dir, 'prompts/greet.yaml'));
    expect(await inWorkspace(repo, (it) => status(it, {}))).toMatchObject({
      prompts: [{ state: 'deleted' }],
      warnings: [],
    });
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
    const repo = make();
    await saveIn(repo);
    for (const [path, text] of Object.entries(nested('prompts'))) repo.write(path, text);
    const refs = repo.git('for-each-ref');
    repo.write('packages/bot/prompts/greet.yaml', promptText('Bot two.'));
    const failure = await saveIn(repo, { names }, inBot(repo)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'TAG_PREFIX_CLASH',
      details: { prefix: 'prompts', paths: ['prompts/greet.yaml', 'packages/bot/prompts/greet.yaml'] },
    });
    expect(repo.git('for-each-ref')).toBe(refs);
  });

  it.each([
    'bot',
    'BOT',
  ])('is refused the first version of any prompt while another one has its prefix as %s', async (tagPrefix) => {
    const repo = make({
      files: {
        '.promptrc.yaml': 'tagPrefix: bot\n',
        'packages/bot/.promptrc.yaml': `tagPrefix: ${tagPrefix}\n`,
        'packages/bot/prompts/other.yaml': promptText('Other.'),
        'packages/web/package.json': '{"name": "web"}',
      },
    });
    const clash = { code: 'TAG_PREFIX_CLASH', details: { paths: ['.promptrc.yaml'] } };
    const failure = await saveIn(repo, { names: ['other'] }, inBot(repo)).catch((error: unknown) => error);
    expect(failure).toMatchObject(clash);
    const { findings } = await inWorkspace(repo, (it) => doctor(it, {}));
    expect(findings.filter(({ id }) => id === 'TAG_PREFIX_CLASH')).toMatchObject([
      { severity: 'error', message: expect.stringContaining('packages/bot/.promptrc.yaml') },
    ]);
    const { warnings } = await inWorkspace(repo, (it) => init(it, { dryRun: true }));
    expect(warnings).toMatchObject([{ code: 'TAG_PREFIX_CLASH' }]);
    repo.write('.promptrc.yaml', 'tagPrefix: prompts\n');
    expect((await saveIn(repo, { names: ['other'] }, inBot(repo))).saved).toHaveLength(1);
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

describe('a configuration that is not valid', () => {
  const opening = (repo: TempRepo, onCommittedConfig?: (path: string) => void) =>
    openWorkspace({ cwd: repo.dir, env: repo.env, onCommittedConfig }).then(async (workspace) => {
      await workspace.close();
      return workspace.config.push.remote;
    });

  it.each([
    ['no YAML', 'push: ['],
    ['an unknown key', 'push: {remote: elsewhere}\nfoo: 3\n'],
  ])('gives way to the committed one in an emergency alone: %s', async (_, text) => {
    const repo = make({ files: { '.promptrc.yaml': 'push: {remote: upstream}\n' } });
    repo.write('.promptrc.yaml', text);
    const told: string[] = [];
    expect(await codeOf(opening(repo))).toBe('CONFIG_INVALID');
    expect(await opening(repo, (path) => told.push(path))).toBe('upstream');
    expect(told).toEqual([expect.stringMatching(/\.promptrc\.yaml$/)]);
    repo.git('commit', '-qam', 'Break it');
    expect(await codeOf(opening(repo, (path) => told.push(path)))).toBe('CONFIG_INVALID');
    expect(told).toHaveLength(1);
  });
});
