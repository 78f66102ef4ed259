import { join } from 'node:path';
import { removeFile } from '../store/write-file.ts';
import type { Workspace } from './workspace.ts';

const ownIndex = ({ repository }: Workspace): string => join(repository.gitDir, 'promptv-index');

/** Gives `work` the path of an index file that no one else uses, and removes it. Only under the clone's lock. */
export const withOwnIndex = async <T>(
  workspace: Workspace,
  work: (index: string) => Promise<T>,
): Promise<T> => {
  await removeOwnIndex(workspace);
  try {
    return await work(ownIndex(workspace));
  } finally {
    await removeOwnIndex(workspace);
  }
};

/** Also what a killed run left of it. */
export const removeOwnIndex = async (workspace: Workspace): Promise<void> => {
  await removeFile(ownIndex(workspace));
  await removeFile(`${ownIndex(workspace)}.lock`);
};
