import type { EnvironmentState } from '../../core/environment/state.ts';
import { isOpen, type RolloutRecord } from '../../core/rollout/record.ts';
import { isPromptvError, type PromptvError, promptvError } from '../../errors.ts';
import { environmentsFolder, parseEnvironmentPath, readEnvironment } from '../environments.ts';
import type { StateStore } from '../state-store.ts';

/** The rollout under way, or the last one that ended; null when there never was one. */
export const latestRollout = ({ rollout, deployments }: EnvironmentState): RolloutRecord | null =>
  rollout ?? deployments.findLast((deployment) => deployment.rollout !== undefined)?.rollout ?? null;

/** `ROLLOUT_NOT_FOUND` for a prompt that has none in an environment. */
export const rolloutNotFound = ({ prompt, environment }: EnvironmentState): Error =>
  promptvError('ROLLOUT_NOT_FOUND', { name: prompt, environment });

/** A state with the rollout that is under way in it. */
export interface OpenRollout {
  readonly before: EnvironmentState;
  readonly record: RolloutRecord;
}

/** The states that have a rollout, or had one, by path; and what is wrong with those that cannot be read. */
export interface RolledOut {
  readonly states: readonly EnvironmentState[];
  readonly damaged: readonly PromptvError[];
}

/** Of thousands of pointer files only these are read. */
export const readRolledOut = async (state: StateStore): Promise<RolledOut> => {
  const paths = await state.search(environmentsFolder, '"rollout"');
  const states: EnvironmentState[] = [];
  const damaged: PromptvError[] = [];
  const read = paths.flatMap((path) => parseEnvironmentPath(path) ?? []);
  for (const { environment, prompt } of read) {
    try {
      states.push(await readEnvironment(state, environment, prompt));
    } catch (error) {
      if (!isPromptvError(error)) throw error;
      damaged.push(error);
    }
  }
  return { states, damaged };
};

/** Every rollout under way, by environment and prompt; damaged files are passed over. */
export const listOpenRollouts = async (state: StateStore): Promise<OpenRollout[]> =>
  (await readRolledOut(state)).states.flatMap((before) =>
    before.rollout && isOpen(before.rollout) ? [{ before, record: before.rollout }] : [],
  );

/** How many rollouts take part of the traffic; one that only waits for room takes none. */
export const countRunning = async (state: StateStore): Promise<number> =>
  (await listOpenRollouts(state)).filter(({ record }) => record.state !== 'pending').length;
