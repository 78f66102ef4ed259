import { countMissing, upstreamOf } from '../git/upstream.ts';
import type { StateStore } from './state-store.ts';
import type { Warning } from './types.ts';
import type { Workspace } from './workspace.ts';

/** The remote-tracking branch of the branch that the state is read from. */
export interface StateUpstream {
  /** Such as `origin/main`. */
  readonly name: string;
  /** Commits that it has and the state that was read lacks. */
  readonly behind: number;
  /** The state as it has it, as of the last fetch. */
  readonly state: StateStore;
}

/** What the remote was last seen to say; null without a remote-tracking branch, or when it says the same. */
export const readUpstream = async (
  workspace: Workspace,
  state: StateStore,
): Promise<StateUpstream | null> => {
  const { repository, config } = workspace;
  const ref =
    state.branch === null
      ? await upstreamOf(repository)
      : `refs/remotes/${config.push.remote}/${state.branch}`;
  const tip = ref && (await repository.readObject(`${ref}^{commit}`));
  const commit = await state.commitId();
  if (!ref || !tip || commit === null || tip.oid === commit) return null;
  const behind = await countMissing(repository, { from: commit, in: tip.oid });
  return {
    name: ref.replace(/^refs\/(?:remotes|heads)\//, ''),
    behind,
    state: state.at(tip.oid),
  };
};

/** A warning when the branch that is read lacks commits of its remote-tracking branch; none otherwise. */
export const behindWarning = async (workspace: Workspace, state: StateStore): Promise<readonly Warning[]> =>
  warnBehind(state, await readUpstream(workspace, state));

/** The same for an upstream that was read already. */
export const warnBehind = (state: StateStore, upstream: StateUpstream | null): readonly Warning[] => {
  if (!upstream || upstream.behind === 0) return [];
  const { name, behind } = upstream;
  const subject = state.branch === null ? 'The checked-out branch' : `The state branch ${state.branch}`;
  const remote = name.slice(0, -1 - (state.branch?.length ?? 0));
  const next = state.branch === null ? 'git pull' : `git fetch ${remote} ${state.branch}:${state.branch}`;
  const commits = `${behind} ${behind === 1 ? 'commit' : 'commits'}`;
  const message = `${subject} is ${commits} behind ${name}, so this may be out of date. Bring it up to date: ${next}`;
  return [{ code: 'STATE_BEHIND', message }];
};
