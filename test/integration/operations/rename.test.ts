import { describe, expect, it } from 'vitest';
import { diff, doctor, list, log, rename, render, restore, save, show, status } from '../../../src/index.ts';
import { formatDiff } from '../../../src/report/diff.ts';
import { call, textPrompt, withRepo } from '../../helpers/work-in.ts';

const tests = '# Tests.\r\ntests:\r\n  - name: one\r\n';
const dependent = `\uFEFF# Uses the tone.\r\ndependencies: { "shared/tone" : '^1.0.0', other: "*" }   # both\r\ncontent: |\r\n  {{> shared/tone }} and {{>other}}\r\n  Not shared/tone itself.\r\nmetadata: { note: "{{> shared/tone}}" }\r\n`;

const files = {
  'prompts/shared/tone.yaml': '# Kept.\ncontent:   "Be kind."\n',
  'prompts/shared/tone.test.yaml': tests,
  'prompts/other.yaml': textPrompt('Other'),
  'prompts/a.yaml': dependent,
};

describe.concurrent('rename', () => {
  it('moves file, tests and references in one commit and keeps every other byte', () =>
    withRepo({ files }, async (repo) => {
      repo.write('notes.txt', 'staged');
      repo.git('add', 'notes.txt');
      const result = await call(repo, rename, { from: 'shared/tone', to: 'voice/house' });
      expect(result).toMatchObject({
        path: 'prompts/voice/house.yaml',
        updated: ['prompts/a.yaml'],
        commit: repo.git('rev-parse', 'HEAD'),
        pushed: false,
        dryRun: false,
      });
      expect(
        repo.git('show', '--format=', '--name-status', '--no-renames', 'HEAD').split('\n').sort(),
      ).toEqual([
        'A\tprompts/voice/house.test.yaml',
        'A\tprompts/voice/house.yaml',
        'D\tprompts/shared/tone.test.yaml',
        'D\tprompts/shared/tone.yaml',
        'M\tprompts/a.yaml',
      ]);
      expect(repo.read('prompts/voice/house.yaml')).toBe(files['prompts/shared/tone.yaml']);
      expect(repo.read('prompts/voice/house.test.yaml')).toBe(tests);
      expect(repo.read('prompts/a.yaml')).toBe(
        dependent
          .replace('"shared/tone" :', '"voice/house" :')
          .replace('{{> shared/tone }} and', '{{> voice/house }} and'),
      );
      expect(repo.git('status', '--short')).toBe('A  notes.txt');
    }));

  it('is a reason to save, and what changed since is compared with the last version of the old name', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      await call(repo, rename, { from: 'a', to: 'b' });
      const renamed = { prompt: 'b', state: 'new', reason: 'renamed from a', latest: '1.0.0', next: '1.0.1' };
      expect((await call(repo, status, {})).prompts).toMatchObject([renamed]);
      expect((await call(repo, diff, {})).diffs).toEqual([]);
      repo.write('prompts/b.yaml', textPrompt('Two'));
      for (const operands of [['b'], []]) {
        const { diffs, unversioned } = await call(repo, diff, { operands });
        expect(diffs).toMatchObject([
          { prompt: 'b', from: '1.0.0', before: { label: 'a@1.0.0' }, after: { label: 'b@working' } },
        ]);
        expect(diffs[0]?.patch).toContain('-content: "One"\n+content: "Two"');
        expect(unversioned).toEqual([]);
      }
      expect(formatDiff(await call(repo, diff, {}), { color: false, columns: 80, now: new Date() })).toMatch(
        /^b {2}a@1\.0\.0 → b@working /,
      );
    }));

  it('lets the next save continue the old numbers, also after several renames', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('Two'));
      await call(repo, save, {});
      await call(repo, rename, { from: 'a', to: 'b' });
      await call(repo, rename, { from: 'prompts/b.yaml', to: 'team/c' });
      expect((await call(repo, status, {})).prompts).toMatchObject([
        { prompt: 'team/c', state: 'new', next: '1.0.2' },
      ]);
      repo.write('prompts/team/c.yaml', textPrompt('Two {{x}}'));
      expect((await call(repo, save, {})).saved).toMatchObject([
        { prompt: 'team/c', version: '2.0.0', previousVersion: '1.0.1', impact: 'major' },
      ]);
      expect(repo.git('cat-file', 'tag', 'prompts/team/c@2.0.0')).toContain('\nRenamed-From: a\n');
      repo.write('prompts/team/c.yaml', textPrompt('Three {{x}}'));
      expect((await call(repo, save, {})).saved).toMatchObject([
        { version: '2.0.1', previousVersion: '2.0.0' },
      ]);
      expect(repo.git('cat-file', 'tag', 'prompts/team/c@2.0.1')).not.toContain('Renamed-From');
      expect((await call(repo, log, { name: 'a' })).versions).toHaveLength(2);
      expect((await call(repo, log, { name: 'team/c' })).versions).toHaveLength(2);
      expect((await call(repo, show, { ref: 'a' })).version).toBe('1.0.1');
      const { diffs } = await call(repo, diff, { operands: ['a@latest', 'team/c@latest'] });
      expect(diffs).toMatchObject([{ from: '1.0.1', to: '2.0.1', impact: 'major' }]);
    }));

  it('gives the same result in a dry run and changes nothing', () =>
    withRepo({ files }, async (repo) => {
      const before = repo.git('rev-parse', 'HEAD');
      const result = await call(repo, rename, { from: 'shared/tone', to: 'voice', dryRun: true });
      expect(result).toMatchObject({
        path: 'prompts/voice.yaml',
        updated: ['prompts/a.yaml'],
        commit: null,
        dryRun: true,
      });
      expect(repo.git('rev-parse', 'HEAD')).toBe(before);
      expect(repo.git('status', '--short')).toBe('');
    }));

  it.each([
    [{ from: 'nowhere', to: 'b' }, 'PROMPT_NOT_FOUND'],
    [{ from: 'a', to: 'other' }, 'NAME_EXISTS'],
    [{ from: 'a', to: 'a' }, 'NAME_INVALID'],
    [{ from: 'a', to: 'Bad Name' }, 'NAME_INVALID'],
    [{ from: 'a', to: '../b' }, 'FILE_OUTSIDE'],
    [{ from: 'shared/tone', to: 'voice' }, 'FILES_MODIFIED'],
  ])('refuses %j with %s and changes nothing', (request, code) =>
    withRepo({ files }, async (repo) => {
      repo.write('prompts/a.yaml', `${dependent}# An edit of mine.\n`);
      await expect(call(repo, rename, request)).rejects.toMatchObject({ code });
      expect(repo.git('status', '--short')).toBe(' M prompts/a.yaml');
      expect(repo.git('rev-list', '--count', 'HEAD')).toBe('1');
    }));

  it.each([
    'prompts/a.yaml',
    'prompts/a.test.yaml',
    'prompts/user.yaml',
  ])('refuses to leave %s behind in HEAD where its removal is staged', (path) =>
    withRepo(
      {
        files: {
          'prompts/a.yaml': textPrompt('One'),
          'prompts/a.test.yaml': tests,
          'prompts/user.yaml': textPrompt('{{> a}}'),
          '.gitignore': 'prompts/a.test.yaml\n',
        },
      },
      async (repo) => {
        repo.git('add', '--force', 'prompts/a.test.yaml');
        repo.git('commit', '--quiet', '--amend', '--no-edit');
        await call(repo, save, {});
        repo.git('rm', '--quiet', '--cached', path);
        const before = [repo.git('status', '--short'), repo.git('rev-parse', 'HEAD')];
        for (const dryRun of [true, false])
          await expect(call(repo, rename, { from: 'a', to: 'b', dryRun })).rejects.toMatchObject({
            code: 'REMOVAL_STAGED',
            hint: expect.stringContaining(`git restore --staged ${path}`),
          });
        expect([repo.git('status', '--short'), repo.git('rev-parse', 'HEAD')]).toEqual(before);
      },
    ));

  it('rewrites a file that git does not know, and leaves it to be committed', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      repo.write('prompts/user.yaml', textPrompt('{{> a}}'));
      expect(await call(repo, rename, { from: 'a', to: 'b' })).toMatchObject({
        updated: ['prompts/user.yaml'],
      });
      expect(repo.read('prompts/user.yaml')).toBe(textPrompt('{{> b}}'));
      expect(repo.git('status', '--short')).toBe('?? prompts/user.yaml');
    }));

  it('goes on with the numbers when the removal is committed, or taken back', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.git('rm', '--quiet', '--cached', 'prompts/a.yaml');
      repo.git('commit', '--quiet', '--message', 'Forget it');
      await call(repo, rename, { from: 'a', to: 'b' });
      expect((await call(repo, status, {})).prompts).toMatchObject([{ prompt: 'b', next: '1.0.1' }]);
      repo.git('rm', '--quiet', '--cached', 'prompts/b.yaml');
      repo.git('restore', '--staged', 'prompts/b.yaml');
      await call(repo, rename, { from: 'b', to: 'c' });
      expect((await call(repo, status, {})).prompts).toMatchObject([{ prompt: 'c', next: '1.0.1' }]);
    }));
});

