import { isRecord, recordOf } from '../prompt/data-rules.ts';
import { type RolloutRecord, rolloutStates } from '../rollout/record.ts';
import type { EnvironmentState } from './state.ts';

/** What a list of many prompts needs of a state. */
export interface Pointer {
  readonly prompt: string;
  readonly environment: string;
  /** The versions that ran, in order; the last one runs. */
  readonly ran: readonly string[];
  /** The one under way; null when there is none. */
  readonly rollout: RolloutShare | null;
}

/** A rollout under way, as lists show it: `weight` per cent of the units get the candidate. */
export interface RolloutShare extends Pick<RolloutRecord, 'weight' | 'state'> {
  readonly candidate: string;
}

export const pointerOf = ({ prompt, environment, deployments, rollout }: EnvironmentState): Pointer => ({
  prompt,
  environment,
  ran: deployments.map(({ version }) => version),
  rollout: describeShare(rollout),
});

/** A rollout for a list; null when there is none. */
export const describeShare = (rollout: RolloutRecord | undefined): RolloutShare | null =>
  rollout === undefined
    ? null
    : { candidate: rollout.candidate.version, weight: rollout.weight, state: rollout.state };

/** The pointer in a state's data, whose history is not checked; null of data that is no state of this prompt there. */
export const readPointer = (
  data: unknown,
  { prompt, environment }: { readonly prompt: string; readonly environment: string },
): Pointer | null => {
  if (!isRecord(data) || data.schemaVersion !== 1) return null;
  if (data.prompt !== prompt || data.environment !== environment || !Array.isArray(data.deployments))
    return null;
  const ran = data.deployments.map((deployment: unknown) => recordOf(deployment).version);
  if (data.current !== (ran.at(-1) ?? null) || !ran.every((version) => typeof version === 'string'))
    return null;
  if (data.rollout === undefined) return { prompt, environment, ran, rollout: null };
  const rollout = readShare(recordOf(data.rollout));
  return rollout && { prompt, environment, ran, rollout };
};

const readShare = (rollout: Readonly<Record<string, unknown>>): RolloutShare | null => {
  const { weight } = rollout;
  const candidate = recordOf(rollout.candidate).version;
  const state = rolloutStates.find((known) => known === rollout.state);
  return typeof candidate === 'string' && typeof weight === 'number' && state !== undefined
    ? { candidate, weight, state }
    : null;
};
