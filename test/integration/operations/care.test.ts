import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doctor, init, newPrompt, save, show, showConfig, status } from '../../../src/index.ts';
import { call, textPrompt, withRepo, workIn } from '../../helpers/work-in.ts';

describe.concurrent('init', () => {
  it('writes configuration, ignored lines and the prompts directory, once', () =>
    withRepo({}, async (repo) => {
      const dry = await call(repo, init, { dryRun: true });
      expect(repo.git('status', '--short')).toBe('');
      const result = await call(repo, init, {});
      expect(result).toMatchObject({
        created: ['.promptrc.yaml', '.gitignore', 'prompts/.gitkeep'],
        skipped: [],
      });
      expect({ ...dry, dryRun: false }).toEqual(result);
      expect(result.advice.join('\n')).toMatch(
        /prompts\/\*\*[\s\S]*git describe --match 'v\*'[\s\S]*CODEOWNERS/,
      );
      expect(repo.read('.gitignore')).toBe('.promptv/cache/\n.promptv/metrics/\n');
      expect(await call(repo, init, {})).toMatchObject({
        created: [],
        skipped: [{ path: '.promptrc.yaml' }, { path: '.gitignore' }, { path: 'prompts/.gitkeep' }],
      });
      expect((await workIn(repo, showConfig)).path).toBe('.promptrc.yaml');
    }));

  it('says where it writes when that is above, and how a folder becomes a workspace', () =>
    withRepo({ files: { 'apps/Web Shop/main.ts': '' } }, async (repo) => {
      const cwd = join(repo.dir, 'apps/Web Shop');
      const { warnings } = await call(repo, init, {}, { cwd });
      expect(warnings).toMatchObject([{ code: 'WORKSPACE_ABOVE' }]);
      expect(warnings[0]?.message).toContain(`${repo.dir}, above this folder`);
      const [line, prefix] =
        /echo "(tagPrefix: (\S+))" > \.promptrc\.yaml/.exec(warnings[0]?.message ?? '')?.slice(1) ?? [];
      expect(prefix).toBe('web-shop-prompts');
      repo.write('apps/Web Shop/.promptrc.yaml', `${line}\n`);
      const own = await call(repo, init, {}, { cwd });
      expect([own.created, own.warnings]).toEqual([['.gitignore', 'prompts/.gitkeep'], []]);
    }));

  it('adds lines to a .gitignore with its line ends, and overwrites nothing', () =>
    withRepo(
      {
        files: {
          '.gitignore': 'node_modules\r\n.promptv/cache/',
          '.promptrc.json': '{"requireMessage": true}',
          'prompts/a.yaml': textPrompt('One'),
        },
      },
      async (repo) => {
        const result = await call(repo, init, { example: true });
        expect(result.created).toEqual(['.gitignore', 'prompts/example/greeting.yaml']);
        expect(result.skipped).toMatchObject([{ path: '.promptrc.json', reason: 'it exists' }]);
        expect(repo.read('.gitignore')).toBe('node_modules\r\n.promptv/cache/\r\n.promptv/metrics/\r\n');
        expect(repo.read('.promptrc.json')).toBe('{"requireMessage": true}');
        repo.write('prompts/example/greeting.yaml', textPrompt('Mine'));
        await call(repo, init, { example: true });
        expect(repo.read('prompts/example/greeting.yaml')).toBe(textPrompt('Mine'));
        expect((await call(repo, init, {})).created).toEqual([]);
      },
    ));

  it('gives a first prompt that can be saved', () =>
    withRepo({ commit: false }, async (repo) => {
      await call(repo, init, { example: true });
      expect((await call(repo, save, {})).saved).toMatchObject([
        { prompt: 'example/greeting', version: '1.0.0' },
      ]);
    }));
});

