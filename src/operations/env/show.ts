import { type Difference, findDifferences } from '../../core/environment/drift.ts';
import { describeShare, type RolloutShare } from '../../core/environment/pointer.ts';
import { runningAt } from '../../core/environment/running.ts';
import type { EnvironmentState } from '../../core/environment/state.ts';
import { environmentNamed, readEnvironmentStates } from '../environments.ts';
import { readUpstream, type StateUpstream, warnBehind } from '../state-behind.ts';
import { openStateToRead } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { type DamagedState, describeDamage, warnDamage } from './damage.ts';
import { judgePointers, type Pointer, warnDrift } from './pointers.ts';
import { momentOf } from './time.ts';

export interface EnvShowRequest {
  readonly environment: string;
  /** A moment: ISO 8601, a date, or a local time without an offset; absent: now. */
  readonly at?: string;
  /** Read the state of this branch. */
  readonly branch?: string;
}

/** What the remote was last seen to run instead; `a` is here, `b` there. */
export interface UpstreamDrift {
  /** Such as `origin/main`. */
  readonly branch: string;
  readonly behind: number;
  readonly differences: readonly Difference[];
}

/** What runs, and what is on its way there. */
export interface ShownPointer extends Pointer {
  /** The rollout under way; null when there is none, and for a moment of the past. */
  readonly rollout: RolloutShare | null;
}

export interface EnvShowResult {
  readonly environment: string;
  /** ISO 8601 UTC; null for now. */
  readonly at: string | null;
  /** The same moment with the offset it was asked with. */
  readonly atLocal: string | null;
  /** Sorted by prompt. */
  readonly prompts: readonly ShownPointer[];
  readonly damaged: readonly DamagedState[];
  /** Null without a remote-tracking branch, when it has the same commit, and for a moment of the past. */
  readonly upstream: UpstreamDrift | null;
  readonly warnings: readonly Warning[];
}

/**
 * What an environment runs, or ran at a moment, each version compared with what was promoted. Read from the lists of
 * deployments, so a shallow clone answers too.
 * @throws ENVIRONMENT_NOT_FOUND, TIME_INVALID
 */
export const showEnvironment = async (
  workspace: Workspace,
  request: EnvShowRequest,
): Promise<EnvShowResult> => {
  const { name: environment } = environmentNamed(workspace, request.environment);
  const moment = momentOf(request.at);
  const at = moment?.utc ?? null;
  const state = await openStateToRead(workspace, request);
  const versions = new Versions(workspace);
  const [{ states, damaged }, upstream] = await Promise.all([
    readEnvironmentStates(state, environment),
    readUpstream(workspace, state),
  ]);
  const running = [...states.values()].flatMap((one) => runningAt(one, at) ?? []);
  const prompts = (await judgePointers(versions, running))
    .map((pointer) => ({
      ...pointer,
      rollout: at === null ? describeShare(states.get(pointer.prompt)?.rollout) : null,
    }))
    .sort((a, b) => (a.prompt < b.prompt ? -1 : 1));
  const broken = describeDamage(environment, damaged);
  return {
    environment,
    at,
    atLocal: moment?.local ?? null,
    prompts,
    damaged: broken,
    upstream: upstream && at === null ? await upstreamDrift(upstream, environment, states) : null,
    warnings: [...warnDamage(broken), ...warnDrift(prompts), ...warnBehind(state, upstream)],
  };
};

const upstreamDrift = async (
  { name, behind, state }: StateUpstream,
  environment: string,
  here: ReadonlyMap<string, EnvironmentState>,
): Promise<UpstreamDrift> => {
  const { states: there, damaged } = await readEnvironmentStates(state, environment);
  const differences = findDifferences(currentVersions(here), currentVersions(there));
  // What cannot be read there says nothing about what runs.
  return { branch: name, behind, differences: differences.filter(({ prompt }) => !damaged.has(prompt)) };
};

/** Prompt → version, of the prompts that run. */
export const currentVersions = (states: ReadonlyMap<string, EnvironmentState>): ReadonlyMap<string, string> =>
  new Map([...states].flatMap(([prompt, { current }]) => (current === null ? [] : [[prompt, current]])));
