import { conditionOf, type ExperimentCondition, expiresAtOf } from '../../core/experiment/condition.ts';
import type { Experiment } from '../../core/experiment/definition.ts';
import { readExperiment } from '../experiments.ts';
import { openStateToRead } from '../state-store.ts';
import type { Workspace } from '../workspace.ts';

export interface AbtestShowRequest {
  readonly id: string;
  /** Another branch than the configured one. */
  readonly branch?: string;
}

export interface AbtestShowResult {
  readonly experiment: Experiment;
  /** The state, and what the clock says of it. */
  readonly condition: ExperimentCondition;
  /** When its time is over; null of one that was never started. */
  readonly expiresAt: string | null;
  readonly path: string;
}

/** One experiment as it is committed. @throws EXPERIMENT_NOT_FOUND, EXPERIMENT_INVALID */
export const showExperiment = async (
  workspace: Workspace,
  { id, branch }: AbtestShowRequest,
): Promise<AbtestShowResult> => {
  const { experiment, path } = await readExperiment(
    workspace,
    await openStateToRead(workspace, { branch }),
    id,
  );
  return {
    experiment,
    condition: conditionOf(experiment, workspace.now()),
    expiresAt: expiresAtOf(experiment),
    path,
  };
};
