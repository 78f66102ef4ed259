import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  addDeployment,
  type DeploymentRecord,
  type EnvironmentState,
  emptyState,
  formatEnvironmentState,
} from '../../src/core/environment/state.ts';
import { environmentPath } from '../../src/operations/environments.ts';
import { Versions } from '../../src/operations/versions.ts';
import { inWorkspace } from './in-workspace.ts';
import type { TempRepo } from './temp-repo.ts';

/** Commits the state file that says a version was promoted, without any gate. */
export const promoteIn = async (
  repo: TempRepo,
  { prompt, version, environment }: { prompt: string; version: string; environment: string },
): Promise<void> => {
  const { contentHash } = await inWorkspace(repo, (workspace) =>
    new Versions(workspace).get(prompt, version),
  );
  const path = environmentPath(environment, prompt);
  const before: EnvironmentState = existsSync(join(repo.dir, path))
    ? JSON.parse(repo.read(path))
    : emptyState(prompt, environment);
  const record: DeploymentRecord = {
    action: 'promote',
    version,
    previousVersion: before.current,
    contentHash,
    at: '2024-05-06T07:08:09.000Z',
    by: 'Test Author <author@example.com>',
    reason: null,
    approvals: [],
    ci: null,
  };
  repo.write(path, formatEnvironmentState(addDeployment(before, record)));
  repo.git('add', '--', path);
  repo.git('commit', '--quiet', '-m', `Promote ${prompt}@${version} to ${environment}`, '--', path);
};

/** Makes the tag of a version anew on HEAD, with the message it had: its text is then another. */
export const moveTag = (repo: TempRepo, prompt: string, version: string): void => {
  const tag = `prompts/${prompt}@${version}`;
  const message = repo.git('for-each-ref', '--format=%(contents)', `refs/tags/${tag}`);
  repo.git('tag', '--force', '--cleanup=verbatim', '-m', message, tag, 'HEAD');
};
