import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { accessError } from './file-access.ts';

/** A hook, one character a byte, whatever it is written in; null where there is none, empty of a link that leads nowhere. */
export const readHook = (path: string): string | null => {
  if (!isThere(path)) return null;
  return existsSync(path) ? attempt(path, () => readFileSync(path, 'latin1')) : '';
};

/** Writes a hook that git will run, where a link leads; makes its folder. @throws FILE_ACCESS */
export const writeHook = (path: string, text: string | Uint8Array): void =>
  attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const place = existsSync(path) ? realpathSync(path) : path;
    writeFileSync(`${place}.promptv-new`, text);
    chmodSync(`${place}.promptv-new`, 0o755);
    renameSync(`${place}.promptv-new`, place);
  });

/** Puts back a hook that has another name, in place of the one that is there. @throws FILE_ACCESS */
export const replaceHook = (from: string, to: string): void => attempt(from, () => renameSync(from, to));

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
