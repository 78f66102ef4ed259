import { join } from 'node:path';
import { isPromptvError, promptvError } from '../errors.ts';
import { commitOnly, undoCommit } from '../git/commits.ts';
import { type FileState, readWorkTree, type WorkTreeState } from '../git/work-tree.ts';
import { digestOf, type PendingWrites, readPendingWrites } from '../store/pending-writes.ts';
import { readBytesIfThere, readTextIfThere } from '../store/read-file.ts';
import { assertNoLinkedFolder, removeFile, writeFileWhole } from '../store/write-file.ts';
import { noteWrites } from './state-leftovers.ts';
import { assertSigned } from './state-signature.ts';
import type { StateChange, StateFile, StateStore } from './state-store.ts';
import { gitPath, type Workspace } from './workspace.ts';

/** A change, what git says of its files, and the committed texts to go back to. */
interface Attempt extends StateChange {
  readonly paths: readonly string[];
  readonly workTree: WorkTreeState;
  readonly originals: readonly Original[];
}

/** The committed text, and what to put back, which has the line endings of this checkout. */
interface Original extends StateFile {
  readonly onDisk: Uint8Array | string | null;
}

/**
 * Writes state files of the checked-out branch and commits just them; a refused commit puts them back.
 * @throws FILES_MODIFIED, FILE_IGNORED, FILE_SYMLINK, PARTIALLY_STAGED, HOOK_REFUSED, STATE_MOVED, SIGNATURE_REFUSED
 */
export const commitStateFiles = async (
  workspace: Workspace,
  state: StateStore,
  change: StateChange,
): Promise<string> => {
  const { repository, root } = workspace;
  const paths = change.files.map(({ path }) => gitPath(workspace, path));
  const [workTree, pending] = await Promise.all([
    readWorkTree(repository, paths),
    readPendingWrites(repository.gitDir),
  ]);
  const originals = await Promise.all(
    change.files.map(({ path }) => checkFile(workspace, state, { path, workTree: workTree.files, pending })),
  );
  await noteWrites(workspace, pending, change.files);
  try {
    for (const file of change.files) await writeContent(join(root, file.path), file.text);
    return await commitChecked(workspace, state, { ...change, paths, workTree, originals });
  } catch (error) {
    for (const { path, onDisk } of originals) await writeContent(join(root, path), onDisk);
    throw error;
  }
};

/** What can only be known of a commit that is made is checked at once; a commit that fails is taken back. */
const commitChecked = async (workspace: Workspace, state: StateStore, attempt: Attempt): Promise<string> => {
  const commit = await makeCommit(workspace, state, attempt);
  try {
    await assertBasis(workspace, state, { ...attempt, commit });
    await assertSigned(workspace, commit, attempt.sign ?? null);
    return commit;
  } catch (error) {
    await undoCommit(workspace.repository, commit, attempt.paths);
    throw error;
  }
};

const makeCommit = async (workspace: Workspace, state: StateStore, attempt: Attempt): Promise<string> => {
  const { repository, config } = workspace;
  const { paths, workTree, originals, message, sign } = attempt;
  const isNew = (path: string, index: number): boolean =>
    originals[index]?.text === null && workTree.files.get(path)?.intentToAdd !== true;
  try {
    return await commitOnly(repository, {
      paths,
      newPaths: paths.filter(isNew),
      message,
      signoff: config.commit.signoff,
      sign: Boolean(sign),
    });
  } catch (error) {
    const made = await findStopped(workspace, state, { ...attempt, error });
    if (made === null) throw error;
    return made;
  }
};

/** A git that was stopped in a slow hook may have made the commit before. */
const findStopped = async (
  { repository }: Workspace,
  state: StateStore,
  { files, paths, error }: Attempt & { readonly error: unknown },
): Promise<string | null> => {
  if (!isPromptvError(error) || error.code !== 'GIT_TIMEOUT') return null;
  repository.allowTidying();
  const head = (await repository.readObject('HEAD'))?.oid ?? null;
  if (head === null || head === (await state.commitId())) return null;
  const texts = await Promise.all(paths.map((path) => repository.readObject(`${head}:${path}`)));
  return files.every(({ text }, index) => (texts[index]?.content.toString('utf8') ?? null) === text)
    ? head
    : null;
};

/** A commit that another git made meanwhile must not have moved what was decided on. */
const assertBasis = async (
  { repository }: Workspace,
  state: StateStore,
  { commit, paths, originals, workTree }: Attempt & { readonly commit: string },
): Promise<void> => {
  const parent = (await repository.readObject(`${commit}^`))?.oid ?? null;
  if (parent === (await state.commitId())) return;
  const texts = await Promise.all(paths.map((path) => repository.readObject(`${parent}:${path}`)));
  if (texts.some((text, index) => (text?.content.toString('utf8') ?? null) !== originals[index]?.text))
    throw promptvError('STATE_MOVED', { branch: workTree.branch ?? 'HEAD' });
};

interface Sight {
  readonly path: string;
  readonly workTree: ReadonlyMap<string, FileState>;
  readonly pending: PendingWrites;
}

/** The committed text. What stands on disk beside it is what a killed run noted that it writes, or a person's edit. */
const checkFile = async (
  workspace: Workspace,
  state: StateStore,
  { path, workTree, pending }: Sight,
): Promise<Original> => {
  await assertNoLinkedFolder(workspace.root, path);
  const file = workTree.get(gitPath(workspace, path));
  const text = await state.read(path);
  if (file?.state === 'ignored') throw promptvError('FILE_IGNORED', { path });
  if (file?.state === 'partial' || file?.state === 'unmerged')
    throw promptvError('PARTIALLY_STAGED', { path });
  const place = join(workspace.root, path);
  if (file === undefined) return { path, text, onDisk: (await readBytesIfThere(place)) ?? text };
  if (pending.get(place) !== digestOf(await readTextIfThere(place)))
    throw promptvError('FILES_MODIFIED', { paths: [path] });
  return { path, text, onDisk: text };
};

const writeContent = (path: string, content: Original['onDisk']): Promise<void> =>
  content === null ? removeFile(path) : writeFileWhole(path, content);
