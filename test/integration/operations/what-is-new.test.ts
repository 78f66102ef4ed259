import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diff, doctor, list, log, render, restore, save, show, status } from '../../../src/index.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';
import { call, textPrompt, withRepo } from '../../helpers/work-in.ts';

const saved = async (repo: TempRepo, request: Parameters<typeof save>[1] = {}): Promise<string[]> =>
  (await call(repo, save, request)).saved.map(({ prompt, version }) => `${prompt}@${version}`);

const stateOf = async (repo: TempRepo, name: string) =>
  (await call(repo, status, { names: [name] })).prompts[0];

describe.concurrent('what is new', () => {
  it('is nothing when only comments and layout changed', () =>
    withRepo({ files: { 'prompts/a.yaml': 'content: Hello\nmodel: gpt-4o\n' } }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', '# A remark.\nmodel:   "gpt-4o"   # another\n\ncontent: |-\n  Hello\n');
      expect(await call(repo, save, {})).toMatchObject({
        saved: [],
        unchanged: [{ prompt: 'a', version: '1.0.0' }],
      });
      expect(await stateOf(repo, 'a')).toMatchObject({ state: 'clean', impact: null, next: null });
      const { diffs } = await call(repo, diff, { operands: ['a'] });
      expect(diffs[0]).toMatchObject({ impact: 'none', changes: [] });
      expect(diffs[0]?.patch).toContain('+# A remark.');
      expect(repo.git('status', '--short')).toBe(' M prompts/a.yaml');
    }));

  it('is what a save would refuse, in its words, where bump.strict stands against the branch rule', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('Two {{x}}'));
      const strict = (is: boolean) =>
        repo.write('.promptrc.yaml', `bump:\n  strict: ${is}\n  branches: { main: patch }\n`);
      strict(false);
      expect(await stateOf(repo, 'a')).toMatchObject({ next: '1.0.1', refusal: null });
      strict(true);
      const { refusal } = (await stateOf(repo, 'a')) ?? {};
      expect(refusal).toMatchObject({ code: 'BUMP_TOO_SMALL' });
      expect(refusal?.hint).toContain('"promptv save a --bump major"');
      await expect(call(repo, save, {})).rejects.toMatchObject(refusal ?? {});
      await expect(call(repo, save, { names: ['a'], setVersion: '1.0.5' })).rejects.toThrow(
        'a has a major change, and the bump is only the one to 1.0.5.',
      );
      await expect(call(repo, save, { names: ['a'], setVersion: '1.0.5' })).rejects.toMatchObject({
        hint: expect.stringContaining('"promptv save a --set-version 2.0.0"'),
      });
      expect(await saved(repo, { names: ['a'], setVersion: '2.0.0', dryRun: true })).toEqual(['a@2.0.0']);
      expect(await saved(repo, { names: ['a'], bump: 'major' })).toEqual(['a@2.0.0']);
    }));

  it('is not the text of an older stable version in a sweep, but is when named', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('Two'));
      await call(repo, save, {});
      await call(repo, restore, { ref: 'a@1.0.0' });
      expect(await stateOf(repo, 'a')).toMatchObject({
        state: 'behind',
        reason: 'same text as 1.0.0',
        latest: '1.0.1',
        next: null,
      });
      expect(await call(repo, save, {})).toMatchObject({
        saved: [],
        skipped: [{ prompt: 'a', reason: 'older-text' }],
      });
      expect(await saved(repo, { names: ['a'] })).toEqual(['a@1.0.2']);
      expect((await stateOf(repo, 'a'))?.state).toBe('clean');
    }));

  it('is the text of a candidate: a plain save releases it', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('{{name}}'));
      expect(await saved(repo, { preid: 'rc' })).toEqual(['a@2.0.0-rc.1']);
      repo.write('prompts/a.yaml', textPrompt('Dear {{name}}'));
      expect(await saved(repo, { bump: 'prerelease' })).toEqual(['a@2.0.0-rc.2']);
      expect(await call(repo, save, { bump: 'prerelease' })).toMatchObject({
        saved: [],
        unchanged: [{ prompt: 'a', version: '2.0.0-rc.2' }],
      });
      expect(await saved(repo, { names: ['a'] })).toEqual(['a@2.0.0']);
      const { versions } = await call(repo, log, { name: 'a' });
      expect(versions.map(({ version }) => version)).toEqual(['2.0.0', '2.0.0-rc.2', '2.0.0-rc.1', '1.0.0']);
      expect(repo.git('rev-parse', 'prompts/a@2.0.0^{}')).toBe(
        repo.git('rev-parse', 'prompts/a@2.0.0-rc.2^{}'),
      );
    }));

  it('is listed by name, with the version and its date', () =>
    withRepo(
      { files: { 'prompts/b.yaml': textPrompt('B'), 'prompts/a.yaml': textPrompt('A') } },
      async (repo) => {
        await call(repo, save, { names: ['b'] });
        const { prompts } = await call(repo, list, {});
        expect(prompts.map(({ prompt, version, state, date }) => ({ prompt, version, state, date }))).toEqual(
          [
            { prompt: 'a', version: null, state: 'new', date: null },
            { prompt: 'b', version: '1.0.0', state: 'clean', date: '2024-05-06T07:08:09.000Z' },
          ],
        );
      },
    ));
});

