import { environmentNamed, readEnvironmentStates } from './environments.ts';
import { openStateToRead } from './state-store.ts';
import type { Warning } from './types.ts';
import { promptNameFrom, type Workspace } from './workspace.ts';

export interface RollbackHistoryRequest {
  /** Only of these prompts; all when empty. */
  readonly names?: readonly string[];
  readonly environment: string;
  /** 10 unless said otherwise. */
  readonly limit?: number;
  /** Read the state of this branch. */
  readonly branch?: string;
}

export interface RollbackEntry {
  readonly prompt: string;
  readonly id: string;
  readonly from: string | null;
  readonly to: string;
  readonly at: string;
  readonly by: string;
  readonly trigger: string;
  readonly triggeredBy: string;
  readonly undoes: string | null;
  readonly reason: string | null;
}

export interface RollbackHistoryResult {
  readonly environment: string;
  /** Newest first. */
  readonly rollbacks: readonly RollbackEntry[];
  readonly warnings: readonly Warning[];
}

const defaultLimit = 10;

/** The rollbacks of an environment, aborted rollouts among them; a damaged state file is a warning. @throws ENVIRONMENT_NOT_FOUND */
export const rollbackHistory = async (
  workspace: Workspace,
  request: RollbackHistoryRequest,
): Promise<RollbackHistoryResult> => {
  const environment = environmentNamed(workspace, request.environment).name;
  const names = new Set((request.names ?? []).map((name) => promptNameFrom(workspace, name)));
  const { states, damaged } = await readEnvironmentStates(
    await openStateToRead(workspace, request),
    environment,
  );
  const entries = [...states.values()]
    .filter(({ prompt }) => names.size === 0 || names.has(prompt))
    .flatMap(({ prompt, deployments }) =>
      deployments.filter(({ action }) => action !== 'promote').map((deployment) => ({ prompt, deployment })),
    )
    .sort((a, b) => (a.deployment.at < b.deployment.at ? 1 : -1))
    .slice(0, request.limit ?? defaultLimit);
  const rollbacks = entries.map(({ prompt, deployment }) => ({
    prompt,
    id: deployment.id,
    from: deployment.rollout?.candidate.version ?? deployment.previousVersion,
    to: deployment.version,
    at: deployment.at,
    by: deployment.by,
    trigger: deployment.trigger ?? 'manual',
    triggeredBy: deployment.triggeredBy ?? deployment.by,
    undoes: deployment.undoes ?? null,
    reason: deployment.reason,
  }));
  const warnings = [...damaged.values()].map((error) => ({ code: 'STATE_INVALID', message: error.message }));
  return { environment, rollbacks, warnings };
};