describe.concurrent('new', () => {
  const files = {
    'prompts/a.yaml': textPrompt('One', '# Kept.\n'),
    'prompts/j.json': '{"content": "J"}\n',
    'notes/idea.txt': 'Line: one {{x}}\n\n  # two\n',
    'notes/doc.yml': '# Mine.\ncontent: Doc\n',
    'notes/broken.yaml': 'content: [\n',
  };

  it('scaffolds a document that is valid at once', () =>
    withRepo({ files }, async (repo) => {
      expect(await call(repo, newPrompt, { name: 'team/first' })).toEqual({
        prompt: 'team/first',
        path: 'prompts/team/first.yaml',
        dryRun: false,
        warnings: [],
      });
      expect((await call(repo, status, { names: ['team/first'] })).prompts).toMatchObject([{ state: 'new' }]);
      expect((await call(repo, newPrompt, { name: 'prompts/other.yml' })).path).toBe('prompts/other.yml');
    }));

  it.each([
    ['a reference', 'a@1.0.0', 'prompts/b.yaml', textPrompt('One', '# Kept.\n')],
    ['a prompt as it is on disk', 'a', 'prompts/b.yaml', textPrompt('Two')],
    ['a JSON document', 'j', 'prompts/b.json', '{"content": "J"}\n'],
    ['a file', 'notes/doc.yml', 'prompts/b.yaml', '# Mine.\ncontent: Doc\n'],
  ])('copies %s byte by byte', (_, from, path, text) =>
    withRepo({ files }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('Two'));
      expect(await call(repo, newPrompt, { name: 'b', from, dryRun: true })).toMatchObject({
        path,
        dryRun: true,
      });
      expect(existsSync(join(repo.dir, path))).toBe(false);
      expect((await call(repo, newPrompt, { name: 'b', from })).path).toBe(path);
      expect(repo.read(path)).toBe(text);
    }));

  it('makes plain text the content', () =>
    withRepo({ files }, async (repo) => {
      await call(repo, newPrompt, { name: 'b', from: 'notes/idea.txt' });
      const { document } = await call(repo, show, { ref: 'b@working' });
      expect(document.content?.trimEnd()).toBe(files['notes/idea.txt'].trimEnd());
    }));

  it.each([
    undefined,
    'notes/idea.txt',
    'notes/doc.yml',
  ])('writes JSON where the path says so, from %s', (from) =>
    withRepo({ files }, async (repo) => {
      await call(repo, newPrompt, { name: 'prompts/in.json', ...(from === undefined ? {} : { from }) });
      expect(JSON.parse(repo.read('prompts/in.json'))).toHaveProperty('content');
      expect((await call(repo, status, { names: ['in'] })).prompts).toMatchObject([{ state: 'new' }]);
    }));

  it('warns of a place that git ignores, where nothing can be versioned', () =>
    withRepo({ files: { '.gitignore': 'local/\n' } }, async (repo) => {
      const { warnings } = await call(repo, newPrompt, { name: 'local/x' });
      expect(warnings).toMatchObject([{ code: 'FILE_IGNORED' }]);
    }));

  it.each([
    [{ name: 'a' }, 'NAME_EXISTS'],
    [{ name: 'prompts/A.yml' }, 'NAME_EXISTS'],
    [{ name: 'j' }, 'NAME_EXISTS'],
    [{ name: 'A b' }, 'NAME_INVALID'],
    [{ name: 'a.test' }, 'NAME_INVALID'],
    [{ name: 'a.prompt' }, 'NAME_INVALID'],
    [{ name: 'node_modules/x' }, 'PATH_EXCLUDED'],
    [{ name: '../x' }, 'FILE_OUTSIDE'],
    [{ name: 'notes/x.yaml' }, 'FILE_OUTSIDE'],
    [{ name: 'b', from: 'notes/nowhere.txt' }, 'FILE_NOT_FOUND'],
    [{ name: 'b', from: 'nowhere' }, 'PROMPT_NOT_FOUND'],
    [{ name: 'b', from: 'a@7.0.0' }, 'NO_VERSION'],
    [{ name: 'b', from: 'notes/broken.yaml' }, 'PROMPT_INVALID'],
  ])('refuses %j with %s', (request, code) =>
    withRepo({ files }, async (repo) => {
      await expect(call(repo, newPrompt, request)).rejects.toMatchObject({ code, exitCode: 2 });
      expect(repo.git('status', '--short')).toBe('');
    }));
});

