import { promptvError } from '../errors.ts';
import { readTextIfThere } from './read-file.ts';
import { writeFileWhole } from './write-file.ts';

/** What texts were accepted, by a key that names case and subject. */
export type Snapshots = ReadonlyMap<string, string>;

/** Reads a file of snapshots; one that is not there has none. @throws SNAPSHOTS_INVALID, FILE_ACCESS */
export const readSnapshots = async (path: string): Promise<Snapshots> => {
  const text = await readTextIfThere(path);
  if (text === null) return new Map();
  const value = parse(text);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : null;
  if (entries === null || Array.isArray(value) || entries.some(([, each]) => typeof each !== 'string'))
    throw promptvError('SNAPSHOTS_INVALID', { path });
  return new Map(entries.map(([key, each]) => [key, String(each)]));
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Writes snapshots in the order of their keys. @throws FILE_ACCESS */
export const writeSnapshots = (path: string, snapshots: Snapshots): Promise<void> => {
  const sorted = [...snapshots].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return writeFileWhole(path, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
};
