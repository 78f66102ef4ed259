import {
  type CompleteDeployment,
  completeDeployment,
  type Deployment,
  type EnvironmentState,
} from '../../core/environment/state.ts';
import { environmentNamed, readEnvironment, readEnvironmentStates } from '../environments.ts';
import { readWorkingSources } from '../sources.ts';
import { behindWarning } from '../state-behind.ts';
import { openStateToRead, type StateStore } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import { promptNameFrom, promptNotFound, type Workspace } from '../workspace.ts';
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
  const deployments = mergeNewestFirst([...states.values()]);
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
  if (found.deployments.length === 0) await assertKnown(workspace, prompt);
  return { states: new Map([[prompt, found]]), damaged: new Map() };
};

/** A prompt that never ran there has an empty history; one that nobody knows is a slip of the pen. */
const assertKnown = async (workspace: Workspace, prompt: string): Promise<void> => {
  const versions = new Versions(workspace);
  const [sources] = await Promise.all([readWorkingSources(workspace, new Set()), versions.listAll()]);
  const known = new Set([...sources.names, ...versions.names()]);
  if (!known.has(prompt)) throw promptNotFound(prompt, known);
};

/** Merges the lists by time, keeping the recorded order within each. */
const mergeNewestFirst = (states: readonly EnvironmentState[]): LoggedDeployment[] => {
  const logged = states.flatMap(({ prompt, deployments }) => {
    // A clock that ran behind must not move an entry before the one it follows.
    let latest = Number.NEGATIVE_INFINITY;
    return deployments.map((deployment, index) => {
      latest = Math.max(latest, Date.parse(deployment.at));
      return { entry: toLogged(prompt, deployment), atMs: latest, index };
    });
  });
  return logged
    .sort((x, y) => y.atMs - x.atMs || compare(x.entry.prompt, y.entry.prompt) || y.index - x.index)
    .map(({ entry }) => entry);
};

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const toLogged = (prompt: string, deployment: Deployment): LoggedDeployment => ({
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
