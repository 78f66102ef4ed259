import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Before the rename, write-file-atomic writes `NAME.EXT.` and a 32-bit number, which is hardly ever as short as a
 * person's `x.yaml.2`, our cache `NAME.json.PID.tmp`, what is
 * derived from metrics `NAME.cache.PID.UUID.tmp`. The log itself is only appended to: `2026-03-01.jsonl.1` is a person's.
 */
const temporaryName =
  /\.(?:ya?ml|json)\.(?:\d{8,10}|\d+\.tmp)$|\.(?:cache|answer|basis)\.\d+\.[0-9a-f-]{36}\.tmp$/;

/** Beside prompts, a date or a moment is a person's: `x.yaml.20240115`, `x.yaml.1717171717`. */
const personalName = /\.(?:(?:19|20)\d{6}|(?:1[5-9]|20)\d{8})$/;

/** Temporary files below a folder that a killed write left behind; absolute. */
export const listLeftovers = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && temporaryName.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.includes('/.promptv/') || !personalName.test(path));
};

/** Removes the temporary files of killed writes to one file; nobody else may be writing it. */
export const removeLeftoversOf = async (path: string): Promise<void> => {
  const names = await readdir(dirname(path)).catch(() => []);
  const isOurs = (name: string): boolean => name.startsWith(`${basename(path)}.`) && temporaryName.test(name);
  for (const name of names.filter(isOurs)) await rm(join(dirname(path), name), { force: true });
};

/** How many files there are below a folder; none if it does not exist. */
export const countFiles = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).length;
};
