import { currentDeployment } from '../../core/environment/history.ts';
import type { Experiment } from '../../core/experiment/definition.ts';
import { nearestNames } from '../../core/prompt/name.ts';
import { isOpen } from '../../core/rollout/record.ts';
import { promptvError } from '../../errors.ts';
import { readEnvironment } from '../environments.ts';
import { readExperiments } from '../experiments.ts';
import type { StateStore } from '../state-store.ts';
import { suggestion, type Workspace } from '../workspace.ts';

/**
 * Refuses to start where the units are not free: something else divides them, or the environment runs another version
 * than the control. A paired test divides nobody.
 * @throws EXPERIMENT_CONFLICT, CONTROL_NOT_RUNNING
 */
export const assertFree = async (
  workspace: Workspace,
  state: StateStore,
  experiment: Experiment,
): Promise<void> => {
  if (experiment.design === 'paired') return;
  const { id, prompt, environment, variants } = experiment;
  const other = await findRunning(workspace, state, { prompt, environment });
  if (other !== null && other !== id)
    throw promptvError('EXPERIMENT_CONFLICT', {
      environment,
      prompt,
      other: `the experiment ${other}`,
      command: `promptv abtest stop ${other}`,
    });
  const pointer = await readEnvironment(state, environment, prompt);
  if (pointer.rollout && isOpen(pointer.rollout))
    throw promptvError('EXPERIMENT_CONFLICT', {
      environment,
      prompt,
      other: `the rollout ${pointer.rollout.id}`,
      command: `promptv rollout abort ${prompt} --env ${environment}`,
    });
  const running = currentDeployment(pointer)?.version ?? null;
  const control = variants[0].version;
  if (running === control) return;
  throw promptvError('CONTROL_NOT_RUNNING', {
    environment,
    prompt,
    id,
    control,
    running: running ?? 'nothing',
  });
};

/** The id of the experiment that divides the units of a prompt in an environment; null when none does. */
export const findRunning = async (
  workspace: Workspace,
  state: StateStore,
  place: { readonly prompt: string; readonly environment: string },
): Promise<string | null> => {
  const { experiments } = await readExperiments(workspace, state, place.prompt);
  const found = experiments.find(
    ({ experiment }) =>
      experiment.state === 'running' &&
      experiment.design === 'units' &&
      experiment.environment === place.environment,
  );
  return found?.experiment.id ?? null;
};

/** @throws VARIANT_NOT_FOUND */
export const assertKnownVariant = ({ id, variants }: Experiment, name: string): void => {
  const names = variants.map((variant) => variant.name);
  if (names.includes(name)) return;
  const near = suggestion(nearestNames(name, names));
  throw promptvError('VARIANT_NOT_FOUND', { id, variant: name, variants: names, suggestion: near });
};
