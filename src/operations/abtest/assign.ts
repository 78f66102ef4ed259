import { currentDeployment } from '../../core/environment/history.ts';
import { assertUnit } from '../../core/experiment/assign.ts';
import type { Experiment } from '../../core/experiment/definition.ts';
import { decideServing, type ServingDecision } from '../../core/serving/decide.ts';
import { isControl } from '../../core/serving/in-force.ts';
import { readEnvironment } from '../environments.ts';
import { readExperiment } from '../experiments.ts';
import { readServed } from '../serving.ts';
import { openStateToRead } from '../state-store.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';

export interface AbtestAssignRequest {
  readonly id: string;
  /** The unit: a user, a session. */
  readonly key: string;
  /** Another branch than the configured one. */
  readonly branch?: string;
}

export interface AbtestAssignResult extends Omit<ServingDecision, 'contentHash'> {
  readonly prompt: string;
  readonly environment: string;
  readonly unit: string;
}

/**
 * What an experiment gives a unit now, the same on every machine.
 * @throws EXPERIMENT_NOT_FOUND, EXPERIMENT_INVALID, BRANCH_NOT_FOUND, UNIT_INVALID
 */
export const assignUnit = async (
  workspace: Workspace,
  { id, key, branch }: AbtestAssignRequest,
): Promise<AbtestAssignResult> => {
  assertUnit(key);
  const state = await openStateToRead(workspace, { branch });
  const { experiment } = await readExperiment(workspace, state, id);
  const { prompt, environment } = experiment;
  const deployment = currentDeployment(await readEnvironment(state, environment, prompt));
  const base = { prompt, environment, unit: key };
  if (deployment && isDisplaced(experiment, deployment))
    return {
      ...base,
      ...{
        version: deployment.version,
        experiment: id,
        rollout: null,
        variant: null,
        enrolled: false,
        reason: 'displaced',
      },
    };
  const { contentHash: _, ...decision } = await decideFor(workspace, experiment, key);
  return { ...base, ...decision };
};

/** A draft that a person wrote has no random part yet; it gives everybody the control. */
const decideFor = async (
  workspace: Workspace,
  experiment: Experiment,
  unit: string,
): Promise<ServingDecision> => {
  const served = await readServed(new Versions(workspace), {
    ...experiment,
    salt: experiment.salt ?? experiment.id,
  });
  const { version, contentHash } = served.variants[0] ?? { version: '', contentHash: '' };
  const serving = { pointer: { version, contentHash }, experiment: served, rollout: null };
  return decideServing(serving, { unit, now: workspace.now() });
};

/** Whether the pointer moved away from the control, so that it alone decides. */
const isDisplaced = (
  experiment: Experiment,
  deployment: { readonly version: string; readonly contentHash: string; readonly at: string },
): boolean => {
  const { state, design, endedAt } = experiment;
  if (design === 'paired' || (state !== 'running' && state !== 'concluded')) return false;
  const isLater =
    state === 'concluded' && endedAt !== null && Date.parse(deployment.at) > Date.parse(endedAt);
  return isLater || !isControl(experiment, deployment);
};
