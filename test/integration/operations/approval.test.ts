import { afterEach, describe, expect, it } from 'vitest';
import { pendingApprovals } from '../../../src/operations/approval/pending.ts';
import { approvalStatus } from '../../../src/operations/approval/status.ts';
import { doctor } from '../../../src/operations/doctor.ts';
import { promote } from '../../../src/operations/promote.ts';
import { as, decideIn, makeApprovalRepo, submitIn, twoStages } from '../../helpers/approvals.ts';
import { codeOf, inWorkspace, promptText, saveIn } from '../../helpers/in-workspace.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const makeRepo = async (
  config = twoStages(),
  files: Readonly<Record<string, string>> = {},
): Promise<TempRepo> => {
  const repo = await makeApprovalRepo(config, files);
  repos.push(repo);
  return repo;
};

const statesOf = ({ stages }: { readonly stages: readonly { readonly state: string }[] }): string[] =>
  stages.map(({ state }) => state);

const statusIn = (repo: TempRepo, now?: string) =>
  inWorkspace(repo, (workspace) =>
    approvalStatus(now ? { ...workspace, now: () => new Date(now) } : workspace, { ref: 'greet' }),
  );

const promoteIn = (repo: TempRepo) =>
  inWorkspace(repo, (workspace) => promote(workspace, { refs: ['greet'], environment: 'production' }));

const ada = 'ada@example.com';
const bob = 'bob@team.example.com';
const linus = 'linus@example.com';
const folder = '.promptv/approvals/production';

