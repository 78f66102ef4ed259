import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { commitSignature } from '../../../src/git/signatures.ts';
import { approvalStatus } from '../../../src/operations/approval/status.ts';
import { promote } from '../../../src/operations/promote.ts';
import { as, decideIn, makeApprovalRepo, makeKeys, submitIn } from '../../helpers/approvals.ts';
import { codeOf, inWorkspace } from '../../helpers/in-workspace.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const ada = 'ada@example.com';
const mallory = 'mallory@example.com';
const path = '.promptv/approvals/production/review/greet@1.0.0/ada%40example.com.json';

const config = (signed: boolean): string => `environments:
  - name: production
    signed: ${signed}
    approvals: [{ name: review, approvers: [${ada}] }]
`;

const makeRepo = async (signed = true) => {
  const repo = await makeApprovalRepo(config(signed));
  repos.push(repo);
  const keys = makeKeys(repo, [ada, mallory]);
  await submitIn(repo);
  return { repo, ...keys };
};

const stageOf = (repo: TempRepo) =>
  inWorkspace(repo, async (workspace) => (await approvalStatus(workspace, { ref: 'greet' })).stages[0]);

/** Commits what is there as `author`, signed with somebody's key or not. */
const commitAs = (
  repo: TempRepo,
  author: string,
  { key, message = 'Approve' }: { readonly key?: string; readonly message?: string } = {},
): void => {
  repo.git('add', '.promptv');
  const signing = key === undefined ? [] : ['-c', `user.signingKey=${join(repo.root, 'home', key)}.pub`];
  const sign = key === undefined ? [] : ['-S'];
  repo.git(...signing, 'commit', '-q', ...sign, `--author=Ada <${author}>`, '-m', message);
};

describe('with signed: true', () => {
  it('an approval is signed by itself, and counts', async () => {
    const { repo, keyOf } = await makeRepo();
    const { stages, warnings } = await decideIn(repo, ada, {}, keyOf(ada));
    expect(stages[0]).toMatchObject({ state: 'approved', approvals: [{ signature: 'valid', counts: true }] });
    expect(warnings).toEqual([]);
    repo.git('verify-commit', 'HEAD');
    expect(
      await inWorkspace(repo, ({ repository }) => commitSignature(repository, repo.git('rev-parse', 'HEAD'))),
    ).toEqual({ state: 'good', principal: ada });
  });

  it("a decision under another's name, signed with the own trusted key, is refused and taken back", async () => {
    const { repo, keyOf } = await makeRepo();
    const head = repo.git('rev-parse', 'HEAD');
    expect(await codeOf(decideIn(repo, ada, {}, keyOf(mallory)))).toBe('SIGNATURE_REFUSED');
    expect([repo.git('rev-parse', 'HEAD'), repo.git('status', '--porcelain')]).toEqual([head, '']);
    // The real approver can still decide.
    expect((await decideIn(repo, ada, {}, keyOf(ada))).stages[0]).toMatchObject({ state: 'approved' });
  });

  it.each([
    { what: 'an unsigned commit', key: undefined, signature: 'unsigned' },
    { what: "another's trusted key", key: mallory, signature: 'other' },
    { what: "the approver's key", key: ada, signature: 'valid' },
  ])('a file that was written by hand and committed with $what is $signature', async ({ key, signature }) => {
    const { repo, keyOf } = await makeRepo();
    await decideIn(repo, ada, {}, keyOf(ada));
    const text = repo.read(path);
    repo.git('reset', '-q', '--hard', 'HEAD~1');
    repo.write(path, text);
    commitAs(repo, ada, key === undefined ? {} : { key });
    expect(await stageOf(repo)).toMatchObject({
      state: signature === 'valid' ? 'approved' : 'pending',
      approvals: [{ signature, counts: signature === 'valid' }],
    });
    const { refused } = await inWorkspace(
      repo,
      (workspace) => promote(workspace, { refs: ['greet'], environment: 'production', dryRun: true }),
      { env: as(mallory) },
    );
    expect(refused).toBe(signature !== 'valid');
  });

  it('what somebody changed later, unsigned, counts no more; a merge of the signed commit does', async () => {
    const { repo, keyOf } = await makeRepo();
    repo.git('checkout', '-qb', 'pull');
    await decideIn(repo, ada, {}, keyOf(ada));
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '--no-edit', 'pull');
    expect(await stageOf(repo)).toMatchObject({ state: 'approved' });
    repo.write(path, repo.read(path).replace('"comment": null', '"comment": "More."'));
    commitAs(repo, ada);
    expect(await stageOf(repo)).toMatchObject({ state: 'pending', approvals: [{ signature: 'unsigned' }] });
  });

  it('a squash merge destroys the signature', async () => {
    const { repo, keyOf } = await makeRepo();
    repo.git('checkout', '-qb', 'pull');
    await decideIn(repo, ada, {}, keyOf(ada));
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--squash', 'pull');
    commitAs(repo, ada);
    expect(await stageOf(repo)).toMatchObject({ state: 'pending', approvals: [{ signature: 'unsigned' }] });
  });

  it('a key that the list no longer trusts signs for nobody', async () => {
    const { repo, keyOf, signers } = await makeRepo();
    await decideIn(repo, ada, {}, keyOf(ada));
    writeFileSync(signers, '');
    expect(await stageOf(repo)).toMatchObject({ state: 'pending', approvals: [{ signature: 'other' }] });
    repo.git('config', '--global', '--unset', 'gpg.ssh.allowedSignersFile');
    expect(await stageOf(repo)).toMatchObject({ state: 'pending', approvals: [{ signature: 'unknown' }] });
  });

  it('the oldest commit of a shallow clone vouches for nothing that it did not add', async () => {
    const { repo, keyOf } = await makeRepo();
    await decideIn(repo, ada, {}, keyOf(ada));
    repo.write('note.txt', 'x');
    repo.git('add', 'note.txt');
    commitAs(repo, ada, { key: ada, message: 'Something else' });
    const shallow = repo.clone('--depth=1');
    repos.push(shallow);
    shallow.git('fetch', '-q', '--depth=1', 'origin', 'refs/tags/*:refs/tags/*');
    expect(await stageOf(shallow)).toMatchObject({ state: 'pending', approvals: [{ signature: 'unknown' }] });
  });

  it.each([
    ['inside the work tree', (repo: TempRepo) => join(repo.dir, 'signers')],
    ['named by a relative path', () => 'signers'],
  ])('a list of trusted keys %s is refused', async (_, pathOf) => {
    const { repo, keyOf, signers } = await makeRepo();
    await decideIn(repo, ada, {}, keyOf(ada));
    repo.write('signers', repo.read(signers));
    repo.git('config', 'gpg.ssh.allowedSignersFile', pathOf(repo));
    expect(await codeOf(stageOf(repo))).toBe('SIGNERS_UNTRUSTED');
  });

  it('a configuration inside the work tree cannot name the trusted keys', async () => {
    const { repo, keyOf, signers } = await makeRepo();
    await decideIn(repo, ada, {}, keyOf(ada));
    repo.write('.gitconfig', `[gpg "ssh"]\n\tallowedSignersFile = ${signers}\n`);
    repo.git('config', 'include.path', '../.gitconfig');
    expect(await codeOf(stageOf(repo))).toBe('SIGNERS_UNTRUSTED');
  });
});

describe('without signed', () => {
  it('a spoofed approval counts and shows as unsigned', async () => {
    const { repo } = await makeRepo(false);
    await decideIn(repo, ada);
    expect(await stageOf(repo)).toMatchObject({ state: 'approved', approvals: [{ signature: 'unsigned' }] });
  });
});