describe.concurrent('doctor', () => {
  it('ends with 3 for an error that is left, and with 0 for less', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      const exitCode = async () => (await repo.promptv(['doctor', '--json'])).exitCode;
      // A machine that only reads has no identity: worth a word, and nothing is broken.
      const anonymous = {
        GIT_AUTHOR_NAME: '',
        GIT_AUTHOR_EMAIL: '',
        GIT_COMMITTER_NAME: '',
        GIT_COMMITTER_EMAIL: '',
      };
      const reader = await repo.promptv(['doctor', '--json'], { env: { ...repo.env, ...anonymous } });
      expect(reader.json()).toMatchObject({ passed: true, findings: [{ id: 'IDENTITY_MISSING' }] });
      expect([reader.exitCode, await exitCode()]).toEqual([0, 0]);
      repo.git('tag', 'prompts/a@1.0.1');
      const run = await repo.promptv(['doctor', '--json']);
      expect(run.json()).toMatchObject({ ok: true, passed: false, findings: [{ id: 'TAG_INVALID' }] });
      expect(run.exitCode).toBe(3);
    }));

  it('clears what interrupted runs leave behind, and only that', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      const lock = join(repo.dir, '.git/promptv.lock');
      writeFileSync(
        lock,
        JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: '2024-01-01T00:00:00.000Z' }),
      );
      repo.write('prompts/a.yaml.1234567890', 'torn');
      mkdirSync(join(repo.dir, '.promptv/cache'), { recursive: true });
      repo.write('prompts/new.yaml', textPrompt('New'));
      repo.git('add', '--intent-to-add', 'prompts/new.yaml');
      const dry = await call(repo, doctor, { fix: true, dryRun: true });
      const ids = ['STALE_LOCK', 'TEMPORARY_FILE', 'HALF_ADDED'];
      expect(dry.findings.map(({ id, fixed }) => ({ id, fixed }))).toEqual(
        ids.map((id) => ({ id, fixed: false })),
      );
      expect((await call(repo, doctor, {})).findings).toEqual(dry.findings);
      const { findings } = await call(repo, doctor, { fix: true });
      expect(findings).toEqual(dry.findings.map((finding) => ({ ...finding, fixed: true })));
      expect(existsSync(lock)).toBe(false);
      expect(repo.git('status', '--short', '--', 'prompts')).toBe('?? prompts/new.yaml');
      expect(repo.read('prompts/new.yaml')).toBe(textPrompt('New'));
      expect((await call(repo, doctor, {})).findings).toEqual([]);
    }));

  it('leaves the lock of a process that lives', () =>
    withRepo({}, async (repo) => {
      const lock = join(repo.dir, '.git/promptv.lock');
      writeFileSync(
        lock,
        JSON.stringify({ pid: process.pid, host: hostname(), since: '2024-01-01T00:00:00.000Z' }),
      );
      expect((await call(repo, doctor, { fix: true })).findings).toEqual([]);
      expect(existsSync(lock)).toBe(true);
    }));

  it.each([
    { age: 'an hour', now: '2024-01-01T01:00:00.000Z', fix: 'promptv doctor --fix', stays: false },
    { age: 'less', now: '2024-01-01T00:59:59.000Z', fix: /^rm .*promptv\.lock$/, stays: true },
  ])("names another machine's lock, and clears it after $age: $stays stays", ({ now, fix, stays }) =>
    withRepo({}, async (repo) => {
      const lock = join(repo.dir, '.git/promptv.lock');
      writeFileSync(lock, JSON.stringify({ pid: 7, host: 'elsewhere', since: '2024-01-01T00:00:00.000Z' }));
      const clock = { now: () => new Date(now) };
      const [finding] = (await call(repo, doctor, {}, clock)).findings;
      expect(finding).toMatchObject({ id: 'FOREIGN_LOCK', fix: expect.stringMatching(fix), fixed: false });
      expect(finding?.message).toContain('process 7 on elsewhere since 2024-01-01T00:00:00.000Z');
      expect((await call(repo, doctor, { fix: true }, clock)).findings[0]?.fixed).toBe(!stays);
      expect(existsSync(lock)).toBe(stays);
    }));

  it('packs the tags when there are thousands of loose ones', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      const oid = repo.git('rev-parse', 'prompts/a@1.0.0');
      for (let n = 1; n <= 2000; n += 1)
        writeFileSync(join(repo.dir, `.git/refs/tags/prompts/z@1.0.${n}`), `${oid}\n`);
      const { findings } = await call(repo, doctor, { fix: true });
      expect(findings.find(({ id }) => id === 'LOOSE_TAGS')).toMatchObject({
        severity: 'warning',
        fix: 'git pack-refs --all',
        fixed: true,
      });
      expect(existsSync(join(repo.dir, '.git/refs/tags/prompts/z@1.0.1'))).toBe(false);
      expect(repo.git('rev-parse', 'prompts/a@1.0.0')).toBe(oid);
    }));

  it('clears what a killed write left in the cache, but nothing of the log', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      const torn = `.promptv/cache/metrics/0a/2026-03-01.jsonl.cache.77.${'0'.repeat(8)}-aaaa-4bbb-8ccc-${'1'.repeat(12)}.tmp`;
      const own = '.promptv/metrics/2026-03-01.jsonl.1';
      for (const path of [torn, own]) repo.write(path, 'x');
      const { findings } = await call(repo, doctor, { fix: true });
      const found = findings.filter(({ id }) => id === 'TEMPORARY_FILE');
      expect(found).toMatchObject([{ message: expect.stringContaining(torn), fixed: true }]);
      expect([torn, own].map((path) => existsSync(join(repo.dir, path)))).toEqual([false, true]);
    }));

  it('does not blame a file for the partial that is missing', () =>
    withRepo({ files: { 'prompts/a.yaml': 'content: "{{> shared/tone}}"\n' } }, async (repo) => {
      const { findings } = await call(repo, doctor, {});
      expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
        { id: 'PARTIAL_INVALID', message: expect.stringMatching(/^a cannot be saved .*shared\/tone/) },
      ]);
    }));

  it('names a broken file and a tag that is no version', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.git('tag', 'prompts/a@1.0.1');
      repo.write('prompts/b.yaml', 'content: [');
      const { findings } = await call(repo, doctor, { fix: true });
      expect(findings.map(({ id, fixed }) => ({ id, fixed }))).toEqual(
        expect.arrayContaining([
          { id: 'PROMPT_INVALID', fixed: false },
          { id: 'TAG_INVALID', fixed: false },
        ]),
      );
      repo.git('rm', '--quiet', '--cached', 'prompts/b.yaml', '--ignore-unmatch');
      expect(repo.git('tag').split('\n')).toContain('prompts/a@1.0.1');
    }));
});

describe.concurrent('config show', () => {
  it('tells the value in force of every key and where it comes from', () =>
    withRepo({ files: { '.promptrc.yaml': 'bump:\n  strict: true\n' } }, async (repo) => {
      const { path, workspace, config, origins } = await workIn(repo, showConfig);
      expect([path, workspace]).toEqual(['.promptrc.yaml', repo.dir]);
      expect(config.bump).toEqual({ branches: {}, strict: true, preid: 'rc' });
      expect([origins['bump.strict'], origins['bump.preid'], origins.tagPrefix]).toEqual([
        'file',
        'default',
        'default',
      ]);
    }));

  it('tells that there is no file', () =>
    withRepo({}, async (repo) => {
      expect((await workIn(repo, showConfig)).path).toBeNull();
    }));
});
