import { splitOf } from '../experiment/assign.ts';
import { expiresAtOf } from '../experiment/condition.ts';
import type { Experiment } from '../experiment/definition.ts';
import type { ServedVersion } from './decide.ts';
import type { ServedExperiment } from './served-experiment.ts';

/** What an environment runs of a prompt, and since when (ISO 8601 UTC) its pointer stands there. */
export interface ServedPointer extends ServedVersion {
  readonly at: string;
}

/**
 * Of the experiments on a prompt in an environment the one that decides what units get; null when the pointer alone
 * does. The pointer goes first: a rollback, or another promotion, takes a test's traffic away at once.
 */
export const experimentInForce = (
  pointer: ServedPointer,
  experiments: readonly Experiment[],
): Experiment | null => {
  // A paired test is run, not served.
  const fitting = experiments.filter(
    (experiment) => experiment.design === 'units' && isControl(experiment, pointer),
  );
  const running = fitting.filter(({ state }) => state === 'running').sort(byStart);
  const concluded = fitting.filter(
    ({ state, endedAt }) =>
      state === 'concluded' && endedAt !== null && Date.parse(pointer.at) <= Date.parse(endedAt),
  );
  return running[0] ?? concluded.sort(byEnd).at(-1) ?? null;
};

/** Whether the environment runs the version that the experiment has as its control. */
export const isControl = (
  { variants: [control] }: Experiment,
  { version, contentHash }: ServedVersion,
): boolean => control.version === version && (control.contentHash ?? contentHash) === contentHash;

const byStart = (a: Experiment, b: Experiment): number =>
  Date.parse(a.startedAt ?? '') - Date.parse(b.startedAt ?? '') || (a.id < b.id ? -1 : 1);

const byEnd = (a: Experiment, b: Experiment): number =>
  Date.parse(a.endedAt ?? '') - Date.parse(b.endedAt ?? '') || (a.id < b.id ? -1 : 1);

/** What serving needs of an experiment; `hashOf` tells the content of a version that was not started yet. */
export const toServed = (experiment: Experiment, hashOf: (version: string) => string): ServedExperiment => {
  const { id, state, design, startedAt, variants, phases, decision } = experiment;
  const split = splitOf(experiment, phases.at(-1));
  return {
    ...{ id, state, design, startedAt },
    salt: split.salt,
    expiresAt: expiresAtOf(experiment),
    winner: decision?.winner ?? null,
    variants: variants.map(({ name, version, contentHash, weight }, at) => ({
      name,
      version,
      contentHash: contentHash ?? hashOf(version),
      weight: split.variants[at]?.weight ?? weight,
    })),
  };
};
