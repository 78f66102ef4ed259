import { isPromptvError } from '../errors.ts';
import { pushCommand } from '../git/remote.ts';
import { checkedOutBranch, hasRemote, isHeadDetached } from '../store/git-state.ts';
import { removeOwnIndex } from './own-index.ts';
import { remoteOf, wantsPush } from './remote-view.ts';
import { settleWrites } from './state-leftovers.ts';
import { openPublication, type Publication } from './state-publication.ts';
import { openState, type StateStore } from './state-store.ts';
import type { PushOptions, Warning } from './types.ts';
import type { Workspace } from './workspace.ts';
import { withWorkspaceLock } from './workspace-lock.ts';

export { decisionLine } from './state-publication.ts';

/** What every command that writes state takes. */
export interface StateOptions extends PushOptions {
  /** Another branch than the configured one, once: for a pull request. */
  readonly branch?: string;
  readonly dryRun?: boolean;
}

/** Every decision may say something beside its answer. */
interface Warned {
  readonly warnings: readonly Warning[];
}

/** What a decision wrote: null when there was nothing to write, or in a dry run. */
export interface Decision<Result> {
  readonly result: Result;
  readonly commit: string | null;
  /** The next run comes to it by itself: then it is taken back, whatever branch it is on, when the remote refuses it. */
  readonly isRepeatable?: boolean;
}

/** `pushCommand` sends the commit to the others; null when it is there, nothing was written, or there is no such remote. */
export type Decided<Result> = Result & {
  readonly commit: string | null;
  readonly pushed: boolean;
  readonly pushCommand: string | null;
};

/** Reads the state, decides and writes; `publication` tells what the remote has, and is null when nothing is pushed. */
export type DecisionWork<Result> = (
  state: StateStore,
  publication: Publication | null,
) => Promise<Decision<Result>>;

/**
 * A refused push is tried so often again, each time with everything checked anew. The pauses between grow until eight
 * clones that decide at once have room for one after the other.
 */
const mostRetries = 5;

/**
 * Reads, decides and writes under the lock of the clone, and pushes what was written where that was asked for. On a state
 * branch a refused push drops our commit, takes over the remote's and decides again; on the checked-out branch only a
 * repeatable one does, and takes nothing over.
 * @throws PUSH_REJECTED, REMOTE_MISSING, REMOTE_UNREACHABLE, STATE_DIVERGED, HEAD_DETACHED, and what `work` throws
 */
export const decideState = async <Result extends Warned>(
  workspace: Workspace,
  options: StateOptions,
  work: DecisionWork<Result>,
): Promise<Decided<Result>> => {
  const state = openState(workspace, { branch: options.branch });
  if (options.dryRun)
    return { ...(await work(state, null)).result, commit: null, pushed: false, pushCommand: null };
  return withWorkspaceLock(workspace, async () => {
    try {
      if (wantsPush(workspace, options))
        return await decideAndPush(workspace, { state, remote: remoteOf(workspace, options), work });
      const { result, commit } = await work(state, null);
      const warnings = commit
        ? [...result.warnings, ...(await warnDetached(workspace, state))]
        : result.warnings;
      const command = commit && (await pushCommandFor(workspace, options, state));
      return { ...result, warnings, commit, pushed: false, pushCommand: command };
    } finally {
      await clearLeftovers(workspace);
    }
  });
};

const pushCommandFor = async (
  workspace: Workspace,
  options: PushOptions,
  state: StateStore,
): Promise<string | null> => {
  const { gitDir, commonDir } = workspace.repository;
  const remote = remoteOf(workspace, options);
  const branch = state.branch ?? (await checkedOutBranch(gitDir));
  if (branch === null || !(options.remote !== undefined || (await hasRemote(commonDir, remote)))) return null;
  return pushCommand(remote, [`refs/heads/${branch}`]);
};

/** A commit on a detached HEAD is on no branch: the next checkout leaves it behind. */
const warnDetached = async (
  { repository }: Workspace,
  { branch }: StateStore,
): Promise<readonly Warning[]> => {
  if (branch !== null || !(await isHeadDetached(repository.gitDir))) return [];
  const message =
    'HEAD is detached, so the decision is on no branch and the next checkout leaves it behind. ' +
    'Keep it with "git switch -c BRANCH", or write to a branch with --branch NAME.';
  return [{ code: 'HEAD_DETACHED', message }];
};

/** Of this run, and of killed ones before it; it must not hide what went wrong. */
const clearLeftovers = async (workspace: Workspace): Promise<void> => {
  workspace.repository.allowTidying();
  await Promise.allSettled([settleWrites(workspace), removeOwnIndex(workspace)]);
};

interface Pushing<Result> {
  readonly state: StateStore;
  readonly remote: string;
  readonly work: DecisionWork<Result>;
}

const decideAndPush = async <Result extends Warned>(
  workspace: Workspace,
  { state, remote, work }: Pushing<Result>,
): Promise<Decided<Result>> => {
  const publication = await openPublication(workspace, state, remote);
  for (let attempt = 0; ; attempt++) {
    await publication.takeOver();
    const { result, commit, isRepeatable = false } = await work(state, publication);
    try {
      return { ...result, commit, pushed: await publication.push(commit), pushCommand: null };
    } catch (error) {
      if (!isPromptvError(error) || error.code !== 'PUSH_REJECTED') throw error;
      const kept = await publication.takeBack(commit, isRepeatable);
      if (attempt === mostRetries || !(await publication.canTryAgain(error, kept)))
        throw publication.explain(error, { commit, kept });
      const pauseMs = 400 * 2 ** attempt * (0.5 + Math.random());
      const leftMs = workspace.repository.timeLimit?.remainingMs() ?? pauseMs;
      await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, leftMs)));
    }
  }
};
