import { createHash } from 'node:crypto';
import {
  addDeployment,
  type DeploymentRecord,
  type EnvironmentState,
  emptyState,
  formatEnvironmentState,
} from '../../src/core/environment/state.ts';
import { environmentPath } from '../../src/operations/environments.ts';
import type { TempRepo } from './temp-repo.ts';

/** One move of a pointer; what is left out is a promotion by a fixed person, an hour after the move before. */
export interface Move extends Partial<DeploymentRecord> {
  readonly version: string;
}

const start = Date.parse('2026-01-01T00:00:00Z');
const hourMs = 3_600_000;

/** A well-formed hash that depends on the text. */
export const hashOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The state after these moves. */
export const stateOf = (environment: string, prompt: string, moves: readonly Move[]): EnvironmentState =>
  moves.reduce<EnvironmentState>(
    (state, move) =>
      addDeployment(state, {
        action: 'promote',
        previousVersion: state.current,
        contentHash: hashOf(move.version),
        at: new Date(start + state.deployments.length * hourMs).toISOString(),
        by: 'Ops <ops@example.com>',
        reason: null,
        approvals: [],
        ci: null,
        ...move,
      }),
    emptyState(prompt, environment),
  );

/** Writes a pointer file, with the content hashes of the versions' tags where there are any. Does not commit. */
export const writePointer = (
  repo: TempRepo,
  environment: string,
  prompt: string,
  moves: readonly Move[],
): void => {
  const known = moves.map((move) => ({ contentHash: taggedHash(repo, prompt, move.version), ...move }));
  repo.write(
    environmentPath(environment, prompt),
    formatEnvironmentState(stateOf(environment, prompt, known)),
  );
};

const taggedHash = (repo: TempRepo, prompt: string, version: string): string => {
  const message = repo.git('for-each-ref', '--format=%(contents)', `refs/tags/prompts/${prompt}@${version}`);
  return /^Content-Hash: (.*)$/m.exec(message)?.[1] ?? hashOf(version);
};

/** Commits everything below `.promptv/`. */
export const commitState = (repo: TempRepo, message = 'State'): void => {
  repo.git('add', '.promptv/environments');
  repo.git('commit', '--quiet', '--message', message);
};
