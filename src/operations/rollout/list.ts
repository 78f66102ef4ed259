import { environmentNamed } from '../environments.ts';
import { behindWarning } from '../state-behind.ts';
import { openState, type StateStore } from '../state-store.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { latestRollout, readRolledOut } from './find-rollout.ts';
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
  request: RolloutListRequest,
): Promise<RolloutListResult> => {
  if (request.environment !== undefined) environmentNamed(workspace, request.environment);
  const state = openState(workspace);
  const { rollouts, warnings } = await readRollouts(workspace, state, request);
  return { rollouts, warnings: [...warnings, ...(await behindWarning(workspace, state))] };
};

/** The same of a state; each damaged file is a warning. It costs one git process. */
export const readRollouts = async (
  workspace: Workspace,
  state: StateStore,
  { environment, all = false }: RolloutListRequest,
): Promise<RolloutListResult> => {
  const { states, damaged } = await readRolledOut(state);
  const names = workspace.config.environments.map(({ name }) => name);
  const rollouts = names
    .filter((name) => environment === undefined || name === environment)
    .flatMap((name) => states.filter((each) => each.environment === name))
    .flatMap((each) => {
      const record = all ? latestRollout(each) : each.rollout;
      return record === undefined || record === null ? [] : [viewRollout(record, each)];
    });
  return { rollouts, warnings: damaged.map(({ code, message }) => ({ code, message })) };
};