const tone = (text: string): string => textPrompt(text, 'type: partial\n');
const including = (text: string, range: string, partial = 'shared/tone'): string =>
  textPrompt(`${text} {{> ${partial}}}`, `dependencies:\n  ${partial}: "${range}"\n`);

const family = {
  'prompts/shared/tone.yaml': tone('Be kind.'),
  'prompts/shared/frame.yaml': including('Frame.', '^1.0.0'),
  'prompts/a.yaml': including('A.', '*', 'shared/frame'),
  'prompts/b.yaml': including('B.', '~1.0.0'),
};

const pinsOf = (repo: TempRepo, version: string): string[] =>
  repo
    .git('cat-file', 'tag', `prompts/${version}`)
    .split('\n')
    .filter((line) => line.startsWith('Pin: '))
    .map((line) => line.split(' ')[1] ?? '');

describe.concurrent('a prompt whose file cannot be read', () => {
  it.each([
    ['two files of one name', (repo: TempRepo) => repo.write('prompts/a.yml', textPrompt('Two')), 2],
    [
      'a symbolic link',
      (repo: TempRepo) => {
        rmSync(join(repo.dir, 'prompts/a.yaml'));
        symlinkSync('../other.yaml', join(repo.dir, 'prompts/a.yaml'));
      },
      1,
    ],
  ])('is invalid and not deleted: %s', (_, spoil, files) =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      spoil(repo);
      const states = Array(files).fill('invalid');
      const { prompts } = await call(repo, status, { names: ['a'] });
      expect(prompts.map(({ state }) => state)).toEqual(states);
      expect((await call(repo, list, {})).prompts.map(({ state }) => state)).toEqual(states);
      const { findings } = await call(repo, doctor, {});
      expect(findings.map(({ id }) => id)).toEqual(Array(files).fill('PROMPT_INVALID'));
    }));
});

