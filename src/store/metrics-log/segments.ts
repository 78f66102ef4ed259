import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promptvError } from '../../errors.ts';

/** What identifies a file's content as long as nobody writes to it. */
export interface FileState {
  readonly inode: string;
  readonly size: number;
  readonly modified: string;
  readonly changed: string;
}

/** One file of the log: `name` is unique in the log and orders it. */
export interface Segment {
  readonly name: string;
  readonly path: string;
  readonly state: FileState;
}

const segmentName = /^\d{4}-\d\d-\d\d(\.[A-Za-z0-9][A-Za-z0-9._-]*)?\.jsonl$/;

/** The name of the segment of a UTC day and, where each writer has its own, of the writer. */
export const nameSegment = (day: string, writer?: string): string =>
  writer === undefined ? `${day}.jsonl` : `${day}.${writer}.jsonl`;

/** The segments of a log directory, by name; none when the directory does not exist. */
export const listSegments = async (directory: string): Promise<Segment[]> => {
  const names = (await readNames(directory)).filter((name) => segmentName.test(name)).sort();
  const found = await Promise.all(names.map((name) => readSegment(name, join(directory, name))));
  return found.filter((segment) => segment !== null);
};

const readNames = async (directory: string): Promise<string[]> => {
  try {
    return await readdir(directory);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw promptvError('FILE_ACCESS', { path: directory, action: 'listed', reason: reasonOf(cause) }, cause);
  }
};

/** A file as a segment; null when it does not exist (any more). */
export const readSegment = async (name: string, path: string): Promise<Segment | null> => {
  try {
    return { name, path, state: describeState(await stat(path, { bigint: true })) };
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw promptvError('FILE_ACCESS', { path, action: 'read', reason: reasonOf(cause) }, cause);
  }
};

export const describeState = (found: BigIntStats): FileState => ({
  inode: `${found.dev}:${found.ino}`,
  size: Number(found.size),
  modified: String(found.mtimeNs),
  changed: String(found.ctimeNs),
});

const isSameState = (a: FileState, b: FileState): boolean =>
  a.inode === b.inode && a.size === b.size && a.modified === b.modified && a.changed === b.changed;

/**
 * True when a file could be written once more without a new time of change: at the moment `readAt` (epoch
 * milliseconds) its time was not older than the clock's tick, which is a second or two where times are whole seconds.
 */
const isRacy = (state: FileState, readAt: number): boolean => {
  const changed =
    Math.max(Number(BigInt(state.modified) / 1000n), Number(BigInt(state.changed) / 1000n)) / 1000;
  const tickMs = state.modified.endsWith('000000000') ? 2500 : 50;
  return changed > readAt - tickMs;
};

/** True when a file is as it was read, so that it need not be read again. */
export const isAsRead = (
  read: { readonly state: FileState; readonly readAt: number },
  state: FileState,
): boolean => isSameState(read.state, state) && !isRacy(state, read.readAt);

export const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');

export const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
