import { promptvError } from '../errors.ts';
import type { Workspace } from './workspace.ts';

/** What a rollback tells of its way, for the error that ends it. */
export interface RollbackProgress {
  readonly committed: (commit: string) => void;
}

/**
 * Runs a rollback under a limit of time: every git process gets what is left of it, and past it the command fails, saying
 * what is done.
 * @throws ROLLBACK_TIMEOUT
 */
export const withDeadline = async <T>(
  workspace: Workspace,
  limitMs: number,
  work: (progress: RollbackProgress) => Promise<T>,
): Promise<T> => {
  let commit: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeout(limitMs, commit)), limitMs);
  });
  workspace.repository.limitTime(limitMs);
  try {
    const committed = (id: string): void => {
      commit = id;
    };
    return await Promise.race([work({ committed }), expiry]);
  } catch (error) {
    // The processes are stopped at the same moment; whichever is noticed first, the story is the same.
    if (error instanceof Error && 'code' in error && error.code === 'GIT_TIMEOUT')
      throw timeout(limitMs, commit);
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

const timeout = (limitMs: number, commit: string | null): Error =>
  promptvError('ROLLBACK_TIMEOUT', {
    seconds: limitMs / 1000,
    done: commit === null ? 'nothing' : `the commit ${commit.slice(0, 12)} here`,
    missing:
      commit === null ? 'the commit and the push' : 'the push: callers elsewhere still read the old version',
  });
