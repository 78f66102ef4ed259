import { environmentNamed, readAllEnvironmentStates } from '../environments.ts';
import { behindWarning } from '../state-behind.ts';
import { openState } from '../state-store.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { latestRollout } from './find-rollout.ts';
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
