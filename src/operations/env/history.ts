import { mergeNewestFirst, type PlacedDeployment } from '../../core/environment/order.ts';
import { type CompleteDeployment, completeDeployment } from '../../core/environment/state.ts';
import { environmentNamed, readEnvironment, readEnvironmentStates } from '../environments.ts';
import { assertPromptKnown } from '../prompt-known.ts';
import { behindWarning } from '../state-behind.ts';
import { openStateToRead, type StateStore } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { type DamagedState, describeDamage, warnDamage } from './damage.ts';

export interface EnvHistoryRequest {
  readonly environment: string;
  /** A name or path; absent: every prompt. */
  readonly name?: string;
  /** How many deployments, the newest ones; all unless said otherwise. */
  readonly limit?: number;
  /** Read the state of this branch. */
  readonly branch?: string;
}

/** One move of a pointer. Fields that only a rollback has are null in a promotion. */
export interface LoggedDeployment extends Omit<CompleteDeployment, 'rollout'> {
  readonly prompt: string;
  /** The rollout that brought the version, or did not; null for a move at once. */
  readonly rollout: { readonly id: string; readonly candidate: string; readonly attempt: number } | null;
}

export interface EnvHistoryResult {
  readonly environment: string;
  /** Null for all of them. */
  readonly prompt: string | null;
  /** Newest first; those of one prompt in their recorded order, whatever their clocks said. */
  readonly deployments: readonly LoggedDeployment[];
  readonly damaged: readonly DamagedState[];
  readonly warnings: readonly Warning[];
}

/**
 * Every deployment of an environment, or of one prompt there, newest first.
 * @throws ENVIRONMENT_NOT_FOUND, PROMPT_NOT_FOUND, STATE_INVALID when the file of the prompt named is damaged
 */
export const readHistory = async (
  workspace: Workspace,
  request: EnvHistoryRequest,
): Promise<EnvHistoryResult> => {
  const { name: environment } = environmentNamed(workspace, request.environment);
  const prompt = request.name === undefined ? null : promptNameFrom(workspace, request.name);
  const state = await openStateToRead(workspace, request);
  const { states, damaged } =
    prompt === null
      ? await readEnvironmentStates(state, environment)
      : await readOne(workspace, state, { environment, prompt });
  const broken = describeDamage(environment, damaged);
  const deployments = mergeNewestFirst([...states.values()]).map(toLogged);
  return {
    environment,
    prompt,
    deployments: deployments.slice(0, request.limit ?? deployments.length),
    damaged: broken,
    warnings: [...warnDamage(broken), ...(await behindWarning(workspace, state))],
  };
};

const readOne = async (
  workspace: Workspace,
  state: StateStore,
  { environment, prompt }: { readonly environment: string; readonly prompt: string },
) => {
  const found = await readEnvironment(state, environment, prompt);
  if (found.deployments.length === 0) await assertPromptKnown(workspace, prompt);
  return { states: new Map([[prompt, found]]), damaged: new Map() };
};

const toLogged = ({ state: { prompt }, deployment }: PlacedDeployment): LoggedDeployment => ({
  prompt,
  ...completeDeployment(deployment),
  rollout: deployment.rollout
    ? {
        id: deployment.rollout.id,
        candidate: deployment.rollout.candidate.version,
        attempt: deployment.rollout.attempt,
      }
    : null,
});
