import { lstat, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { isPromptvError, promptvError } from '../errors.ts';

/**
 * Writes a file whole or not at all, with the mode that is given or that of the file that is there; makes its folders. A
 * pipe or a device takes the text and stays what it is, and no link that leads nowhere is replaced.
 * @throws FILE_ACCESS, FILE_SYMLINK
 */
export const writeFileWhole = async (
  path: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> => {
  try {
    const target = await stat(path).catch(() => null);
    if (target === null && (await isLink(path))) throw promptvError('FILE_SYMLINK', { path });
    if (target?.isFIFO() || target?.isCharacterDevice()) return await writeFile(path, content);
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, Buffer.from(content), mode === undefined ? {} : { mode });
  } catch (error) {
    if (isPromptvError(error)) throw error;
    throw promptvError('FILE_ACCESS', { path, action: 'written', reason: reasonOf(error) }, error);
  }
};

/**
 * Checks that a file which a person named can be written: its folder is there, for one that is misspelt is not wanted.
 * @throws FOLDER_NOT_FOUND
 */
export const assertOutputFolder = async (path: string): Promise<void> => {
  const folder = await stat(dirname(path)).catch(() => null);
  if (!folder?.isDirectory()) throw promptvError('FOLDER_NOT_FOUND', { path: dirname(path) });
};

/** Removes a file; one that is not there is no failure. @throws FILE_ACCESS */
export const removeFile = async (path: string): Promise<void> => {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw promptvError('FILE_ACCESS', { path, action: 'removed', reason: reasonOf(error) }, error);
  }
};

/**
 * Git keeps nothing that lies behind a link, and what stands there belongs to something else; `path` is relative, with `/`.
 * @throws FILE_SYMLINK
 */
export const assertNoLinkedFolder = async (root: string, path: string): Promise<void> => {
  const folder = dirname(path);
  if (folder === '.') return;
  await assertNoLinkedFolder(root, folder);
  if (await isLink(join(root, folder))) throw promptvError('FILE_SYMLINK', { path: folder });
};

const isLink = (path: string): Promise<boolean> =>
  lstat(path).then(
    (entry) => entry.isSymbolicLink(),
    () => false,
  );

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
