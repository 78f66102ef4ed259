import { afterEach, describe, expect, it } from 'vitest';
import { type AnnotateRequest, annotate } from '../../../src/operations/annotate.ts';
import { list } from '../../../src/operations/list.ts';
import { log } from '../../../src/operations/log.ts';
import { promote } from '../../../src/operations/promote.ts';
import { makeApprovalRepo } from '../../helpers/approvals.ts';
import { codeOf, inWorkspace, promptText, saveIn } from '../../helpers/in-workspace.ts';
import { withGitCounter } from '../../helpers/kill-points.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const config = 'environments: [{ name: staging }, { name: production }]\n';

/** `greet` with the versions 1.0.0, 1.0.1 and 1.0.2. */
const makeRepo = async (): Promise<TempRepo> => {
  const repo = await makeApprovalRepo(config);
  repos.push(repo);
  for (const text of ['Hi.', 'Hey.']) {
    repo.write('prompts/greet.yaml', promptText(text));
    await saveIn(repo);
  }
  return repo;
};

const annotateIn = (repo: TempRepo, request: Partial<AnnotateRequest> = {}, now?: string) =>
  inWorkspace(repo, (workspace) =>
    annotate(now ? { ...workspace, now: () => new Date(now) } : workspace, {
      ref: 'greet@1.0.0',
      text: 'Too long.',
      ...request,
    }),
  );

const promoteIn = (repo: TempRepo, ref: string, environment: string) =>
  inWorkspace(repo, (workspace) => promote(workspace, { refs: [ref], environment }));

const statusesOf = (repo: TempRepo) =>
  inWorkspace(repo, async (workspace) => {
    const { versions } = await log(workspace, { name: 'greet' });
    return versions.map(({ version, status, environments }) => [version, status, ...environments].join(' '));
  });

