import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DecideRequest, decideApproval } from '../../src/operations/approval/decide.ts';
import { type SubmitRequest, submitApproval } from '../../src/operations/approval/submit.ts';
import { inWorkspace, promptText, saveIn } from './in-workspace.ts';
import { createTempRepo, type TempRepo } from './temp-repo.ts';

/** A configuration whose last environment has two stages. */
export const twoStages = (extra = ''): string => `environments:
  - name: production
${extra}    approvals:
      - name: review
        approvers: [ada@example.com, '*@team.example.com']
        required: 2
      - name: safety
        approvers: [Linus@Example.com]
`;

/** A repository with `greet` saved as 1.0.0 by the test's author, and a configuration. */
export const makeApprovalRepo = async (config: string, files: Readonly<Record<string, string>> = {}) => {
  const repo = createTempRepo({
    files: { '.promptrc.yaml': config, 'prompts/greet.yaml': promptText('Hello.'), ...files },
  });
  await saveIn(repo);
  return repo;
};

/** The environment variables that make somebody the author and committer. */
export const as = (email: string): Readonly<Record<string, string>> => ({
  GIT_AUTHOR_NAME: email.split('@')[0] ?? '',
  GIT_AUTHOR_EMAIL: email,
  GIT_COMMITTER_NAME: email.split('@')[0] ?? '',
  GIT_COMMITTER_EMAIL: email,
});

export const submitIn = (repo: TempRepo, request: Partial<SubmitRequest> = {}) =>
  inWorkspace(repo, (workspace) =>
    submitApproval(workspace, { ref: 'greet', environment: 'production', ...request }),
  );

export const decideIn = (
  repo: TempRepo,
  email: string,
  request: Partial<DecideRequest> = {},
  env: Readonly<Record<string, string>> = {},
) =>
  inWorkspace(
    repo,
    (workspace) =>
      decideApproval(workspace, {
        ref: 'greet',
        environment: 'production',
        stage: 'review',
        decision: 'approve',
        ...request,
      }),
    { env: { ...as(email), ...env } },
  );

/** Makes ssh keys, one a person, that git of this repository trusts; gives the variables that sign with one of them. */
export const makeKeys = (repo: TempRepo, emails: readonly string[]) => {
  const home = join(repo.root, 'home');
  const signers = join(home, 'allowed_signers');
  repo.git('config', '--global', 'gpg.format', 'ssh');
  repo.git('config', '--global', 'gpg.ssh.allowedSignersFile', signers);
  for (const email of emails) {
    const key = join(home, email);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', email, '-f', key], { env: repo.env });
    appendFileSync(signers, `${email} ${readFileSync(`${key}.pub`, 'utf8')}`);
  }
  const keyOf = (email: string): Readonly<Record<string, string>> => ({
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'user.signingKey',
    GIT_CONFIG_VALUE_0: join(home, `${email}.pub`),
  });
  return { signers, keyOf };
};
