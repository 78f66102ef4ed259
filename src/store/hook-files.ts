import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { accessError } from './file-access.ts';

/** The text of a hook; null where there is none, an empty text of one that cannot be read as text. */
export const readHook = (path: string): string | null => {
  if (!isThere(path)) return null;
  return existsSync(path) ? attempt(path, () => readFileSync(path, 'utf8')) : '';
};

/** Writes a hook that git will run; makes its folder. @throws FILE_ACCESS */
export const writeHook = (path: string, text: string): void =>
  attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.promptv-new`, text);
    chmodSync(`${path}.promptv-new`, 0o755);
    renameSync(`${path}.promptv-new`, path);
  });

/** Gives a hook another name, in place of nothing. @throws FILE_ACCESS */
export const moveHook = (from: string, to: string): void =>
  attempt(from, () => {
    if (isThere(to)) throw new Error(`${to} exists`);
    renameSync(from, to);
  });

export const removeHook = (path: string): void => attempt(path, () => rmSync(path, { force: true }));

/** A link counts, whether or not it leads anywhere. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

const attempt = <T>(path: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw accessError(path, error);
  }
};
