import { join } from 'node:path';
import { removeFile } from '../store/write-file.ts';
import type { Workspace } from './workspace.ts';

/** Gives `work` the path of an index file that no one else uses, and removes it. Only under the clone's lock. */
export const withOwnIndex = async <T>(
  { repository }: Workspace,
  work: (index: string) => Promise<T>,
): Promise<T> => {
  const index = join(repository.gitDir, 'promptv-index');
  const clear = () => Promise.all([removeFile(index), removeFile(`${index}.lock`)]);
  // A killed run leaves its own behind.
  await clear();
  try {
    return await work(index);
  } finally {
    await clear();
  }
};
