import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { annotate } from '../../../src/operations/annotate.ts';
import { type AuditRequest, audit } from '../../../src/operations/audit.ts';
import { promote } from '../../../src/operations/promote.ts';
import { as, decideIn, makeApprovalRepo, makeKeys, submitIn } from '../../helpers/approvals.ts';
import { codeOf, inWorkspace, promptText, saveIn } from '../../helpers/in-workspace.ts';
import { withGitCounter } from '../../helpers/kill-points.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';

const ada = 'ada@example.com';
const config = `environments:
  - name: production
    approvals: [{ name: review, approvers: [${ada}] }]
`;

const twoStages = config.replace(']\n', `, { name: safety, approvers: [${ada}] }]\n`);

let repo: TempRepo;
beforeAll(async () => {
  repo = await makeApprovalRepo(twoStages);
  const { keyOf } = makeKeys(repo, [ada]);
  await submitIn(repo, { comment: 'Please.' });
  repo.git('config', 'commit.gpgSign', 'true');
  await decideIn(repo, ada, { comment: 'Fine,\n"really"' }, keyOf(ada));
  await decideIn(repo, ada, { stage: 'safety' }, keyOf(ada));
  repo.git('config', 'commit.gpgSign', 'false');
  await inWorkspace(repo, async (workspace) => {
    await promote(workspace, { refs: ['greet'], environment: 'production', reason: 'Launch' });
    await annotate(workspace, { ref: 'greet', text: 'Too short.', mark: 'deprecated' });
  });
  repo.write('.promptrc.yaml', `${twoStages}requireMessage: true\n`);
  repo.git('commit', '-qam', 'Require messages');
  repo.write('prompts/other.yaml', promptText('Other.'));
  await saveIn(repo, { message: 'Another one' });
});
afterAll(() => repo.remove());

const auditIn = (request: AuditRequest = {}) => inWorkspace(repo, (workspace) => audit(workspace, request));

const whatOf = async (request: AuditRequest) => (await auditIn(request)).entries.map(({ what }) => what);

describe('audit', () => {
  it('tells everything of a prompt, newest first, with who, why, commit and signature', async () => {
    const { entries } = await auditIn({ name: 'greet' });
    // The test's own clock stands still for git: the tag is older than every decision.
    expect(entries.map(({ what, stage, by, why, signature }) => [what, stage, by, why, signature])).toEqual([
      ['mark', null, 'Test Author <author@example.com>', 'deprecated: Too short.', 'unsigned'],
      ['promote', null, 'Test Author <author@example.com>', 'Launch', 'unsigned'],
      ['approve', 'safety', `ada <${ada}>`, null, 'valid'],
      ['approve', 'review', `ada <${ada}>`, 'Fine,\n"really"', 'valid'],
      ['submit', null, 'Test Author <author@example.com>', 'Please.', 'unsigned'],
      ['save', null, 'Test Author <author@example.com>', null, 'unsigned'],
    ]);
    expect(entries.every(({ commit }) => /^[0-9a-f]{40}$/.test(commit))).toBe(true);
    expect(entries[1]).toMatchObject({ prompt: 'greet', version: '1.0.0', environment: 'production' });
  });

  it('holds the configuration and all prompts without a name', async () => {
    const what = await whatOf({});
    expect(what.filter((each) => each === 'configuration')).toHaveLength(2);
    expect(what.filter((each) => each === 'save')).toHaveLength(2);
  });

  it('can be narrowed to a time and a person', async () => {
    expect(await whatOf({ by: 'ADA@' })).toEqual(['approve', 'approve']);
    expect(await whatOf({ since: '1h' })).toEqual(['mark', 'promote', 'approve', 'approve', 'submit']);
    expect(await whatOf({ since: '2999-01-01' })).toEqual([]);
    expect(await codeOf(auditIn({ since: 'yesterday' }))).toBe('TIME_INVALID');
    expect(await codeOf(auditIn({ name: 'geet' }))).toBe('PROMPT_NOT_FOUND');
  });

  it('starts no more processes for a longer trail', async () => {
    const counter = withGitCounter(repo);
    await inWorkspace(repo, (workspace) => audit(workspace, {}), { env: counter.env });
    expect(counter.calls().length).toBeLessThanOrEqual(6);
  });

  it('says of every signed tag whether git accepts it as the own one of who saved', async () => {
    const signed = await makeApprovalRepo(config);
    try {
      const [lin, eve] = ['lin@example.com', 'eve@example.com'];
      const { keyOf, signers } = makeKeys(signed, [ada, lin, eve]);
      writeFileSync(signers, readFileSync(signers, 'utf8').replace(/^eve@.*\n/m, ''));
      signed.git('config', 'tag.gpgSign', 'true');
      const saveAs = (text: string, person: string, key: string) => {
        signed.write('prompts/greet.yaml', promptText(text));
        return saveIn(signed, {}, { env: { ...as(person), ...keyOf(key) } });
      };
      await saveAs('Own key', ada, ada);
      await saveAs('Key of another', ada, lin);
      await saveAs('Key of nobody', eve, eve);
      await saveAs('Forged', ada, ada);
      const tag = 'refs/tags/prompts/greet@1.0.4';
      const text = signed.git('cat-file', 'tag', tag).replace(/^tagger ada/m, 'tagger Ada');
      signed.write('.git/forged', `${text}\n`);
      signed.git('update-ref', tag, signed.git('hash-object', '-t', 'tag', '-w', '.git/forged'));
      const signaturesIn = (env: Record<string, string> = {}) =>
        inWorkspace(signed, (workspace) => audit(workspace, { name: 'greet' }), { env }).then(({ entries }) =>
          Object.fromEntries(entries.map(({ version, signature }) => [version, signature])),
        );
      const counter = withGitCounter(signed);
      expect(await signaturesIn(counter.env)).toEqual({
        '1.0.0': 'unsigned',
        '1.0.1': 'valid',
        '1.0.2': 'other',
        '1.0.3': 'other',
        '1.0.4': 'other',
      });
      expect(counter.calls().filter((call) => call.startsWith('verify-tag '))).toHaveLength(1);
      signed.git('config', '--global', '--unset', 'gpg.ssh.allowedSignersFile');
      expect(await signaturesIn()).toMatchObject({ '1.0.0': 'unsigned', '1.0.1': 'unknown' });
    } finally {
      signed.remove();
    }
  });

  it('names what was changed by hand', async () => {
    const damaged = await makeApprovalRepo(config);
    try {
      await submitIn(damaged);
      await decideIn(damaged, ada);
      await inWorkspace(damaged, (workspace) =>
        promote(workspace, { refs: ['greet'], environment: 'production' }),
      );
      const path = '.promptv/environments/production/greet.json';
      damaged.write(path, damaged.read(path).replace('"reason": null', '"reason": "nice"'));
      damaged.git('rm', '-q', '-r', '.promptv/approvals');
      damaged.git('commit', '-qam', 'Tidy up');
      const { entries } = await inWorkspace(damaged, (workspace) => audit(workspace, { name: 'greet' }));
      const edits = entries.filter(({ what }) => what === 'edit').map(({ why }) => why?.split('/').at(-1));
      expect(edits.sort()).toEqual([
        'ada%40example.com.json was removed: Tidy up',
        'greet.json: Tidy up',
        'request.json was removed: Tidy up',
      ]);
    } finally {
      damaged.remove();
    }
  });
});
