import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diff, render, save, status } from '../../../src/index.ts';
import { projectRoot, type TempRepo } from '../../helpers/temp-repo.ts';
import { call, textPrompt, withRepo } from '../../helpers/work-in.ts';

const replace = (
  repo: TempRepo,
  path: string,
  edits: readonly (readonly [from: string, to: string])[],
): void => {
  const text = edits.reduce((before, [from, to]) => {
    expect(before.split(from)).toHaveLength(2);
    return before.replace(from, to);
  }, repo.read(path));
  repo.write(path, text);
};

const triage = 'prompts/support/triage.yaml';

describe.concurrent('diff', () => {
  it('names and grades every change, apart from the text', () =>
    withRepo({ prompts: ['support/triage.yaml'] }, async (repo) => {
      await call(repo, save, {});
      replace(repo, triage, [
        ['Capitals and threats do not raise', 'Capitals, threats and flattery do not change'],
        ['    enum: [free, team, enterprise]', '    enum: [free, team]'],
        ['  temperature: 0\n', '  temperature: 0.2\n'],
        ['\nvariables:\n', '\nvariables:\n  - name: locale\n    type: string\n    default: en\n'],
        ['category: support\n', 'category: helpdesk\n'],
      ]);
      const [found] = (await call(repo, diff, {})).diffs;
      const graded = found?.changes.map(({ path, kind, impact }) => `${impact} ${kind} ${path}`);
      expect(graded).toEqual(
        expect.arrayContaining([
          'major changed variables.plan.enum',
          'minor added variables.locale',
          'minor changed modelParameters.temperature',
          'patch changed messages[0].content',
          'patch changed category',
        ]),
      );
      expect(found).toMatchObject({
        prompt: 'support/triage',
        from: '1.0.0',
        to: 'working',
        impact: 'major',
      });
      expect(found?.changes.find(({ path }) => path === 'modelParameters.temperature')).toMatchObject({
        before: 0,
        after: 0.2,
      });
      const { before, after } = found ?? {};
      expect(after?.tokens).toBeGreaterThan(before?.tokens ?? Number.NaN);
      expect(found?.metrics).toBeNull();
    }));

  it('writes a patch that git applies', () =>
    withRepo(
      { prompts: ['support/triage.yaml'], files: { 'prompts/a.yaml': 'content: no end' } },
      async (repo) => {
        await call(repo, save, {});
        replace(repo, triage, [['category: support\n', 'category: helpdesk\n']]);
        repo.write('prompts/a.yaml', 'content: an end\n');
        const edited = [repo.read(triage), repo.read('prompts/a.yaml')];
        const { diffs } = await call(repo, diff, {});
        repo.git('checkout', '--quiet', '--', 'prompts');
        for (const { patch } of diffs)
          execFileSync('git', ['apply', '-'], { cwd: repo.dir, env: repo.env, input: patch });
        expect([repo.read(triage), repo.read('prompts/a.yaml')]).toEqual(edited);
        for (const { patch } of diffs)
          execFileSync('git', ['apply', '--reverse', '-'], { cwd: repo.dir, env: repo.env, input: patch });
        expect(repo.git('status', '--short')).toBe('');
      },
    ));

  it('says which files it left out because they cannot be read', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', 'content: [');
      expect(await call(repo, diff, {})).toMatchObject({
        diffs: [],
        warnings: [{ code: 'PROMPT_INVALID', message: expect.stringContaining('prompts/a.yaml') }],
      });
      await expect(call(repo, diff, { operands: ['a'] })).rejects.toMatchObject({ code: 'PROMPT_INVALID' });
    }));

  it('leaves out what the configuration and the file system would: excluded, hidden, linked', () =>
    withRepo({}, async (repo) => {
      repo.write('.promptrc.yaml', 'prompts:\n  exclude: ["drafts/**"]\n');
      repo.write('prompts/a.yaml', textPrompt('One'));
      repo.write('prompts/drafts/broken.yaml', 'content: [');
      repo.write('prompts/.hidden/b.yaml', 'content: [');
      repo.write('prompts/c.yaml', textPrompt('One'));
      repo.write('prompts/c.json', '{"content":"Two"}');
      repo.git('add', '.');
      const { prompts } = await call(repo, status, { staged: true });
      expect(prompts.map(({ prompt, state }) => `${prompt} ${state}`)).toEqual([
        'a new',
        'c invalid',
        'c invalid',
      ]);
    }));

  it('compares with what git is about to commit', () =>
    withRepo({ files: { 'prompts/a.yaml': textPrompt('One') } }, async (repo) => {
      await call(repo, save, {});
      repo.write('prompts/a.yaml', textPrompt('Staged'));
      repo.git('add', 'prompts/a.yaml');
      repo.write('prompts/a.yaml', textPrompt('On disk'));
      const [found] = (await call(repo, diff, { operands: ['a'], staged: true })).diffs;
      expect(found).toMatchObject({ to: 'staged', after: { text: textPrompt('Staged') } });
      expect((await call(repo, diff, { staged: true })).diffs).toMatchObject([
        { after: { text: textPrompt('Staged') } },
      ]);
    }));

  it('leaves a name that a partial brings to the impact of those who include it', () =>
    withRepo(
      { files: { 'prompts/p.yaml': textPrompt('P'), 'prompts/a.yaml': textPrompt('{{> p}}') } },
      async (repo) => {
        await call(repo, save, {});
        repo.write('prompts/p.yaml', textPrompt('P {{who}}'));
        const { diffs } = await call(repo, diff, { operands: ['a'] });
        expect(diffs[0]?.changes.map(({ path, kind, impact }) => `${impact} ${kind} ${path}`)).toEqual(
          expect.arrayContaining(['major changed pins.p', 'major added variables.who']),
        );
      },
    ));
});

describe('a file of GitHub Models', () => {
  const path = 'prompts/code/review-diff.prompt.yml';
  const text = readFileSync(join(projectRoot, path), 'utf8');

  it('is saved, rendered and compared unchanged', () =>
    withRepo({ files: { [path]: text } }, async (repo) => {
      expect((await call(repo, save, {})).saved).toMatchObject([{ prompt: 'code/review-diff', path }]);
      expect(repo.read(path)).toBe(text);
      expect(repo.git('show', `prompts/code/review-diff@1.0.0:${path}`)).toBe(text.trimEnd());
      const names = [...(text.split('\ntestData:')[0] ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(
        ([, name = '']) => name,
      );
      const textVariables = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
      const rendered = await call(repo, render, { ref: 'code/review-diff@latest', textVariables });
      expect(rendered.messages?.map(({ role }) => role)).toEqual(['system', 'user']);
      for (const name of names) expect(rendered.text).toContain(`<${name}>`);
      expect(rendered.text).not.toContain('{{');
      expect((await call(repo, diff, { operands: ['code/review-diff'] })).diffs).toMatchObject([
        { patch: '', changes: [], impact: 'none' },
      ]);
    }));
});
