import type { EnvironmentState } from '../../core/environment/state.ts';
import { lastAborted } from '../../core/rollout/finish.ts';
import { isOpen, type RolloutRecord } from '../../core/rollout/record.ts';
import { isPromptvError, type PromptvError, promptvError } from '../../errors.ts';
import { environmentsFolder, parseEnvironmentPath, readEnvironment } from '../environments.ts';
import { readWorkingSources } from '../sources.ts';
import type { StateStore } from '../state-store.ts';
import { Versions } from '../versions.ts';
import { promptNotFound, type Workspace } from '../workspace.ts';

/** The rollout under way, or the last one that ended; null when there never was one. */
export const latestRollout = ({ rollout, deployments }: EnvironmentState): RolloutRecord | null =>
  rollout ?? deployments.findLast((deployment) => deployment.rollout !== undefined)?.rollout ?? null;

/** `PROMPT_NOT_FOUND` for a name that nobody knows, else `ROLLOUT_NOT_FOUND`. */
export const rolloutNotFound = async (
  workspace: Workspace,
  { prompt, environment, deployments }: EnvironmentState,
): Promise<Error> => {
  const [versions, sources] = [
    new Versions(workspace),
    await readWorkingSources(workspace, new Set([prompt])),
  ];
  await versions.listAll();
  const known = new Set([...versions.names(), ...sources.names]);
  return known.has(prompt) || deployments.length > 0
    ? promptvError('ROLLOUT_NOT_FOUND', { name: prompt, environment })
    : promptNotFound(prompt, known);
};

/** `ROLLOUT_STATE`: how the rollout stands, and what may be done about it. */
export const rolloutRefusal = (before: EnvironmentState, record: RolloutRecord, verb: string): Error => {
  const { prompt: name, environment } = before;
  const { state, pause } = record;
  const place = `${name} --env ${environment}`;
  const refusal = (stands: string, way: string): Error =>
    promptvError('ROLLOUT_STATE', { name, environment, state, stands, verb, way });
  if (isOpen(record))
    return refusal(
      pause === null ? `is ${state}` : `is ${state} (${pause.reason})`,
      `See what it waits for: "promptv rollout status ${place}"`,
    );
  const stands = state === 'succeeded' ? 'has succeeded' : 'was aborted';
  return lastAborted(before) === record
    ? refusal(stands, `Begin it anew: "promptv rollout retry ${place}"`)
    : refusal(stands, `Begin another: "promptv promote ${place} --strategy gradual"`);
};

/** A rollout, as it was read at one moment. */
export interface PlacedRollout {
  readonly prompt: string;
  readonly environment: string;
  readonly record: RolloutRecord;
}

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
