import { describe, expect, it } from 'vitest';
import { promote, render, restore, save, status, sync, unsave } from '../../../src/index.ts';
import { annotate } from '../../../src/operations/annotate.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';
import { call, textPrompt, withRepo } from '../../helpers/work-in.ts';

const write = (repo: TempRepo, content: string): void => repo.write('prompts/a.yaml', textPrompt(content));

const saved = async (repo: TempRepo, content: string, push = false) => {
  write(repo, content);
  return (await call(repo, save, { push, message: content })).saved[0]?.version;
};

const one = { 'prompts/a.yaml': textPrompt('One') };

describe.concurrent('unsave', () => {
  it('removes the tag of a version that no remote has, and leaves file and commit', () =>
    withRepo({ files: one, remote: true }, async (repo) => {
      await saved(repo, 'One', true);
      await saved(repo, 'Two');
      const head = repo.git('rev-parse', 'HEAD');
      const again = { hasFile: true, saveCommand: 'promptv save a' };
      const removed = { prompt: 'a', version: '1.0.1', tag: 'prompts/a@1.0.1', ...again, warnings: [] };
      expect(await call(repo, unsave, { ref: 'a@latest', dryRun: true })).toEqual({
        ...removed,
        dryRun: true,
      });
      expect(repo.git('tag').split('\n')).toHaveLength(2);
      expect(await call(repo, unsave, { ref: 'a@latest' })).toEqual({ ...removed, dryRun: false });
      expect(repo.git('tag')).toBe('prompts/a@1.0.0');
      expect(repo.git('rev-parse', 'HEAD')).toBe(head);
      expect(repo.read('prompts/a.yaml')).toBe(textPrompt('Two'));
      expect(await saved(repo, 'Two')).toBe('1.0.1');
    }));

  it('of a deleted prompt says how to have its text again', () =>
    withRepo({ files: one }, async (repo) => {
      await saved(repo, 'Two');
      repo.git('rm', '--quiet', 'prompts/a.yaml');
      repo.git('commit', '--quiet', '--message', 'Drop it');
      const { hasFile, saveCommand } = await call(repo, unsave, { ref: 'a@latest' });
      const [, ref = ''] =
        /^promptv restore (a@git:[0-9a-f]{12}) && promptv save a$/.exec(saveCommand ?? '') ?? [];
      expect(hasFile).toBe(false);
      await call(repo, restore, { ref });
      expect(repo.read('prompts/a.yaml')).toBe(textPrompt('Two'));
      expect((await call(repo, save, { names: ['a'] })).saved).toMatchObject([{ version: '1.0.0' }]);
    }));

  it('refuses a version that a remote has', () =>
    withRepo({ files: one, remote: true }, async (repo) => {
      await saved(repo, 'One', true);
      await expect(call(repo, unsave, { ref: 'a@1.0.0' })).rejects.toMatchObject({
        code: 'VERSION_PUSHED',
        exitCode: 1,
        message: expect.stringContaining('origin'),
      });
      expect(repo.git('tag')).toBe('prompts/a@1.0.0');
    }));

  it('refuses a version that another one pins', () =>
    withRepo({ files: { ...one, 'prompts/b.yaml': textPrompt('{{> a}}') } }, async (repo) => {
      await call(repo, save, {});
      await expect(call(repo, unsave, { ref: 'a@1.0.0' })).rejects.toMatchObject({
        code: 'VERSION_IN_USE',
        message: expect.stringContaining('b@1.0.0'),
      });
      await call(repo, unsave, { ref: 'b@1.0.0' });
      await call(repo, unsave, { ref: 'a@1.0.0' });
      expect(repo.git('tag')).toBe('');
    }));

  it('refuses a version that a decision of the team names', () =>
    withRepo(
      { files: { ...one, '.promptrc.yaml': 'environments:\n  - name: staging\n  - name: production\n' } },
      async (repo) => {
        await saved(repo, 'One');
        await saved(repo, 'Two');
        await saved(repo, 'Three');
        await call(repo, promote, { refs: ['a@1.0.1'], environment: 'staging' });
        await call(repo, annotate, { ref: 'a@1.0.2', text: 'Too short.' });
        for (const [ref, user] of [
          ['a@1.0.1', 'environment staging'],
          ['a@1.0.2', '.promptv/annotations/a@1.0.2'],
        ] as const)
          await expect(call(repo, unsave, { ref })).rejects.toMatchObject({
            code: 'VERSION_IN_USE',
            message: expect.stringContaining(user),
          });
        await call(repo, unsave, { ref: 'a@1.0.0' });
        expect(repo.git('tag').split('\n')).toEqual(['prompts/a@1.0.1', 'prompts/a@1.0.2']);
      },
    ));

  it.each([
    ['a', 'REF_INVALID'],
    ['a@working', 'REF_INVALID'],
    ['a@^1.0.0', 'REF_INVALID'],
    ['a@1.0.9', 'VERSION_NOT_FOUND'],
    ['nowhere@1.0.0', 'PROMPT_NOT_FOUND'],
    ['new@1.0.0', 'NO_VERSION'],
  ])('refuses %s with %s', (ref, code) =>
    withRepo({ files: one }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/new.yaml', textPrompt('New'));
      await expect(call(repo, unsave, { ref })).rejects.toMatchObject({ code, exitCode: 2 });
    }));
});