describe.concurrent('rename overwrites nothing', () => {
  const place = {
    'prompts/a.yaml': textPrompt('One'),
    'prompts/a.test.yaml': tests,
    'prompts/twin.yaml': textPrompt('One'),
    '.gitignore': 'ignored/\n',
    '.promptrc.yaml': 'prompts:\n  exclude: ["drafts/**"]\n',
  };

  it.each([
    ['a committed prompt of the same text', 'twin', 'NAME_EXISTS'],
    ['tests that stand there already', 'later', 'FILE_EXISTS'],
    ['a name that only tests have', 'a.test', 'NAME_INVALID'],
    ['a name that is another prompt', 'b.prompt', 'NAME_INVALID'],
    ['a place that the configuration leaves out', 'drafts/a', 'PATH_EXCLUDED'],
    ['a place that git ignores', 'ignored/a', 'FILE_IGNORED'],
  ])('and refuses %s', (_, to, code) =>
    withRepo({ files: place }, async (repo) => {
      const mine = { 'prompts/later.test.yaml': 'mine: 1\n', 'prompts/drafts/a.yaml': 'mine: 2\n' };
      for (const [path, text] of Object.entries(mine)) repo.write(path, text);
      const before = repo.git('status', '--short', '-uall');
      await expect(call(repo, rename, { from: 'a', to })).rejects.toMatchObject({ code, exitCode: 2 });
      expect(repo.git('status', '--short', '-uall')).toBe(before);
      for (const [path, text] of Object.entries(mine)) expect(repo.read(path)).toBe(text);
    }));

  it('and keeps a committed twin of a prompt that git does not know', () =>
    withRepo({ files: place }, async (repo) => {
      repo.write('prompts/copy.yaml', textPrompt('One'));
      await expect(call(repo, rename, { from: 'copy', to: 'twin' })).rejects.toMatchObject({
        code: 'NAME_EXISTS',
      });
      expect(repo.git('status', '--short')).toBe('?? prompts/copy.yaml');
    }));

  it('but takes a copy that nobody committed for its own, as a killed run leaves one', () =>
    withRepo({ files: place }, async (repo) => {
      repo.write('prompts/b.yaml', textPrompt('One'));
      await call(repo, rename, { from: 'a', to: 'b' });
      expect(repo.git('status', '--short')).toBe('');
    }));
});

