import { closestGlob } from '../../core/version/branch-glob.ts';
import { isPromptvError, promptvError } from '../../errors.ts';
import { currentBranch } from '../../git/history.ts';
import { lastAction, listLastCommit, listUncommitted } from '../../git/last-commit.ts';
import { operationInProgress } from '../../store/git-state.ts';
import { type SavedVersion, save } from '../save.ts';
import { status } from '../status.ts';
import type { Warning } from '../types.ts';
import { gitPath, type Workspace, workspacePath } from '../workspace.ts';

export interface PostCommitResult {
  readonly saved: readonly SavedVersion[];
  /** Why nothing was saved: a state of git, a branch that is not configured, another promptv; null when all was done. */
  readonly skipped: string | null;
  readonly warnings: readonly Warning[];
}

/**
 * Versions the prompts of the commit that was just made, on the branches of `hooks.saveBranches`: only texts as they
 * were committed. It never waits, and no failure leaves it: what went wrong is a warning, and `save` can do it later.
 */
export const versionCommit = async (workspace: Workspace): Promise<PostCommitResult> => {
  try {
    const skipped = await findReasonToSkip(workspace);
    const names = skipped === null ? await committedPrompts(workspace) : null;
    if (skipped !== null || names === null) return { saved: [], skipped: skipped ?? 'merge', warnings: [] };
    if (names.length === 0) return { saved: [], skipped: null, warnings: [] };
    const { saved, warnings } = await save(withoutWaiting(workspace), { names });
    return { saved, skipped: null, warnings };
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    if (error.code === 'LOCK_TIMEOUT') return { saved: [], skipped: 'locked', warnings: [] };
    const message = `The commit is made, its prompts have no version yet: ${error.message}`;
    return { saved: [], skipped: 'failed', warnings: [{ code: error.code, message }] };
  }
};

/** A clean revert leaves no file in the git folder: only the log of HEAD tells it from a commit. */
const findReasonToSkip = async (workspace: Workspace): Promise<string | null> => {
  const { env, repository, config } = workspace;
  if (env.PROMPTV_IN_COMMIT) return 'own-commit';
  const operation = await operationInProgress(repository.gitDir);
  if (operation) return operation;
  const branch = await currentBranch(repository);
  if (branch === null) return 'detached';
  if (closestGlob(config.hooks.saveBranches, branch) === null) return 'branch';
  const action = await lastAction(repository);
  return action === null || action === 'commit' ? null : action;
};

/** Prompts of the last commit whose files are as it has them, and that a save would version; null of a merge. */
const committedPrompts = async (workspace: Workspace): Promise<string[] | null> => {
  const { repository, config } = workspace;
  const paths = await listLastCommit(repository, gitPath(workspace, config.prompts.dir));
  if (paths === null || paths.length === 0) return paths;
  const dirty = new Set(await listUncommitted(repository, paths));
  const files = new Set(
    paths.filter((path) => !dirty.has(path)).map((path) => workspacePath(workspace, path)),
  );
  const { prompts } = await status(workspace, {});
  return prompts
    .filter(({ path, state }) => files.has(path) && (state === 'new' || state === 'modified'))
    .map(({ prompt }) => prompt);
};

/** Another promptv may hold the lock for long, and be waiting for this very commit. */
const withoutWaiting = (workspace: Workspace): Workspace => ({
  ...workspace,
  env: { ...workspace.env, PROMPTV_HOOK: 'post-commit' },
  onWait: ({ pid }) => {
    throw promptvError('LOCK_TIMEOUT', { seconds: 0, holder: `process ${pid}`, path: '' });
  },
});