describe.concurrent('sync', () => {
  it('fetches the versions of others', () =>
    withRepo({ files: one, remote: true }, async (repo) => {
      const clone = repo.clone();
      await saved(repo, 'One', true);
      const fetched = {
        remote: 'origin',
        fetched: ['prompts/a@1.0.0'],
        renumbered: [],
        conflicts: [],
        warnings: [],
      };
      expect(await call(clone, sync, { dryRun: true })).toEqual({ ...fetched, dryRun: true });
      expect(clone.git('tag')).toBe('');
      expect(await call(clone, sync, {})).toEqual({ ...fetched, dryRun: false });
      expect(clone.git('rev-parse', 'prompts/a@1.0.0')).toBe(repo.git('rev-parse', 'prompts/a@1.0.0'));
      expect(await call(clone, sync, {})).toMatchObject({ fetched: [] });
      expect(clone.git('tag')).toBe('prompts/a@1.0.0');
    }));

  it('gives own versions that clash the next numbers', () =>
    withRepo({ files: one, remote: true }, async (repo) => {
      await saved(repo, 'One', true);
      const clone = repo.clone();
      await saved(repo, 'Theirs', true);
      await saved(clone, 'Ours');
      await saved(clone, 'Ours too');
      expect(clone.git('tag').split('\n')).toEqual(['prompts/a@1.0.0', 'prompts/a@1.0.1', 'prompts/a@1.0.2']);
      const dry = await call(clone, sync, { dryRun: true });
      const result = await call(clone, sync, {});
      expect(result).toMatchObject({
        fetched: [],
        renumbered: [
          { prompt: 'a', from: '1.0.1', to: '1.0.3' },
          { prompt: 'a', from: '1.0.2', to: '1.0.4' },
        ],
        conflicts: [],
      });
      expect({ ...dry, dryRun: false }).toEqual(result);
      const contents = [1, 2, 3, 4].flatMap((patch) => {
        const tag = `prompts/a@1.0.${patch}`;
        return clone.git('tag', '--list', tag) === '' ? [] : [clone.git('show', `${tag}:prompts/a.yaml`)];
      });
      // What was saved last is still the highest.
      expect(contents).toEqual(['Theirs', 'Ours', 'Ours too'].map((text) => textPrompt(text).trimEnd()));
      expect((await call(clone, status, {})).prompts).toMatchObject([{ state: 'clean' }]);
      expect(clone.git('rev-parse', 'prompts/a@1.0.1')).toBe(repo.git('rev-parse', 'prompts/a@1.0.1'));
      expect(await call(clone, sync, {})).toMatchObject({ fetched: [], renumbered: [], conflicts: [] });
    }));

  it('lets a later version of our own keep a number that is still the highest', () =>
    withRepo({ files: one, remote: true }, async (repo) => {
      await saved(repo, 'One', true);
      const clone = repo.clone();
      await saved(repo, 'Theirs', true);
      await saved(clone, 'Ours');
      await saved(clone, 'Ours {{too}}');
      expect((await call(clone, sync, {})).renumbered).toEqual([{ prompt: 'a', from: '1.0.1', to: '1.0.2' }]);
      expect(clone.git('tag').split('\n').at(-1)).toBe('prompts/a@2.0.0');
      expect((await call(clone, status, {})).prompts).toMatchObject([{ state: 'clean', latest: '2.0.0' }]);
    }));

  it('leaves a version alone that another one of ours pins', () =>
    withRepo({ files: { ...one, 'prompts/p.yaml': textPrompt('{{> a}}') }, remote: true }, async (repo) => {
      await call(repo, save, { push: true });
      const clone = repo.clone();
      write(repo, 'Theirs');
      await call(repo, save, { names: ['a'], push: true });
      await saved(clone, 'Ours');
      const tags = clone.git('show-ref', '--tags');
      expect(await call(clone, sync, {})).toMatchObject({
        renumbered: [],
        conflicts: [{ prompt: 'a', version: '1.0.1', reason: expect.stringContaining('p@1.1.0') }],
      });
      expect(clone.git('show-ref', '--tags')).toBe(tags);
      await call(clone, unsave, { ref: 'p@1.1.0' });
      expect((await call(clone, sync, {})).renumbered).toEqual([{ prompt: 'a', from: '1.0.1', to: '1.0.2' }]);
      await call(clone, save, {});
      expect(await call(clone, render, { ref: 'p@latest' })).toMatchObject({
        version: '1.1.0',
        text: 'Ours',
      });
    }));

  it('only reports a clash when it shall only fetch', () =>
    withRepo({ files: one, remote: true }, async (repo) => {
      const clone = repo.clone();
      await saved(repo, 'Theirs', true);
      await saved(clone, 'Ours');
      const own = clone.git('rev-parse', 'prompts/a@1.0.0');
      expect(await call(clone, sync, { tagsOnly: true })).toMatchObject({
        renumbered: [],
        conflicts: [{ prompt: 'a', version: '1.0.0', reason: expect.stringContaining('remote') }],
      });
      expect(clone.git('rev-parse', 'prompts/a@1.0.0')).toBe(own);
    }));

  it('names a remote that is not there', () =>
    withRepo({ files: one }, async (repo) => {
      await expect(call(repo, sync, {})).rejects.toMatchObject({ code: 'REMOTE_MISSING', exitCode: 1 });
      repo.git('remote', 'add', 'gone', '/nowhere/at/all.git');
      await expect(call(repo, sync, { remote: 'gone' })).rejects.toMatchObject({
        code: 'REMOTE_UNREACHABLE',
      });
    }));
});
