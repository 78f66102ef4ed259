import { describe, expect, it } from 'vitest';
import { type DiffResult, diff, save } from '../../../src/index.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';
import { call, textPrompt, withRepo } from '../../helpers/work-in.ts';

const commitAll = (repo: TempRepo, message: string): void => {
  repo.git('add', '--all');
  repo.git('commit', '--quiet', '--allow-empty', '--message', message);
};

const rows = ({ base }: DiffResult): string[] =>
  (base?.prompts ?? []).map(({ prompt, state, impact, latest, next }) =>
    [prompt, state, impact, latest, next].join(' '),
  );

const files = {
  'prompts/a.yaml': textPrompt('Say hello.'),
  'prompts/b.yaml': textPrompt('Say {{> shared}}.'),
  'prompts/gone.yaml': textPrompt('Away.'),
  'prompts/shared.yaml': textPrompt('please'),
  'prompts/still.yaml': textPrompt('Unchanged {{> quiet}}.'),
  'prompts/quiet.yaml': textPrompt('part'),
};

describe.concurrent('diff --base', () => {
  it('names every prompt that a branch changes, with impact, next version and tokens', () =>
    withRepo({ files }, async (repo) => {
      await call(repo, save, {});
      repo.git('checkout', '--quiet', '-b', 'topic');
      repo.write('prompts/a.yaml', textPrompt('Say hello to {{name}}.'));
      repo.write('prompts/shared.yaml', textPrompt('pretty please'));
      repo.write('prompts/new.yaml', textPrompt('New.'));
      repo.write('prompts/broken.yaml', 'content: [\n');
      repo.git('rm', '--quiet', 'prompts/gone.yaml');
      commitAll(repo, 'Change');
      const result = await call(repo, diff, { base: 'main' });
      expect(rows(result)).toEqual([
        'a changed major 1.0.0 2.0.0',
        'b changed minor 1.0.0 1.1.0',
        'broken invalid   ',
        'gone deleted  1.0.0 ',
        'new added   1.0.0',
        'shared changed patch 1.0.0 1.0.1',
      ]);
      expect(result.base?.commit).toBe(repo.git('rev-parse', 'main'));
      expect(result.base?.prompts[0]?.tokens).toEqual({ before: 3, after: expect.any(Number) });
      expect(result.base?.prompts[2]?.reason).toEqual(expect.stringMatching(/\S/));
      expect(result.diffs.map(({ prompt, from, to }) => `${prompt} ${from} ${to}`)).toEqual([
        'a base working',
        'b base working',
        'shared base working',
      ]);
    }));

  it('leaves out what the base branch did since, and what no one changed', () =>
    withRepo({ files }, async (repo) => {
      await call(repo, save, {});
      repo.git('checkout', '--quiet', '-b', 'topic');
      repo.write('prompts/a.yaml', textPrompt('Say good bye.'));
      commitAll(repo, 'Topic');
      repo.git('checkout', '--quiet', 'main');
      repo.write('prompts/quiet.yaml', textPrompt('another part'));
      commitAll(repo, 'Main');
      repo.git('checkout', '--quiet', 'topic');
      expect(rows(await call(repo, diff, { base: 'main' }))).toEqual(['a changed patch 1.0.0 1.0.1']);
      // A change of the base branch that has no version yet is no change of this one.
      repo.git('checkout', '--quiet', 'main');
      expect(rows(await call(repo, diff, { base: 'main' }))).toEqual([]);
    }));

  it("takes the rules of the branch that a pull request is for, on the host's trial merge", () =>
    withRepo({ files, remote: true }, async (repo) => {
      repo.write('.promptrc.yaml', 'bump:\n  branches: {main: minor, "topic*": major}\n');
      commitAll(repo, 'Rules');
      await call(repo, save, {});
      repo.git('checkout', '--quiet', '-b', 'topic');
      repo.write('prompts/a.yaml', textPrompt('Say good bye.'));
      commitAll(repo, 'Topic');
      repo.git('checkout', '--quiet', '--detach', 'main');
      repo.git('merge', '--quiet', '--no-ff', '--no-edit', 'topic');
      repo.git('push', '--quiet', 'origin', 'HEAD:refs/heads/trial', '--tags');
      const shallow = repo.clone('--depth=2', '--branch=trial', '--single-branch');
      const env = {
        ...repo.env,
        GITHUB_ACTIONS: 'true',
        GITHUB_REF: 'refs/pull/1/merge',
        GITHUB_HEAD_REF: 'topic',
        GITHUB_BASE_REF: 'main',
      };
      shallow.git('fetch', '--quiet', '--depth=1', 'origin', 'refs/tags/prompts/*:refs/tags/prompts/*');
      expect(rows(await call(shallow, diff, { base: 'HEAD^1' }, { env }))).toEqual([
        'a changed patch 1.0.0 1.1.0',
      ]);
    }));

  it('says that a prompt was broken at the base, and refuses a revision that is none', () =>
    withRepo({ files: { 'prompts/a.yaml': 'content: [\n' } }, async (repo) => {
      repo.git('checkout', '--quiet', '-b', 'topic');
      repo.write('prompts/a.yaml', textPrompt('Mended.'));
      commitAll(repo, 'Mend');
      const { base, diffs } = await call(repo, diff, { base: 'main' });
      expect(base?.prompts).toMatchObject([
        { prompt: 'a', state: 'changed', impact: null, reason: expect.stringContaining('at the base') },
      ]);
      expect(diffs).toEqual([]);
      for (const revision of ['nowhere', '--output=pwned', 'HEAD\n'])
        await expect(call(repo, diff, { base: revision })).rejects.toMatchObject({
          code: 'REVISION_NOT_FOUND',
        });
    }));
});
