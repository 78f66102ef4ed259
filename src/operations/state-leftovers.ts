import { join, relative } from 'node:path';
import { withdraw } from '../git/commits.ts';
import { readFiltered } from '../git/history.ts';
import { readWorkTree } from '../git/work-tree.ts';
import { removeLeftoversOf } from '../store/leftovers.ts';
import {
  digestOf,
  type PendingWrites,
  readPendingWrites,
  writePendingWrites,
} from '../store/pending-writes.ts';
import { readTextIfThere } from '../store/read-file.ts';
import { removeFile, writeFileWhole } from '../store/write-file.ts';
import type { StateFile } from './state-store.ts';
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

/**
 * Puts back what a killed run wrote and nobody committed, as a checkout of HEAD has it, and forgets the rest. Only under
 * the clone's lock, and after an own decision is committed or taken back.
 */
export const settleWrites = async (workspace: Workspace): Promise<void> => {
  const { repository } = workspace;
  const noted = await readPendingWrites(repository.gitDir);
  if (noted.size === 0) return;
  const open: StateFile[] = [];
  for (const [place, digest] of noted) {
    await removeLeftoversOf(place);
    const text = await committedText(workspace, place);
    const isOpen = digestOf(await readTextIfThere(place)) === digest && digestOf(text) !== digest;
    if (isOpen) open.push({ path: place, text });
  }
  await putBack(workspace, open);
  await writePendingWrites(repository.gitDir, new Map());
};

/** Of HEAD, whatever branch was decided on: these files stand in the work tree. */
const committedText = async ({ repository }: Workspace, place: string): Promise<string | null> => {
  const blob = await repository.readObject(`HEAD:${relative(repository.topLevel, place)}`);
  return blob?.type === 'blob' ? blob.content.toString('utf8') : null;
};

const putBack = async ({ repository }: Workspace, files: readonly StateFile[]): Promise<void> => {
  if (files.length === 0) return;
  const paths = files.map(({ path }) => relative(repository.topLevel, path));
  const { files: found } = await readWorkTree(repository, paths);
  const announced = paths.filter((path) => found.get(path)?.intentToAdd);
  if (announced.length > 0) await withdraw(repository, announced);
  for (const [index, { path, text }] of files.entries()) {
    const blob = { blob: `HEAD:${paths[index]}`, path: paths[index] ?? '' };
    await (text === null ? removeFile(path) : writeFileWhole(path, await readFiltered(repository, blob)));
  }
};