describe.concurrent('a deleted prompt', () => {
  it('is still shown, rendered, compared and restored, and doctor names it', () =>
    withRepo(
      { files: { 'prompts/a.yaml': textPrompt('One'), 'prompts/b.yaml': textPrompt('B') } },
      async (repo) => {
        await call(repo, save, {});
        repo.write('prompts/a.yaml', textPrompt('Two'));
        await call(repo, save, {});
        repo.git('rm', '--quiet', 'prompts/a.yaml');
        const gone = { prompt: 'a', state: 'deleted', path: null };
        expect((await call(repo, list, {})).prompts).toMatchObject([gone, { prompt: 'b' }]);
        expect((await call(repo, status, {})).prompts[0]).toMatchObject({
          ...gone,
          latest: '1.0.1',
          next: null,
        });
        repo.git('commit', '--quiet', '--message', 'Drop it');
        expect((await call(repo, list, {})).prompts.map(({ prompt }) => prompt)).toEqual(['b']);
        expect((await call(repo, save, {})).saved).toEqual([]);
        expect((await call(repo, log, { name: 'a' })).versions).toHaveLength(2);
        expect((await call(repo, render, { ref: 'a@latest' })).text).toBe('Two');
        expect((await call(repo, diff, { operands: ['a', '1.0.0', '1.0.1'] })).diffs[0]?.impact).toBe(
          'patch',
        );
        const noFile = { code: 'TEXT_NOT_FOUND', hint: expect.stringContaining('promptv restore a') };
        await expect(call(repo, diff, { operands: ['a'] })).rejects.toMatchObject(noFile);
        await expect(call(repo, save, { names: ['a'] })).rejects.toMatchObject(noFile);
        expect((await call(repo, doctor, {})).findings).toMatchObject([
          { id: 'PROMPT_DELETED', severity: 'info', fix: 'promptv restore a@1.0.1' },
        ]);
        expect(await call(repo, restore, { ref: 'a' })).toMatchObject({
          version: '1.0.1',
          path: 'prompts/a.yaml',
          changed: true,
        });
        expect(repo.read('prompts/a.yaml')).toBe(textPrompt('Two'));
        expect((await call(repo, doctor, {})).findings).toEqual([]);
      },
    ));

  it('names a broken file whose reference it cannot rewrite', () =>
    withRepo(
      {
        files: {
          'prompts/tone.yaml': textPrompt('Kind.'),
          'prompts/broken.yaml': 'content: "{{> tone}}"\nmodel: [\n',
          'prompts/other.yaml': 'content: "{{> tone-2}} tones"\nmodel: [\n',
        },
      },
      async (repo) => {
        const { warnings, updated } = await call(repo, rename, { from: 'tone', to: 'voice' });
        expect([updated, warnings.map(({ code }) => code)]).toEqual([[], ['PROMPT_INVALID']]);
        expect(warnings[0]?.message).toMatch(/prompts\/broken\.yaml .*names tone.* write voice/);
      },
    ));

  it('that was renamed is named until its numbers have gone on', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      await call(repo, rename, { from: 'a', to: 'b' });
      expect((await call(repo, doctor, {})).findings).toMatchObject([
        { id: 'PROMPT_RENAMED', severity: 'info', fix: 'promptv save b' },
      ]);
      await call(repo, save, {});
      expect((await call(repo, doctor, {})).findings).toEqual([]);
    }));

  it('goes on with its numbers also when the file got another extension since', () =>
    withRepo({ files: { 'prompts/t/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      await call(repo, rename, { from: 't/a', to: 't/b' });
      repo.git('mv', 'prompts/t/b.yaml', 'prompts/t/b.yml');
      expect((await call(repo, save, {})).saved).toMatchObject([{ prompt: 't/b', version: '1.0.1' }]);
    }));

  it('goes on with its numbers where prompts stand at the top', () =>
    withRepo(
      { files: { '.promptrc.yaml': 'prompts:\n  dir: .\n', 'a.yaml': textPrompt('One') } },
      async (repo) => {
        await call(repo, save, {});
        await call(repo, rename, { from: 'a', to: 'b' });
        expect((await call(repo, save, {})).saved).toMatchObject([{ prompt: 'b', version: '1.0.1' }]);
      },
    ));

  it('is not renamed any more when the rename was taken back', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      await call(repo, rename, { from: 'a', to: 'b' });
      repo.git('revert', '--no-edit', 'HEAD');
      repo.write('prompts/b.yaml', textPrompt('Another'));
      expect((await call(repo, save, {})).saved).toMatchObject([
        { prompt: 'b', version: '1.0.0', previousVersion: null },
      ]);
    }));

  it('that was moved by hand is told apart', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.git('mv', 'prompts/a.yaml', 'prompts/moved.yaml');
      repo.git('commit', '--quiet', '--message', 'Move it');
      expect((await call(repo, doctor, {})).findings).toMatchObject([
        { id: 'PROMPT_RENAMED', severity: 'warning', fix: expect.stringContaining('promptv rename a moved') },
      ]);
    }));
});
