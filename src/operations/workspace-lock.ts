import { join } from 'node:path';
import { withLock } from '../store/lock.ts';
import type { Workspace } from './workspace.ts';

/** The lock that all writing commands of one clone queue on, in the folder that its work trees share. */
export const lockPath = (workspace: Workspace): string =>
  join(workspace.repository.commonDir, 'promptv.lock');

/** How long a command waits for the others of its clone. */
const patienceMs = 120_000;

/** Runs `work` while no other promptv writes in this clone. @throws LOCK_TIMEOUT */
export const withWorkspaceLock = <T>(workspace: Workspace, work: () => Promise<T>): Promise<T> =>
  withLock(
    lockPath(workspace),
    {
      patienceMs: workspace.repository.timeLimit?.remainingMs() ?? patienceMs,
      now: workspace.now,
      onWait: workspace.onWait,
    },
    work,
  );