describe.concurrent('partials', () => {
  it('are saved before those who include them, in one commit, and pinned transitively', () =>
    withRepo({ files: family }, async (repo) => {
      const result = await call(repo, save, {});
      const order = result.saved.map(({ prompt }) => prompt);
      expect(order.indexOf('shared/tone')).toBeLessThan(order.indexOf('shared/frame'));
      expect(order.indexOf('shared/frame')).toBeLessThan(order.indexOf('a'));
      expect(order).toHaveLength(4);
      expect(new Set(result.saved.map(({ commit }) => commit)).size).toBe(1);
      expect(pinsOf(repo, 'a@1.0.0')).toEqual(['shared/frame@1.0.0', 'shared/tone@1.0.0']);
      expect(pinsOf(repo, 'b@1.0.0')).toEqual(['shared/tone@1.0.0']);
      expect(pinsOf(repo, 'shared/tone@1.0.0')).toEqual([]);
    }));

  it('keep a saved version rendering as it was, while working takes the files on disk', () =>
    withRepo({ files: family }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/shared/tone.yaml', tone('Be brief.'));
      const texts = async (ref: string) => (await call(repo, render, { ref })).text;
      expect(await texts('a@latest')).toBe('A. Frame. Be kind.');
      expect(await texts('a')).toBe('A. Frame. Be brief.');
      await call(repo, save, {});
      repo.git('rm', '--quiet', 'prompts/shared/tone.yaml');
      repo.git('commit', '--quiet', '--message', 'Drop it');
      expect(await texts('a@1.0.0')).toBe('A. Frame. Be kind.');
      expect(await texts('a@latest')).toBe('A. Frame. Be brief.');
    }));

  it.each([
    { change: 'patch', text: 'Be brief.', own: '1.0.1', impact: 'minor', dependent: '1.1.0' },
    { change: 'major', text: 'Be {{manner}}.', own: '2.0.0', impact: 'major', dependent: '2.0.0' },
  ])('with a $change change make those who include them modified', ({ text, own, impact, dependent }) =>
    withRepo(
      {
        files: {
          'prompts/tone.yaml': tone('Be kind.'),
          'prompts/a.yaml': including('A.', '>=1.0.0', 'tone'),
        },
      },
      async (repo) => {
        await call(repo, save, {});
        repo.write('prompts/tone.yaml', tone(text));
        const expected = { state: 'modified', reason: 'dependency', impact, next: dependent };
        expect((await call(repo, status, {})).prompts).toMatchObject([
          { prompt: 'a', ...expected },
          { prompt: 'tone', reason: null, next: own },
        ]);
        const { diffs } = await call(repo, diff, { operands: ['a'] });
        expect(diffs[0]).toMatchObject({ impact, patch: '' });
        expect(diffs[0]?.changes).toContainEqual(
          expect.objectContaining({ path: 'pins.tone', before: '1.0.0', after: own }),
        );
        expect(await saved(repo, { names: ['tone'] })).toEqual([`tone@${own}`]);
        expect(await stateOf(repo, 'a')).toMatchObject(expected);
        const sweep = await call(repo, save, {});
        expect(sweep.saved).toMatchObject([{ prompt: 'a', version: dependent, impact }]);
        expect(pinsOf(repo, `a@${dependent}`)).toEqual([`tone@${own}`]);
      },
    ));

  it('leave those alone whose range does not take the newer version', () =>
    withRepo({ files: family }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/shared/tone.yaml', tone('Be {{manner}}.'));
      expect(await saved(repo)).toEqual(['shared/tone@2.0.0']);
      expect((await stateOf(repo, 'b'))?.state).toBe('clean');
    }));

  it('whose older text is back are left alone by a sweep, and with them those who include them', () =>
    withRepo({ files: family }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/shared/tone.yaml', tone('Be brief.'));
      await call(repo, save, {});
      await call(repo, restore, { ref: 'shared/tone@1.0.0' });
      const sweep = await call(repo, save, {});
      expect(sweep).toMatchObject({ saved: [], skipped: [{ prompt: 'shared/tone', reason: 'older-text' }] });
      expect(await saved(repo, { names: ['shared/tone', 'b'] })).toEqual(['shared/tone@1.0.2', 'b@1.2.0']);
      expect(pinsOf(repo, 'b@1.2.0')).toEqual(['shared/tone@1.0.2']);
    }));

  it.each([
    [
      'that are nowhere',
      { 'prompts/a.yaml': textPrompt('{{> nowhere}}') },
      'DEPENDENCY_NOT_FOUND',
      /nowhere/,
    ],
    [
      'that are never saved',
      { 'prompts/a.yaml': including('A', '^2.0.0', 'tone'), 'prompts/tone.yaml': tone('T') },
      'DEPENDENCY_NOT_FOUND',
      /\^2\.0\.0/,
    ],
    [
      'in a circle',
      { 'prompts/a.yaml': textPrompt('{{> b}}'), 'prompts/b.yaml': textPrompt('{{> a}}') },
      'DEPENDENCY_CYCLE',
      /a → b → a|b → a → b/,
    ],
  ])('%s stop a save before anything changes, and show as invalid', (_, files, code, message) =>
    withRepo({ files }, async (repo) => {
      await expect(call(repo, save, {})).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
      expect(repo.git('tag')).toBe('');
      expect(repo.git('log', '--oneline').split('\n')).toHaveLength(1);
      expect(await stateOf(repo, 'a')).toMatchObject({
        state: 'invalid',
        reason: expect.stringMatching(message),
      });
    }));

  it('count by their version: an older text that was saved again is a newer match', () =>
    withRepo(
      { files: { 'prompts/t.yaml': textPrompt('A'), 'prompts/p.yaml': textPrompt('{{> t}}') } },
      async (repo) => {
        await call(repo, save, {});
        for (const text of ['B', 'A']) {
          repo.write('prompts/t.yaml', textPrompt(text));
          await call(repo, save, { names: ['t'] });
        }
        expect(await stateOf(repo, 'p')).toMatchObject({ state: 'modified', reason: 'dependency' });
        await call(repo, save, {});
        expect(pinsOf(repo, 'p@1.1.0')).toEqual(['t@1.0.2']);
        expect(await stateOf(repo, 'p')).toMatchObject({ state: 'clean' });
      },
    ));

  it('that no version satisfies for all who need them are a conflict', () =>
    withRepo({ files: { 'prompts/tone.yaml': tone('T') } }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/tone.yaml', tone('{{t}}'));
      repo.write('prompts/frame.yaml', including('F', '^1.0.0', 'tone'));
      await call(repo, save, {});
      repo.write(
        'prompts/a.yaml',
        textPrompt('{{> frame}} {{> tone}}', 'dependencies:\n  tone: ^2.0.0\n  frame: "*"\n'),
      );
      await expect(call(repo, save, {})).rejects.toMatchObject({
        code: 'DEPENDENCY_CONFLICT',
        message: expect.stringMatching(/tone .*\^[12]\.0\.0, \^[12]\.0\.0/),
      });
      expect(pinsOf(repo, 'frame@1.0.0')).toEqual(['tone@1.0.0']);
    }));

  it('that git ignores are left alone by a sweep, and pinned by nobody', () =>
    withRepo({ files: { ...family, '.gitignore': 'tone.yaml\n' } }, async (repo) => {
      await expect(call(repo, save, {})).rejects.toMatchObject({ code: 'DEPENDENCY_NOT_FOUND' });
      await expect(call(repo, save, { names: ['shared/tone'] })).rejects.toMatchObject({
        code: 'FILE_IGNORED',
      });
    }));

  it('are named when one must be saved first', () =>
    withRepo({ files: family }, async (repo) => {
      await expect(call(repo, save, { names: ['b'] })).rejects.toMatchObject({
        code: 'DEPENDENCY_NOT_FOUND',
        hint: expect.stringContaining('promptv save shared/tone'),
      });
      expect(await saved(repo, { names: ['b', 'shared/tone'] })).toEqual(['shared/tone@1.0.0', 'b@1.0.0']);
      expect((await call(repo, show, { ref: 'b' })).version).toBe('1.0.0');
    }));
});
