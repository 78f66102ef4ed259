import { join } from 'node:path';
import { promptvError } from '../errors.ts';
import { commitOnly } from '../git/commits.ts';
import { type FileState, readWorkTree } from '../git/work-tree.ts';
import { readTextIfThere } from '../store/read-file.ts';
import { removeFile, writeFileWhole } from '../store/write-file.ts';
import type { StateChange, StateFile, StateStore } from './state-store.ts';
import { gitPath, type Workspace } from './workspace.ts';

/**
 * Writes state files of the checked-out branch and commits just them; a refused commit puts them back.
 * @throws FILES_MODIFIED, FILE_IGNORED, PARTIALLY_STAGED, HOOK_REFUSED
 */
export const commitStateFiles = async (
  workspace: Workspace,
  state: StateStore,
  { files, message, sign }: StateChange,
): Promise<string> => {
  const { repository, root, config } = workspace;
  const paths = files.map(({ path }) => gitPath(workspace, path));
  const workTree = await readWorkTree(repository, paths);
  const originals = await Promise.all(
    files.map(({ path }) => checkFile(workspace, state, { path, workTree: workTree.files })),
  );
  for (const file of files) await writeText(join(root, file.path), file.text);
  try {
    return await commitOnly(repository, {
      paths,
      newPaths: paths.filter((path, index) => isUnknown(workTree.files.get(path), originals[index])),
      message,
      signoff: config.commit.signoff,
      sign: Boolean(sign),
    });
  } catch (error) {
    for (const { path, text } of originals) await writeText(join(root, path), text);
    throw error;
  }
};

/** Neither committed nor announced to git. */
const isUnknown = (file: FileState | undefined, original: StateFile | undefined): boolean =>
  file?.state === 'untracked' || (file === undefined && original?.text === null);

/**
 * The committed text, to go back to. What stands on disk beside it is a leftover of a killed run if it is not committed
 * and only adds to what is; anything else is a person's edit.
 */
const checkFile = async (
  workspace: Workspace,
  state: StateStore,
  { path, workTree }: { readonly path: string; readonly workTree: ReadonlyMap<string, FileState> },
): Promise<StateFile> => {
  const file = workTree.get(gitPath(workspace, path));
  const text = await state.read(path);
  if (file?.state === 'ignored') throw promptvError('FILE_IGNORED', { path });
  if (file?.state === 'partial' || file?.state === 'unmerged')
    throw promptvError('PARTIALLY_STAGED', { path });
  const onDisk = await readTextIfThere(join(workspace.root, path));
  if (file?.state === 'modified' && !isLeftover(text, onDisk))
    throw promptvError('FILES_MODIFIED', { paths: [path] });
  return { path, text };
};

/** State files only grow at the end of their last list: an interrupted write keeps every line but the closing ones. */
const isLeftover = (committed: string | null, onDisk: string | null): boolean => {
  if (committed === null || onDisk === null) return true;
  const kept = committed.split('\n').filter((line) => !/^\s*"current"|^\s*[\]}],?$|^$/.test(line));
  const found = new Set(onDisk.split('\n').map((line) => line.replace(/,$/, '')));
  return onDisk.length > committed.length && kept.every((line) => found.has(line.replace(/,$/, '')));
};

const writeText = (path: string, text: string | null): Promise<void> =>
  text === null ? removeFile(path) : writeFileWhole(path, text);