describe('annotate', () => {
  it('adds one file in one commit, and nothing when it is said twice', async () => {
    const repo = await makeRepo();
    const { annotation, commit } = await annotateIn(repo);
    expect(annotation).toMatchObject({ prompt: 'greet', version: '1.0.0', text: 'Too long.', mark: null });
    expect(repo.git('show', '--name-only', '--format=', 'HEAD')).toBe(
      `.promptv/annotations/greet@1.0.0/${annotation.id}.json`,
    );
    expect(await annotateIn(repo)).toMatchObject({ annotation, unchanged: true, commit: null });
    expect(repo.git('rev-parse', 'HEAD')).toBe(commit);
    expect(await annotateIn(repo, { text: 'Other.', dryRun: true })).toMatchObject({ commit: null });
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('says where a version runs that is archived, and the command that ends it', async () => {
    const repo = await makeRepo();
    await promoteIn(repo, 'greet@1.0.0', 'staging');
    const warned = [
      {
        code: 'ARCHIVED_RUNS',
        message: expect.stringMatching(
          /^staging runs greet@1\.0\.0 .*"promptv rollback greet --env staging"/,
        ),
      },
    ];
    const archived = { mark: 'archived', dryRun: true } as const;
    expect((await annotateIn(repo, archived)).warnings).toEqual(warned);
    expect((await annotateIn(repo, { ...archived, dryRun: false })).warnings).toEqual(warned);
    for (const quiet of [{ ref: 'greet@1.0.1', mark: 'archived' }, { mark: 'deprecated' }, {}] as const)
      expect((await annotateIn(repo, quiet)).warnings).toEqual([]);
  });

  it('sets and lifts marks; the one said last holds, whatever the clock says', async () => {
    const repo = await makeRepo();
    await annotateIn(repo, { mark: 'archived' }, '2030-01-01T00:00:00Z');
    expect((await promoteIn(repo, 'greet@1.0.0', 'staging')).refused).toBe(true);
    await annotateIn(repo, { mark: 'deprecated', text: 'Again.' }, '2020-01-01T00:00:00Z');
    expect((await statusesOf(repo)).at(-1)).toBe('1.0.0 deprecated');
    await annotateIn(repo, { text: 'A remark without a mark.' });
    expect((await statusesOf(repo)).at(-1)).toBe('1.0.0 deprecated');
    await annotateIn(repo, { mark: 'none', text: 'Useful after all.' });
    expect((await statusesOf(repo)).at(-1)).toBe('1.0.0 draft');
    expect((await promoteIn(repo, 'greet@1.0.0', 'staging')).refused).toBe(false);
  });

  it.each([
    ['an empty remark', { text: ' \n' }, 'TEXT_INVALID'],
    ['a control character', { text: 'a\u0007' }, 'TEXT_INVALID'],
    ['an unknown version', { ref: 'greet@3.0.0' }, 'VERSION_NOT_FOUND'],
    ['the working text', { ref: 'greet@working' }, 'REF_UNSAVED'],
  ])('refuses %s', async (_, request, code) => {
    const repo = await makeRepo();
    expect(await codeOf(annotateIn(repo, request))).toBe(code);
  });

  it.each([
    'one\ntwo',
    'Signed-off-by: a <b@c.d>',
    '- {a: "b',
    '😀'.repeat(5_000),
  ])('keeps hostile text as it is (%#)', async (text) => {
    const repo = await makeRepo();
    const { annotation } = await annotateIn(repo, { text });
    const path = `.promptv/annotations/greet@1.0.0/${annotation.id}.json`;
    expect(JSON.parse(repo.git('show', `HEAD:${path}`))).toMatchObject({ text });
  });
});

describe('the status of a version', () => {
  it('follows where it runs and ran, and marks go before', async () => {
    const repo = await makeRepo();
    for (const [version, environment] of [
      ['1.0.0', 'production'],
      ['1.0.1', 'production'],
      ['1.0.2', 'staging'],
    ])
      await promoteIn(repo, `greet@${version}`, environment ?? '');
    expect(await statusesOf(repo)).toEqual([
      '1.0.2 testing staging',
      '1.0.1 production production',
      '1.0.0 superseded',
    ]);
    await annotateIn(repo, { ref: 'greet@1.0.1', mark: 'archived' });
    expect((await statusesOf(repo))[1]).toBe('1.0.1 archived production');
    const all = await inWorkspace(repo, (workspace) => log(workspace, {}));
    expect(all.versions.map(({ status }) => status)).toEqual(['testing', 'archived', 'superseded']);
  });

  it('costs log no further git process', async () => {
    const repo = await makeRepo();
    await promoteIn(repo, 'greet', 'staging');
    await annotateIn(repo, { mark: 'deprecated' });
    const counter = withGitCounter(repo);
    const { versions } = await inWorkspace(repo, (workspace) => log(workspace, { name: 'greet' }), {
      env: counter.env,
    });
    expect(versions.map(({ status }) => status)).toEqual(['testing', 'draft', 'deprecated']);
    expect(counter.calls().length).toBeLessThanOrEqual(3);
  });

  it('of a damaged file is a warning, not a failure', async () => {
    const repo = await makeRepo();
    const { annotation } = await annotateIn(repo, { mark: 'archived' });
    repo.write(`.promptv/annotations/greet@1.0.0/${annotation.id}.json`, '{');
    repo.git('commit', '-qam', 'damage');
    const result = await inWorkspace(repo, (workspace) => log(workspace, { name: 'greet' }));
    expect(result.versions).toHaveLength(3);
    expect(result.warnings.map(({ code }) => code)).toEqual(['STATE_INVALID']);
    expect(await codeOf(promoteIn(repo, 'greet', 'staging'))).toBe('STATE_INVALID');
  });
});

describe('list', () => {
  it('shows where prompts run, also those whose file is gone', async () => {
    const repo = await makeRepo();
    await promoteIn(repo, 'greet@1.0.1', 'production');
    await promoteIn(repo, 'greet', 'staging');
    const listIn = (environment?: string) =>
      inWorkspace(
        repo,
        async (workspace) => (await list(workspace, environment ? { environment } : {})).prompts,
      );
    expect(await listIn('production')).toMatchObject([
      { prompt: 'greet', state: 'clean', environments: { staging: '1.0.2', production: '1.0.1' } },
    ]);
    repo.git('rm', '-q', 'prompts/greet.yaml');
    repo.git('commit', '-qm', 'Remove');
    expect(await listIn()).toMatchObject([
      { prompt: 'greet', state: 'deleted', version: '1.0.2', path: null },
    ]);
  });
});

describe('the mark archived on the candidate of a rollout', () => {
  it('says that nobody is served it any more, and what ends the rollout', async () => {
    const repo = await makeRepo();
    await promoteIn(repo, 'greet@1.0.0', 'staging');
    await inWorkspace(repo, (workspace) =>
      promote(workspace, { refs: ['greet@1.0.1'], environment: 'staging', strategy: 'gradual' }),
    );
    expect((await annotateIn(repo, { ref: 'greet@1.0.1', mark: 'archived' })).warnings).toEqual([
      {
        code: 'ARCHIVED_RUNS',
        message: expect.stringMatching(
          /^greet@1\.0\.1 is the candidate .* nobody is served it .*"promptv rollout abort greet --env staging"/,
        ),
      },
    ]);
  });
});
