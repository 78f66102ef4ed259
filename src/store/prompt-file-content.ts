import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promptvError } from '../errors.ts';
import { accessError } from './file-access.ts';
import { isInside, type PromptFile } from './prompt-files.ts';
import { isLfsPointer, maxPromptBytes } from './prompt-text-bytes.ts';

export interface PromptFileContent {
  readonly bytes: Uint8Array;
  readonly size: number;
  /** Milliseconds since 1970, with fractions. */
  readonly modifiedMs: number;
  /** Permission bits, such as 0o644. */
  readonly mode: number;
}

/**
 * Reads a prompt's file, which must lie in the prompts directory (`dir`, below `root`) in fact, not only by name.
 * Throws `FILE_NOT_FOUND`, `FILE_SYMLINK`, `FILE_OUTSIDE`, `FILE_TOO_LARGE`, `FILE_LFS`, `FILE_ACCESS`, `STALE_READ`.
 */
export const readPromptFile = (
  file: PromptFile,
  { root, dir }: { readonly root: string; readonly dir: string },
): PromptFileContent => {
  const { path, absolutePath } = file;
  try {
    const found = lstatSync(absolutePath);
    if (found.isSymbolicLink()) throw promptvError('FILE_SYMLINK', { path });
    // Opening a pipe would wait for its writer.
    if (!found.isFile()) throw promptvError('FILE_ACCESS', { path, action: 'read', reason: 'it is no file' });
    if (!isInside(realpathSync.native(resolve(root, dir)), realpathSync.native(dirname(absolutePath)))) {
      throw promptvError('FILE_OUTSIDE', { path, directory: dir });
    }
    return readOpened(file);
  } catch (error) {
    throw accessError(path, error);
  }
};

const readOpened = ({ path, absolutePath }: PromptFile): PromptFileContent => {
  // Between the check and this call the file may have become a link.
  const descriptor = openSync(absolutePath, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (stat.size > maxPromptBytes) {
      throw promptvError('FILE_TOO_LARGE', { path, bytes: stat.size, limit: maxPromptBytes });
    }
    // One byte of room tells a file that grew from one that did not.
    const buffer = Buffer.alloc(stat.size + 1);
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    if (length !== stat.size) throw promptvError('STALE_READ', { path });
    const bytes = buffer.subarray(0, length);
    if (isLfsPointer(bytes)) throw promptvError('FILE_LFS', { path });
    return { bytes, size: stat.size, modifiedMs: stat.mtimeMs, mode: stat.mode & 0o777 };
  } finally {
    closeSync(descriptor);
  }
};
