import { realpathSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promptvError } from '../errors.ts';
import { accessError } from './file-access.ts';

/** Whether there is a file (not a folder) at the path. */
export const fileExists = (path: string): Promise<boolean> =>
  stat(path).then(
    (file) => file.isFile(),
    () => false,
  );

/** Reads a file as UTF-8. @throws FILE_NOT_TEXT, as `accessError` */
export const readTextFile = async (path: string): Promise<string> => {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw accessError(path, error);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw promptvError('FILE_NOT_TEXT', { path }, error);
  }
};

/** A folder's path without symbolic links, as git names it. @throws FOLDER_NOT_FOUND */
export const realFolder = async (path: string): Promise<string> => {
  const folder = await realpath(path).catch(() => null);
  if (folder === null || !(await stat(folder)).isDirectory())
    throw promptvError('FOLDER_NOT_FOUND', { path });
  return folder;
};

/** An absolute path with no symbolic link among its folders; neither file nor folders need to be there. */
export const withRealFolders = (path: string): string => {
  const folder = dirname(path);
  if (folder === path) return path;
  try {
    return join(realpathSync(folder), basename(path));
  } catch {
    return join(withRealFolders(folder), basename(path));
  }
};

/** The permissions of a file; undefined when there is none. */
export const readMode = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );

/** A file's bytes, or null when there is none. */
export const readBytesIfThere = async (path: string): Promise<Buffer | null> =>
  (await fileExists(path)) ? readFile(path) : null;

/** A file's text, or null when there is none. */
export const readTextIfThere = async (path: string): Promise<string | null> =>
  (await fileExists(path)) ? readTextFile(path) : null;
