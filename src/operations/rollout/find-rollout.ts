import type { EnvironmentState } from '../../core/environment/state.ts';
import { isOpen, type RolloutRecord } from '../../core/rollout/record.ts';
import { promptvError } from '../../errors.ts';
import { readAllEnvironmentStates } from '../environments.ts';
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

/** Every rollout under way, by environment and prompt; damaged files are passed over. */
export const listOpenRollouts = async (state: StateStore): Promise<OpenRollout[]> =>
  [...(await readAllEnvironmentStates(state)).values()]
    .flatMap(({ states }) => [...states.values()])
    .flatMap((before) =>
      before.rollout && isOpen(before.rollout) ? [{ before, record: before.rollout }] : [],
    );

/** How many rollouts take part of the traffic; one that only waits for room takes none. */
export const countRunning = async (state: StateStore): Promise<number> =>
  (await listOpenRollouts(state)).filter(({ record }) => record.state !== 'pending').length;
