import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { promptvError } from '../errors.ts';

/**
 * Writes a file whole or not at all, keeping the mode of one that is there; makes its folders.
 * @throws FILE_ACCESS
 */
export const writeFileWhole = async (path: string, content: string | Uint8Array): Promise<void> => {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, Buffer.from(content));
  } catch (error) {
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

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
