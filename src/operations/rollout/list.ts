import type { RolloutEvent } from '../../core/rollout/record.ts';
import { environmentNamed, readAllEnvironmentStates, readEnvironment } from '../environments.ts';
import { behindWarning } from '../state-behind.ts';
import { openState } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { latestRollout, rolloutNotFound } from './find-rollout.ts';
import { type RolloutView, viewRollout } from './rollout-view.ts';

export interface RolloutListRequest {
  readonly environment?: string;
  /** Also the last one of each prompt that ended. */
  readonly all?: boolean;
}

export interface RolloutListResult {
  /** By environment as configured, then by prompt. */
  readonly rollouts: readonly RolloutView[];
  readonly warnings: readonly Warning[];
}

/** The rollouts under way. @throws ENVIRONMENT_NOT_FOUND */
export const listRollouts = async (
  workspace: Workspace,
  { environment, all = false }: RolloutListRequest,
): Promise<RolloutListResult> => {
  if (environment !== undefined) environmentNamed(workspace, environment);
  const state = openState(workspace);
  const found = await readAllEnvironmentStates(state);
  const names = workspace.config.environments.map(({ name }) => name);
  const rollouts = names
    .filter((name) => environment === undefined || name === environment)
    .flatMap((name) => [...(found.get(name)?.states.values() ?? [])])
    .flatMap((each) => {
      const record = all ? latestRollout(each) : each.rollout;
      return record === undefined || record === null ? [] : [viewRollout(record, each)];
    });
  return { rollouts, warnings: await behindWarning(workspace, state) };
};

export interface RolloutHistoryRequest {
  readonly name: string;
  readonly environment: string;
}

/** One rollout, or one attempt of it, with everything that happened to it. */
export interface RolloutHistoryEntry {
  readonly rollout: RolloutView;
  /** The deployment that it ended as; null while it is under way, and before another attempt. */
  readonly deployment: string | null;
  readonly events: readonly RolloutEvent[];
}

export interface RolloutHistoryResult {
  readonly prompt: string;
  readonly environment: string;
  /** Newest first. */
  readonly rollouts: readonly RolloutHistoryEntry[];
  readonly warnings: readonly Warning[];
}

/** Every rollout of a prompt in an environment. @throws ROLLOUT_NOT_FOUND */
export const rolloutHistory = async (
  workspace: Workspace,
  request: RolloutHistoryRequest,
): Promise<RolloutHistoryResult> => {
  const { name: environment } = environmentNamed(workspace, request.environment);
  const prompt = promptNameFrom(workspace, request.name);
  const state = openState(workspace);
  const before = await readEnvironment(state, environment, prompt);
  const ended = before.deployments.flatMap(({ id, rollout }) =>
    rollout ? [{ record: rollout, deployment: id }] : [],
  );
  const open = before.rollout ? [{ record: before.rollout, deployment: null }] : [];
  const all = [...ended, ...open].reverse();
  if (all.length === 0) throw rolloutNotFound(before);
  return {
    prompt,
    environment,
    rollouts: all.map(({ record, deployment }) => ({
      rollout: viewRollout(record, { prompt, environment }),
      deployment,
      events: record.events,
    })),
    warnings: await behindWarning(workspace, state),
  };
};
