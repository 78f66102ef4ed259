import { isPromptvError, type PromptvError, promptvError } from '../errors.ts';
import type { Workspace } from './workspace.ts';

/** What a rollback tells of its way, for the error that ends it. */
export interface RollbackProgress {
  readonly committed: (commit: string) => void;
}

/**
 * Runs a rollback under a limit of time: past it every git process is stopped, none is started, and the command fails,
 * saying what is done. The lock is free again when it does.
 * @throws ROLLBACK_TIMEOUT
 */
export const withDeadline = async <T>(
  { repository }: Workspace,
  limitMs: number,
  work: (progress: RollbackProgress) => Promise<T>,
): Promise<T> => {
  let commit: string | null = null;
  repository.limitTime(limitMs);
  const limit = repository.timeLimit;
  try {
    const committed = (id: string): void => {
      commit = id;
      // Found only after git was stopped: there is no time left to push it.
      if (limit?.isUp) throw promptvError('GIT_TIMEOUT', { command: 'commit' });
    };
    return await work({ committed });
  } catch (error) {
    if (limit?.isUp || isLockTimeout(error)) throw timeout(limitMs, commit, error);
    throw error;
  } finally {
    repository.liftLimit();
  }
};

/** Under the limit nobody waits longer for the lock than the limit lasts. */
const isLockTimeout = (error: unknown): error is PromptvError =>
  isPromptvError(error) && error.code === 'LOCK_TIMEOUT';

const timeout = (limitMs: number, commit: string | null, cause: unknown): Error =>
  promptvError(
    'ROLLBACK_TIMEOUT',
    {
      seconds: limitMs / 1000,
      done: commit === null ? 'nothing' : `the commit ${commit.slice(0, 12)} in this clone`,
      missing:
        commit === null
          ? `the commit${reasonOf(cause)}, so callers still read the old version`
          : 'the push was not confirmed, so callers elsewhere may still read the old version',
      commit,
    },
    cause,
  );

const reasonOf = (cause: unknown): string =>
  isLockTimeout(cause) ? ` (another promptv held the lock: ${cause.details.holder})` : '';
