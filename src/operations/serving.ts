import { currentDeployment } from '../core/environment/history.ts';
import type { EnvironmentState } from '../core/environment/state.ts';
import type { Experiment } from '../core/experiment/definition.ts';
import { toServedRollout } from '../core/rollout/split.ts';
import type { ServingState } from '../core/serving/decide.ts';
import { experimentInForce, toServed } from '../core/serving/in-force.ts';
import type { ServedExperiment } from '../core/serving/served-experiment.ts';
import type { ServedRollout } from '../core/serving/served-rollout.ts';
import { readExperiments } from './experiments.ts';
import { findDrift } from './rollout/drift.ts';
import type { StateStore } from './state-store.ts';
import type { Warning } from './types.ts';
import type { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

/** What chooses a version, and the experiment files that could not be read. */
export interface ReadServing {
  readonly serving: ServingState;
  readonly warnings: readonly Warning[];
}

/**
 * What decides which version of a prompt a unit gets in an environment; null where the environment runs nothing of it.
 * With `preview` a draft counts too, as if it ran.
 */
export const readServing = async (
  workspace: Workspace,
  versions: Versions,
  { state, pointer, preview }: ServingPlace,
): Promise<ReadServing | null> => {
  const deployment = currentDeployment(pointer);
  if (!deployment) return null;
  const { experiments, damaged } = await readExperiments(workspace, state, pointer.prompt);
  const tests = experiments.map(({ experiment }) => experiment);
  const inForce = await readExperimentInForce(versions, pointer, tests);
  const draft = preview && inForce === null ? draftOf(testsOf(pointer, tests)) : null;
  const rollout = await readServedRollout(versions, state, pointer);
  const { version, contentHash } = deployment;
  return {
    serving: {
      pointer: { version, contentHash },
      experiment: draft ? await readServed(versions, draft) : inForce,
      rollout: rollout.served,
    },
    warnings: [...damaged.values(), ...rollout.warnings].map(({ code, message }) => ({ code, message })),
  };
};

/**
 * The rollout that decides what units get, and a warning where it drifted: its candidate is never served then, whether
 * or not a tick has seen it yet.
 */
export const readServedRollout = async (
  versions: Versions,
  state: StateStore,
  before: EnvironmentState,
): Promise<{ readonly served: ServedRollout | null; readonly warnings: readonly Warning[] }> => {
  const record = before.rollout;
  const served = record ? toServedRollout(record) : null;
  if (record === undefined || served === null) return { served: null, warnings: [] };
  const drift = await findDrift(versions, state, { before, record });
  if (drift === null) return { served, warnings: [] };
  const message = `The candidate of ${before.prompt} in ${before.environment} is not served: ${drift}.`;
  return { served: null, warnings: [{ code: 'ROLLOUT_DRIFTED', message }] };
};

interface ServingPlace {
  readonly state: StateStore;
  readonly pointer: EnvironmentState;
  readonly preview: boolean;
}

/** Of all experiments the one that decides what is served where a pointer stands; null when the pointer alone does. */
export const readExperimentInForce = async (
  versions: Versions,
  pointer: EnvironmentState,
  tests: readonly Experiment[],
): Promise<ServedExperiment | null> => {
  const deployment = currentDeployment(pointer);
  const inForce = deployment && experimentInForce(deployment, testsOf(pointer, tests));
  return inForce && readServed(versions, inForce);
};

const testsOf = (
  { prompt, environment }: EnvironmentState,
  tests: readonly Experiment[],
): readonly Experiment[] =>
  tests.filter((test) => test.prompt === prompt && test.environment === environment);

/** A draft without a salt has no assignment yet. */
const draftOf = (experiments: readonly Experiment[]): Experiment | null =>
  experiments.find(({ state, salt }) => state === 'draft' && salt !== null) ?? null;

/** An experiment as it is served; the content of a draft's versions is what their tags say. */
export const readServed = async (versions: Versions, experiment: Experiment): Promise<ServedExperiment> => {
  const hashes = new Map<string, string>();
  for (const { version, contentHash } of experiment.variants)
    if (contentHash === null)
      hashes.set(version, (await versions.get(experiment.prompt, version)).contentHash);
  return toServed(experiment, (version) => hashes.get(version) ?? '');
};
