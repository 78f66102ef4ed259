import { mergeNewestFirst, type PlacedDeployment } from '../core/environment/order.ts';
import { environmentNamed, readEnvironmentStates } from './environments.ts';
import { assertPromptKnown } from './prompt-known.ts';
import { openStateToRead } from './state-store.ts';
import type { Warning } from './types.ts';
import { promptNameFrom, type Workspace } from './workspace.ts';

export interface RollbackHistoryRequest {
  /** Only of these prompts; all when empty. */
  readonly names?: readonly string[];
  /** Absent: every environment. */
  readonly environment?: string;
  /** 10 unless said otherwise. */
  readonly limit?: number;
  /** Read the state of this branch. */
  readonly branch?: string;
}

export interface RollbackEntry {
  readonly prompt: string;
  readonly environment: string;
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
  /** The one asked for; null for all of them. */
  readonly environment: string | null;
  /** Newest first. */
  readonly rollbacks: readonly RollbackEntry[];
  readonly warnings: readonly Warning[];
}

const defaultLimit = 10;

/**
 * The rollbacks of an environment or of all, aborted rollouts among them; a damaged state file is a warning.
 * @throws ENVIRONMENT_NOT_FOUND, PROMPT_NOT_FOUND
 */
export const rollbackHistory = async (
  workspace: Workspace,
  request: RollbackHistoryRequest,
): Promise<RollbackHistoryResult> => {
  const environments =
    request.environment === undefined
      ? workspace.config.environments
      : [environmentNamed(workspace, request.environment)];
  const names = new Set((request.names ?? []).map((name) => promptNameFrom(workspace, name)));
  const state = await openStateToRead(workspace, request);
  const found = await Promise.all(environments.map(({ name }) => readEnvironmentStates(state, name)));
  const states = found.flatMap((each) => [...each.states.values()]);
  for (const name of names)
    if (!states.some(({ prompt }) => prompt === name)) await assertPromptKnown(workspace, name);
  const rollbacks = mergeNewestFirst(states.filter(({ prompt }) => names.size === 0 || names.has(prompt)))
    .filter(({ deployment }) => deployment.action !== 'promote')
    .slice(0, request.limit ?? defaultLimit)
    .map(toEntry);
  const damaged = found.flatMap((each) => [...each.damaged.values()]);
  const warnings = damaged.map(({ message }) => ({ code: 'STATE_INVALID', message }));
  return { environment: request.environment ?? null, rollbacks, warnings };
};

const toEntry = ({ state, deployment }: PlacedDeployment): RollbackEntry => ({
  prompt: state.prompt,
  environment: state.environment,
  id: deployment.id,
  from: deployment.rollout?.candidate.version ?? deployment.previousVersion,
  to: deployment.version,
  at: deployment.at,
  by: deployment.by,
  trigger: deployment.trigger ?? 'manual',
  triggeredBy: deployment.triggeredBy ?? deployment.by,
  undoes: deployment.undoes ?? null,
  reason: deployment.reason,
});
