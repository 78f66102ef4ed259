import { describe, expect, it } from 'vitest';
import { diff, restore, save, show } from '../../../src/index.ts';
import { call, textPrompt, withRepo } from '../../helpers/work-in.ts';

const one = { 'prompts/a.yaml': textPrompt('One', '# First.\n') };

describe.concurrent('restore', () => {
  it('puts the exact bytes of a version back and commits nothing', () =>
    withRepo({ files: one }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('Two'));
      await call(repo, save, {});
      expect(await call(repo, restore, { ref: 'a@1.0.0' })).toEqual({
        prompt: 'a',
        version: '1.0.0',
        path: 'prompts/a.yaml',
        changed: true,
        diffCommand: 'promptv diff a',
        dryRun: false,
        warnings: [],
      });
      expect(repo.read('prompts/a.yaml')).toBe(one['prompts/a.yaml']);
      expect(repo.git('status', '--short')).toBe(' M prompts/a.yaml');
      expect(await call(repo, restore, { ref: 'a@1.0.0' })).toMatchObject({ changed: false });
      expect(await call(repo, restore, { ref: 'a' })).toMatchObject({ version: '1.0.1', changed: true });
      expect(await call(repo, restore, { ref: 'a@git:HEAD' })).toMatchObject({ diffCommand: null });
      expect(repo.git('status', '--short')).toBe('');
    }));

  it('names no comparison that finds nothing', () =>
    withRepo({ files: one }, async (repo) => {
      repo.write('prompts/a.yaml', textPrompt('Two'));
      expect(await call(repo, restore, { ref: 'a@git:HEAD', force: true })).toMatchObject({
        changed: true,
        diffCommand: null,
      });
      await call(repo, save, { preid: 'rc' });
      for (const [ref, diffCommand] of [
        ['a@next', null],
        ['a@git:HEAD', null],
      ]) {
        expect(await call(repo, restore, { ref: ref ?? '' })).toMatchObject({ diffCommand });
        expect((await call(repo, diff, { operands: ['a'] })).diffs).toMatchObject([{ patch: '' }]);
      }
    }));

  it('overwrites no file that the configuration leaves out', () =>
    withRepo({ files: one }, async (repo) => {
      await call(repo, save, {});
      repo.write('.promptrc.yaml', 'prompts:\n  exclude: [a.yaml]\n');
      repo.write('prompts/a.yaml', 'mine: 1\n');
      await expect(call(repo, restore, { ref: 'a', force: true })).rejects.toMatchObject({
        code: 'PATH_EXCLUDED',
      });
      expect(repo.read('prompts/a.yaml')).toBe('mine: 1\n');
    }));

  it('refuses to overwrite a text that no version holds, but for --force', () =>
    withRepo({ files: one }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('Never saved'));
      for (const dryRun of [false, true])
        await expect(call(repo, restore, { ref: 'a', dryRun })).rejects.toMatchObject({
          code: 'WORKING_MODIFIED',
          hint: expect.stringMatching(/promptv save a.*--force/),
        });
      expect(await call(repo, restore, { ref: 'a', force: true, dryRun: true })).toMatchObject({
        changed: true,
        dryRun: true,
      });
      expect(repo.read('prompts/a.yaml')).toBe(textPrompt('Never saved'));
      await call(repo, restore, { ref: 'a', force: true });
      expect(repo.read('prompts/a.yaml')).toBe(one['prompts/a.yaml']);
    }));

  it('does not count a change of comments alone as saved', () =>
    withRepo({ files: one }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('One', '# My remark.\n'));
      await expect(call(repo, restore, { ref: 'a' })).rejects.toMatchObject({ code: 'WORKING_MODIFIED' });
    }));

  it('writes the line endings of the checkout', () =>
    withRepo({ files: one }, async (repo) => {
      repo.git('config', 'core.autocrlf', 'true');
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('Two').replaceAll('\n', '\r\n'));
      await call(repo, save, {});
      await call(repo, restore, { ref: 'a@1.0.0' });
      expect(repo.read('prompts/a.yaml')).toBe(one['prompts/a.yaml'].replaceAll('\n', '\r\n'));
      expect((await call(repo, show, { ref: 'a@1.0.0' })).raw.includes(13)).toBe(false);
      expect(await call(repo, restore, { ref: 'a@latest' })).toMatchObject({ changed: true });
      expect(repo.read('prompts/a.yaml')).toBe(textPrompt('Two').replaceAll('\n', '\r\n'));
      expect(await call(repo, restore, { ref: 'a@git:HEAD~1' })).toMatchObject({ changed: true });
      expect(repo.read('prompts/a.yaml')).toBe(one['prompts/a.yaml'].replaceAll('\n', '\r\n'));
      expect(await call(repo, restore, { ref: 'a@git:HEAD' })).toMatchObject({
        version: null,
        changed: true,
      });
      expect(repo.git('status', '--short')).toBe('');
    }));

  it('writes a deleted file anew, at the path it had', () =>
    withRepo({ files: { 'prompts/deep/My File.prompt.yml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.git('rm', '--quiet', '-r', 'prompts');
      repo.git('commit', '--quiet', '--message', 'Drop it');
      expect(await call(repo, restore, { ref: 'deep/my-file' })).toMatchObject({
        path: 'prompts/deep/My File.prompt.yml',
      });
      expect(repo.read('prompts/deep/My File.prompt.yml')).toBe(textPrompt('One'));
    }));

  it('takes the text of a commit', () =>
    withRepo({ files: one }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('Two'));
      await call(repo, save, {});
      expect(await call(repo, restore, { ref: 'a@git:HEAD~1' })).toMatchObject({
        version: null,
        changed: true,
      });
      expect(repo.read('prompts/a.yaml')).toBe(one['prompts/a.yaml']);
    }));
});

describe('show', () => {
  it('gives the exact bytes, whatever they are', () => {
    const text = '\uFEFF# \u00e4\r\ncontent: "One"   \r\n\r\n';
    return withRepo({ files: { 'prompts/a.yaml': text } }, async (repo) => {
      await call(repo, save, { message: 'Odd bytes' });
      repo.write('prompts/a.yaml', textPrompt('Two'));
      const shown = await call(repo, show, { ref: 'a@1.0.0' });
      expect(Buffer.from(shown.raw).toString('utf8')).toBe(text);
      expect(shown).toMatchObject({
        document: { content: 'One' },
        saved: { message: 'Odd bytes', author: 'Test Author <author@example.com>' },
      });
    });
  });
});
