import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Before the rename, write-file-atomic writes `NAME.EXT.` and a 32-bit number, which is hardly ever as short as a
 * person's `x.yaml.2`, our cache `NAME.json.PID.tmp`, what is derived from metrics `NAME.cache.PID.UUID.tmp`. The log
 * itself is only appended to: `2026-03-01.jsonl.1` is a person's.
 */
const temporaryName =
  /\.(?:ya?ml|json)\.(?:\d{8,10}|\d+\.tmp)$|\.(?:cache|answer|basis)\.\d+\.[0-9a-f-]{36}\.tmp$/;

const date = /\.(?:19|20)\d{6}$/;
const dayMs = 86_400_000;

/** Temporary files below a folder that a killed write left behind; absolute. */
export const listLeftovers = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile() && temporaryName.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const personal = await Promise.all(paths.map(isPersonal));
  return paths.filter((path, index) => path.includes('/.promptv/') || !personal[index]);
};

/** Beside prompts, a person's copy has a date or the moment when it was made: `x.yaml.20240115`, `x.yaml.1717171717`. */
const isPersonal = async (path: string): Promise<boolean> => {
  if (date.test(path)) return true;
  const moment = Number(/\.(\d+)$/.exec(path)?.[1]) * 1000;
  const times = await stat(path).catch(() => null);
  return [times?.mtimeMs, times?.ctimeMs].some((time = 0) => Math.abs(time - moment) < dayMs);
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
