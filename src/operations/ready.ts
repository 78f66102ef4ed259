import { promptvError } from '../errors.ts';
import { operationInProgress } from '../store/git-state.ts';
import type { Workspace } from './workspace.ts';

/**
 * Refuses early what would otherwise fail half-way: a merge or its kin in progress, or a commit that git is making
 * around us. A post-commit hook, where the commit is done, says so with `PROMPTV_HOOK=post-commit`.
 * @throws OPERATION_IN_PROGRESS, INSIDE_COMMIT
 */
export const assertReadyToCommit = async (workspace: Workspace, command: string): Promise<void> => {
  const operation = await operationInProgress(workspace.repository.gitDir);
  if (operation) throw promptvError('OPERATION_IN_PROGRESS', { operation });
  const { GIT_INDEX_FILE: index, PROMPTV_HOOK: hook } = workspace.env;
  if (index && hook !== 'post-commit') throw promptvError('INSIDE_COMMIT', { command, hook: 'commit' });
};
