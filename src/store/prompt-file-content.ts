import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
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
    if (!isFolderInside({ root, dir }, dirname(absolutePath))) {
      throw promptvError('FILE_OUTSIDE', { path, directory: dir });
    }
    return readOpened(file);
  } catch (error) {
    if (isErrno(error, 'ELOOP')) throw promptvError('FILE_SYMLINK', { path }, error);
    throw accessError(path, error);
  }
};

/** Folders of a run are few, its files many. */
const foldersInside = new Map<string, boolean>();

const isFolderInside = (
  { root, dir }: { readonly root: string; readonly dir: string },
  folder: string,
): boolean => {
  const key = `${root}\0${dir}\0${folder}`;
  const known = foldersInside.get(key);
  if (known !== undefined) return known;
  const isThere = isInside(realpathSync.native(resolve(root, dir)), realpathSync.native(folder));
  foldersInside.set(key, isThere);
  return isThere;
};

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

// A link is refused by the call itself; opening a pipe does not wait for its writer.
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const readOpened = ({ path, absolutePath }: PromptFile): PromptFileContent => {
  const descriptor = openSync(absolutePath, openFlags);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw promptvError('FILE_ACCESS', { path, action: 'read', reason: 'it is no file' });
    if (stat.size > maxPromptBytes) {
      throw promptvError('FILE_TOO_LARGE', { path, bytes: stat.size, limit: maxPromptBytes });
    }
    // One byte of room tells a file that grew from one that did not.
    const buffer = Buffer.allocUnsafe(stat.size + 1);
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    if (length !== stat.size) throw promptvError('STALE_READ', { path });
    const bytes = buffer.subarray(0, length);
    if (isLfsPointer(bytes)) throw promptvError('FILE_LFS', { path });
    return { bytes, size: stat.size, modifiedMs: stat.mtimeMs, mode: stat.mode & 0o777 };
  } finally {
    closeSync(descriptor);
  }
};
