import { join } from 'node:path';
import { removeLeftoversOf } from '../store/leftovers.ts';
import {
  digestOf,
  type PendingWrites,
  readPendingWrites,
  writePendingWrites,
} from '../store/pending-writes.ts';
import { readTextIfThere } from '../store/read-file.ts';
import type { StateFile, StateStore } from './state-store.ts';
import type { Workspace } from './workspace.ts';

/**
 * What a killed run wrote and did not commit is told from a person's edit by a note that is made in git's folder before
 * the first byte is written.
 */
export const noteWrites = async (
  { repository, root }: Workspace,
  before: PendingWrites,
  files: readonly StateFile[],
): Promise<void> => {
  const ours = files.map(({ path, text }): [string, string] => [join(root, path), digestOf(text)]);
  await writePendingWrites(repository.gitDir, new Map([...before, ...ours]));
  for (const [path] of ours) await removeLeftoversOf(path);
};

/** Forgets what is committed by now, and what is on disk no longer. */
export const settleWrites = async (workspace: Workspace, state: StateStore): Promise<void> => {
  const { repository, root } = workspace;
  const noted = await readPendingWrites(repository.gitDir);
  if (noted.size === 0) return;
  const kept = new Map<string, string>();
  for (const [path, digest] of noted) {
    const committed = path.startsWith(`${root}/`) ? await state.read(path.slice(root.length + 1)) : null;
    const isOpen = digestOf(await readTextIfThere(path)) === digest && digestOf(committed) !== digest;
    if (isOpen) kept.set(path, digest);
  }
  await writePendingWrites(repository.gitDir, kept);
};
