import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { removeLeftoversOf } from './leftovers.ts';
import { readTextIfThere } from './read-file.ts';
import { removeFile, writeFileWhole } from './write-file.ts';

/** Files that promptv is writing and has not committed yet: absolute path → what `digestOf` says of the new text. */
export type PendingWrites = ReadonlyMap<string, string>;

const fileIn = (gitDir: string): string => join(gitDir, 'promptv-pending.json');

/** Stands for a text, or for a file that is removed. */
export const digestOf = (text: string | null): string =>
  text === null ? 'removed' : createHash('sha256').update(text).digest('hex');

/** What a run noted before it wrote; a run that was killed leaves it for the next one. */
export const readPendingWrites = async (gitDir: string): Promise<PendingWrites> => {
  try {
    const noted: unknown = JSON.parse((await readTextIfThere(fileIn(gitDir))) ?? '{}');
    const entries = typeof noted === 'object' && noted !== null ? Object.entries(noted) : [];
    return new Map(entries.map(([path, digest]) => [path, String(digest)]));
  } catch {
    // Not our text: then nothing on disk counts as ours.
    return new Map();
  }
};

export const writePendingWrites = async (gitDir: string, pending: PendingWrites): Promise<void> => {
  await removeLeftoversOf(fileIn(gitDir));
  if (pending.size === 0) await removeFile(fileIn(gitDir));
  else await writeFileWhole(fileIn(gitDir), `${JSON.stringify(Object.fromEntries(pending))}\n`);
};
