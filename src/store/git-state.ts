import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const marks: readonly (readonly [string, string])[] = [
  ['MERGE_HEAD', 'merge'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
];

/** The operation of git's that waits for the user in this work tree, by the files it leaves; null when none does. */
export const operationInProgress = async (gitDir: string): Promise<string | null> => {
  const found = await Promise.all(marks.map(([file]) => exists(join(gitDir, file))));
  return marks[found.indexOf(true)]?.[1] ?? null;
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Whether no branch is checked out in this work tree; asking git would cost a process. */
export const isHeadDetached = async (gitDir: string): Promise<boolean> =>
  /^[0-9a-f]{40,64}\s*$/.test(await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => ''));

/** The branch that is checked out in this work tree; null when HEAD is detached, or kept where no file tells. */
export const checkedOutBranch = async (gitDir: string): Promise<string | null> => {
  const head = await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '');
  const branch = /^ref: refs\/heads\/(.+)\n$/.exec(head)?.[1];
  // So a repository with reftables fills the file that old programs look for.
  return branch === undefined || branch === '.invalid' ? null : branch;
};

/** Whether the repository's own configuration has a remote of this name; asking git would cost a process. */
export const hasRemote = async (commonDir: string, remote: string): Promise<boolean> => {
  const config = await readFile(join(commonDir, 'config'), 'utf8').catch(() => '');
  return config.split('\n').some((line) => line.trim() === `[remote "${remote}"]`);
};
