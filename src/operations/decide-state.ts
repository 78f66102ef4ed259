import { isPromptvError } from '../errors.ts';
import { moveRef } from '../git/branch-commits.ts';
import { currentBranch, isAncestor } from '../git/history.ts';
import { fetchBranch, pushRefs } from '../git/remote.ts';
import { remoteOf, wantsPush } from './remote-view.ts';
import { openState, type StateStore } from './state-store.ts';
import type { PushOptions } from './types.ts';
import type { Workspace } from './workspace.ts';
import { withWorkspaceLock } from './workspace-lock.ts';

/** What every command that writes state takes. */
export interface StateOptions extends PushOptions {
  /** Another branch than the configured one, once: for a pull request. */
  readonly branch?: string;
  readonly dryRun?: boolean;
}

/** What a decision wrote: null when there was nothing to write, or in a dry run. */
export interface Decision<Result> {
  readonly result: Result;
  readonly commit: string | null;
}

export type Decided<Result> = Result & { readonly commit: string | null; readonly pushed: boolean };

/** A refused push is tried so often again, each time with everything checked anew. */
const mostRetries = 5;

/**
 * Reads, decides and writes under the lock of the clone, and pushes what was written where that was asked for. On a state
 * branch a refused push drops our commit, takes over the remote's and decides again.
 * @throws PUSH_REJECTED, REMOTE_MISSING, REMOTE_UNREACHABLE, and what `work` throws
 */
export const decideState = async <Result extends object>(
  workspace: Workspace,
  options: StateOptions,
  work: (state: StateStore) => Promise<Decision<Result>>,
): Promise<Decided<Result>> => {
  const state = openState(workspace, { branch: options.branch });
  if (options.dryRun) return { ...(await work(state)).result, commit: null, pushed: false };
  return withWorkspaceLock(workspace, async () => {
    if (!wantsPush(workspace, options)) {
      const { result, commit } = await work(state);
      return { ...result, commit, pushed: false };
    }
    return decideAndPush(workspace, { state, remote: remoteOf(workspace, options), work });
  });
};

interface Pushing<Result> {
  readonly state: StateStore;
  readonly remote: string;
  readonly work: (state: StateStore) => Promise<Decision<Result>>;
}

const decideAndPush = async <Result extends object>(
  workspace: Workspace,
  { state, remote, work }: Pushing<Result>,
): Promise<Decided<Result>> => {
  for (let attempt = 0; ; attempt++) {
    await takeOver(workspace, state, remote);
    const { result, commit } = await work(state);
    const parent = commit && (await parentOf(workspace, commit));
    try {
      const pushed = await pushState(workspace, { state, remote, commit });
      return { ...result, commit, pushed };
    } catch (error) {
      const isRace =
        isPromptvError(error) && error.code === 'PUSH_REJECTED' && state.branch !== null && commit;
      if (!isRace || attempt === mostRetries) throw error;
      // Nobody has seen our commit: the branch goes back to where it was, and the decision is made again.
      await moveRef(workspace.repository, { branch: state.branch, from: commit, to: parent });
      state.refresh();
      await new Promise((resolve) => setTimeout(resolve, 40 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
};

const parentOf = async ({ repository }: Workspace, commit: string): Promise<string | null> =>
  (await repository.readObject(`${commit}^`))?.oid ?? null;

/** Brings a state branch to what the remote has, where that only adds to what is here. */
const takeOver = async (workspace: Workspace, state: StateStore, remote: string): Promise<void> => {
  const { repository } = workspace;
  if (state.branch === null) return;
  const theirs = await fetchBranch(repository, remote, state.branch);
  const ours = (await repository.readObject(`refs/heads/${state.branch}^{commit}`))?.oid ?? null;
  if (theirs === null || theirs === ours || !(ours === null || (await isAncestor(repository, ours, theirs))))
    return;
  await moveRef(repository, { branch: state.branch, from: ours, to: theirs });
  state.refresh();
};

interface PushedState {
  readonly state: StateStore;
  readonly remote: string;
  readonly commit: string | null;
}

/** Pushes the branch of the state if this run, or a killed one before it, added to it. */
const pushState = async (workspace: Workspace, { state, remote, commit }: PushedState): Promise<boolean> => {
  const { repository } = workspace;
  const branch = state.branch ?? (await currentBranch(repository));
  const tip = commit ?? (await state.commitId());
  if (branch === null || tip === null) return false;
  if (commit === null && !(await isUnpushedDecision(workspace, { remote, branch, tip }))) return false;
  await pushRefs(repository, { remote, refspecs: [`${tip}:refs/heads/${branch}`] });
  return true;
};

/** By this line a repeated push recognises the commit that a killed run left behind. */
export const decisionLine = 'Prompt-Decision: ';

const isUnpushedDecision = async (
  { repository }: Workspace,
  { remote, branch, tip }: { readonly remote: string; readonly branch: string; readonly tip: string },
): Promise<boolean> => {
  const object = await repository.readObject(tip);
  if (!object?.content.toString('utf8').includes(`\n${decisionLine}`)) return false;
  const theirs = await fetchBranch(repository, remote, branch);
  return theirs !== tip;
};