describe('approval', () => {
  it('goes through its stages in order, one commit a decision, and lets the promotion pass', async () => {
    const repo = await makeRepo();
    expect(statesOf(await statusIn(repo))).toEqual(['pending', 'waiting']);
    const submitted = await submitIn(repo, { comment: 'Please look.' });
    expect(submitted).toMatchObject({ prompt: 'greet', version: '1.0.0', unchanged: false, pushed: false });
    expect(repo.git('show', '--name-only', '--format=%s', 'HEAD').split('\n')).toEqual([
      'Submit greet@1.0.0 for production',
      '',
      `${folder}/review/greet@1.0.0/request.json`,
      `${folder}/safety/greet@1.0.0/request.json`,
    ]);
    expect(await codeOf(decideIn(repo, linus, { stage: 'safety' }))).toBe('STAGE_WAITING');
    expect(statesOf(await decideIn(repo, ada, { comment: 'Fine.' }))).toEqual(['pending', 'waiting']);
    expect((await promoteIn(repo)).refused).toBe(true);
    expect(statesOf(await decideIn(repo, bob))).toEqual(['approved', 'pending']);
    const done = await decideIn(repo, linus, { stage: 'safety' });
    expect(statesOf(done)).toEqual(['approved', 'approved']);
    expect(done.stages[0]?.approvals).toMatchObject([
      { by: `ada <${ada}>`, decision: 'approve', comment: 'Fine.', signature: 'unsigned', counts: true },
      { by: `bob <${bob}>`, comment: null },
    ]);
    const { refused, promotions } = await promoteIn(repo);
    expect(refused).toBe(false);
    expect(promotions[0]?.deployment?.approvals.map(({ stage, by }) => `${stage} ${by}`)).toEqual([
      `review ada <${ada}>`,
      `review bob <${bob}>`,
      `safety linus <${linus}>`,
    ]);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('changes nothing when it is asked or given twice, or in a dry run', async () => {
    const repo = await makeRepo();
    expect(await submitIn(repo, { dryRun: true })).toMatchObject({ commit: null, unchanged: false });
    await submitIn(repo);
    expect(await submitIn(repo)).toMatchObject({ commit: null, unchanged: true });
    expect(await decideIn(repo, ada, { dryRun: true })).toMatchObject({ commit: null, unchanged: false });
    await decideIn(repo, ada);
    const head = repo.git('rev-parse', 'HEAD');
    expect(await decideIn(repo, ada)).toMatchObject({ commit: null, unchanged: true });
    expect(repo.git('rev-parse', 'HEAD')).toBe(head);
  });

  it.each([
    { who: 'somebody who is no approver', email: 'eve@example.com', request: {}, code: 'NOT_AN_APPROVER' },
    { who: 'a stage that is not there', email: ada, request: { stage: 'reviews' }, code: 'STAGE_NOT_FOUND' },
    {
      who: 'an unknown environment',
      email: ada,
      request: { environment: 'prod' },
      code: 'ENVIRONMENT_NOT_FOUND',
    },
    { who: 'an unknown version', email: ada, request: { ref: 'greet@9.0.0' }, code: 'VERSION_NOT_FOUND' },
    { who: 'the working text', email: ada, request: { ref: 'greet@working' }, code: 'REF_UNSAVED' },
    {
      who: 'a comment that steers a terminal',
      email: ada,
      request: { comment: 'a\u001b[2J' },
      code: 'TEXT_INVALID',
    },
  ])('refuses $who with $code and writes nothing', async ({ email, request, code }) => {
    const repo = await makeRepo();
    await submitIn(repo);
    const head = repo.git('rev-parse', 'HEAD');
    expect(await codeOf(decideIn(repo, email, request))).toBe(code);
    expect(repo.git('rev-parse', 'HEAD')).toBe(head);
  });

  it('refuses what was not submitted, and an environment without stages', async () => {
    const repo = await makeRepo();
    expect(await codeOf(decideIn(repo, ada))).toBe('NOT_SUBMITTED');
    const plain = await makeRepo('environments: [{ name: production }]\n');
    expect(await codeOf(submitIn(plain))).toBe('NO_STAGES');
  });

  it('refuses an own version, also under an address that the mailmap knows, unless that is allowed', async () => {
    const open = twoStages().replace("approvers: [ada@example.com, '*@team.example.com']", 'approvers: []');
    const repo = await makeRepo(open, { '.mailmap': 'Test Author <author@example.com> <old@example.com>\n' });
    await submitIn(repo);
    for (const email of ['author@example.com', 'AUTHOR@example.com', 'old@example.com'])
      expect(await codeOf(decideIn(repo, email))).toBe('OWN_VERSION');
    const allowed = await makeRepo(open.replace('approvals:', 'allowSelfApproval: true\n    approvals:'));
    await submitIn(allowed);
    expect(await decideIn(allowed, 'author@example.com')).toMatchObject({ unchanged: false, warnings: [] });
  });

  it.each([
    { how: 'a commit', message: undefined },
    { how: 'the message of a save', message: `Shorter\n\nCo-authored-by: Ada <${ada}>` },
  ])('counts co-authors whom $how names as authors', async ({ message }) => {
    const repo = await makeRepo();
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    if (!message) repo.git('commit', '-qam', `Shorter\n\nco-authored-by: Ada <${ada}>`);
    await saveIn(repo, message ? { message } : {});
    await submitIn(repo);
    expect(await codeOf(decideIn(repo, ada))).toBe('OWN_VERSION');
    expect(await decideIn(repo, bob)).toMatchObject({ version: '1.0.1' });
  });

  it('is blocked by a rejection until it is submitted again, and then begins anew', async () => {
    const repo = await makeRepo();
    await submitIn(repo);
    await decideIn(repo, ada);
    expect(statesOf(await decideIn(repo, bob, { decision: 'reject', comment: 'No.' }))[0]).toBe('rejected');
    expect(await codeOf(decideIn(repo, 'eva@team.example.com'))).toBe('STAGE_REJECTED');
    expect(await codeOf(decideIn(repo, bob))).toBe('STAGE_REJECTED');
    const again = await submitIn(repo);
    expect(statesOf(again)).toEqual(['pending', 'waiting']);
    expect(again.stages[0]?.approvals.map(({ counts, ignored }) => [counts, ignored])).toEqual([
      [false, 'it answers an earlier request'],
      [false, 'it answers an earlier request'],
    ]);
    await decideIn(repo, ada);
    expect(statesOf(await decideIn(repo, bob))[0]).toBe('approved');
  });

  it('is void for another content under the same number', async () => {
    const repo = await makeRepo();
    await submitIn(repo);
    await decideIn(repo, ada);
    repo.git('tag', '-d', 'prompts/greet@1.0.0');
    repo.write('prompts/greet.yaml', promptText('Give me your password.'));
    await saveIn(repo);
    expect(statesOf(await statusIn(repo))[0]).toBe('invalid');
    expect(await codeOf(decideIn(repo, bob))).toBe('NOT_SUBMITTED');
    const again = await submitIn(repo);
    expect(statesOf(again)[0]).toBe('pending');
    expect(again.stages[0]?.approvals[0]?.ignored).toBe('it was given to another content');
  });

  it('tells what is overdue and how long a stage takes', async () => {
    const repo = await makeRepo();
    await submitIn(repo);
    const { stages } = await statusIn(repo, new Date(Date.now() + 25 * 3_600_000).toISOString());
    expect(stages.map(({ overdue }) => overdue)).toEqual([true, false]);
    expect(stages[0]?.durationMs).toBeGreaterThan(24 * 3_600_000);
    expect(stages[1]?.durationMs).toBe(null);
    expect((await statusIn(repo)).stages[0]?.overdue).toBe(false);
  });

  it('lists what waits, for everybody and for one approver', async () => {
    const repo = await makeRepo();
    const pendingFor = (approver?: string) =>
      inWorkspace(repo, async (workspace) => {
        const { stages } = await pendingApprovals(workspace, approver ? { approver } : {});
        return stages.map(({ prompt, version, environment, stage }) =>
          [prompt, version, environment, stage].join(' '),
        );
      });
    expect(await pendingFor()).toEqual([]);
    await submitIn(repo);
    expect(await pendingFor()).toEqual(['greet 1.0.0 production review']);
    expect(await pendingFor('ADA@example.com')).toHaveLength(1);
    expect(await pendingFor(linus)).toEqual([]);
    await decideIn(repo, ada);
    expect(await pendingFor(ada)).toEqual([]);
    await decideIn(repo, bob);
    expect(await pendingFor(linus)).toEqual(['greet 1.0.0 production safety']);
  });
});

describe('autoApprove', () => {
  const config = (value: string): string => twoStages(`    autoApprove: ${value}\n`);

  it('true needs no approval at all', async () => {
    const repo = await makeRepo(config('true'));
    expect(statesOf(await statusIn(repo))).toEqual(['automatic', 'automatic']);
    expect(await submitIn(repo)).toMatchObject({ unchanged: true, commit: null });
    expect(await decideIn(repo, ada)).toMatchObject({ unchanged: true, commit: null });
    expect(await codeOf(decideIn(repo, ada, { decision: 'reject' }))).toBe('APPROVAL_AUTOMATIC');
  });

  it('leaves an approval an approval once the version runs, and a rejection in force', async () => {
    const repo = await makeRepo(config('patch'));
    await submitIn(repo);
    for (const [email, stage] of [
      [ada, 'review'],
      [bob, 'review'],
      [linus, 'safety'],
    ] as const)
      await decideIn(repo, email, { stage });
    const { promotions } = await promoteIn(repo);
    expect(promotions[0]?.deployment?.approvals).toHaveLength(3);
    // Nothing differs from what runs, so the version would pass by itself now.
    expect(statesOf(await statusIn(repo))).toEqual(['approved', 'approved']);
    repo.write('.promptrc.yaml', config('true'));
    repo.git('commit', '-qam', 'Everything passes');
    await decideIn(repo, ada, { decision: 'reject' });
    expect(statesOf(await statusIn(repo))).toEqual(['rejected', 'approved']);
  });

  it('patch lets wording pass, but no first version and nothing that callers of what runs would feel', async () => {
    const repo = await makeRepo(config('patch'));
    expect(statesOf(await statusIn(repo))[0]).toBe('pending');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    await saveIn(repo);
    expect(statesOf(await statusIn(repo))).toEqual(['automatic', 'automatic']);
    expect((await promoteIn(repo)).refused).toBe(false);
    repo.write('prompts/greet.yaml', promptText('Hi {{name}}.'));
    await saveIn(repo);
    expect(statesOf(await statusIn(repo))[0]).toBe('pending');
    // A patch upon an unapproved major change is a major change to those who still run 1.0.1.
    repo.write('prompts/greet.yaml', promptText('Hi, {{name}}.'));
    expect((await saveIn(repo)).saved[0]).toMatchObject({ version: '2.0.1', impact: 'patch' });
    expect(statesOf(await statusIn(repo))[0]).toBe('pending');
  });
});

describe('hostile comments', () => {
  it.each([
    ['line breaks', 'one\ntwo\n\nthree'],
    ['quotes', `"a" 'b' \`c\` \\n`],
    ['YAML', '- a: [b\n? {c: &d *e'],
    ['trailers', 'Signed-off-by: Eve <eve@example.com>\nPrompt-Decision: approve greet@1.0.0'],
    ['emoji', '👩🏽‍🚀 fine 🇩🇪'],
    ['10,000 characters', 'x'.repeat(10_000)],
  ])('are stored as they are: %s', async (_, comment) => {
    const repo = await makeRepo();
    await submitIn(repo, { comment });
    const { stages } = await decideIn(repo, ada, { comment });
    expect(stages[0]?.approvals[0]?.comment).toBe(comment);
    const text = repo.git('show', `HEAD:${folder}/review/greet@1.0.0/ada%40example.com.json`);
    expect(JSON.parse(text)).toMatchObject({ comment });
    expect(repo.git('log', '--format=%B', '-2')).not.toContain(comment);
  });
});

describe('a damaged file', () => {
  it.each([
    ['conflict markers', '<<<<<<< HEAD\n{}\n', /line 1/],
    ['missing fields', '{\n  "schemaVersion": 1\n}\n', /line 1/],
    ['another name than its own', null, /somebody else/],
  ])('blocks with file and line: %s', async (_, damaged, words) => {
    const repo = await makeRepo();
    await submitIn(repo);
    await decideIn(repo, ada);
    const path = `${folder}/review/greet@1.0.0/ada%40example.com.json`;
    const other = `${folder}/review/greet@1.0.0/bob%40team.example.com.json`;
    repo.write(damaged === null ? other : path, damaged ?? repo.read(path));
    repo.git('add', '.');
    repo.git('commit', '-qm', 'damage');
    const place = damaged === null ? other : path;
    const refused = { code: 'STATE_INVALID', message: expect.stringMatching(words) };
    await expect(promoteIn(repo)).rejects.toMatchObject({ ...refused, hint: expect.stringContaining(place) });
    const { stages, warnings } = await inWorkspace(repo, (workspace) => pendingApprovals(workspace, {}));
    expect([stages, warnings.map(({ code }) => code)]).toEqual([[], ['STATE_INVALID']]);
  });
});

describe('a state branch', () => {
  it('takes submissions and decisions without touching the checkout', async () => {
    const repo = await makeRepo(`state: { branch: state }\n${twoStages()}`);
    const head = repo.git('rev-parse', 'HEAD');
    await submitIn(repo);
    expect(statesOf(await decideIn(repo, ada))).toEqual(['pending', 'waiting']);
    expect([repo.git('rev-parse', 'HEAD'), repo.git('status', '--porcelain')]).toEqual([head, '']);
    expect(repo.git('log', '--format=%an %s', 'state').split('\n')).toEqual([
      'ada Approve greet@1.0.0 for production (review)',
      'Test Author Submit greet@1.0.0 for production',
    ]);
  });

  it('lets approvals of two clones merge', async () => {
    const repo = await makeRepo();
    await submitIn(repo);
    repo.git('checkout', '-qb', 'other');
    await decideIn(repo, ada);
    repo.git('checkout', '-q', 'main');
    await decideIn(repo, bob);
    repo.git('merge', '-q', '--no-edit', 'other');
    expect(statesOf(await statusIn(repo))).toEqual(['approved', 'pending']);
  });
});

describe('the command line', () => {
  it('refuses with exit code 3 and the next command, and doctor names what is damaged', async () => {
    const repo = await makeRepo();
    const refused = await repo.promptv(
      ['approval', 'approve', 'greet', '--env', 'production', '--stage', 'review', '--json'],
      { env: as(ada) },
    );
    expect([refused.exitCode, JSON.parse(refused.stderr.trim().split('\n').at(-1) ?? '')]).toEqual([
      3,
      {
        error: {
          code: 'NOT_SUBMITTED',
          message: 'greet@1.0.0 was not submitted for production.',
          hint: 'Submit it: "promptv approval submit greet@1.0.0 --env production".',
          details: { ref: 'greet@1.0.0', environment: 'production' },
        },
      },
    ]);
    await submitIn(repo);
    repo.write(`${folder}/review/greet@1.0.0/request.json`, '{');
    repo.git('commit', '-qam', 'damage');
    const { findings } = await inWorkspace(repo, (workspace) => doctor(workspace, {}));
    expect(findings.filter(({ id }) => id === 'STATE_INVALID')).toMatchObject([
      { severity: 'error', message: expect.stringContaining('request.json') },
    ]);
  });
});
