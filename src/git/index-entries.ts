import type { Repository } from './repository.ts';

/** A file as it stands in the index. */
export interface IndexEntry {
  /** Relative to the top folder. */
  readonly path: string;
  readonly blob: string;
  readonly isLink: boolean;
}

/** The files below a folder (or a single file) in the index that git is using now: inside a hook, the one it commits. */
export const listIndex = async (repository: Repository, path: string): Promise<IndexEntry[]> => {
  const output = await repository.run(['ls-files', '--stage', '-z', '--', path]);
  const entries: IndexEntry[] = [];
  for (const line of output.stdout.toString('utf8').split('\0')) {
    const match = /^(\d{6}) ([0-9a-f]+) 0\t(.*)$/s.exec(line);
    if (match) entries.push({ path: match[3] ?? '', blob: match[2] ?? '', isLink: match[1] === '120000' });
  }
  return entries;
};

/** How many files below a folder are in the index and, by the rules of a sparse checkout, not on disk. */
export const countSkipped = async (repository: Repository, folder: string): Promise<number> => {
  const output = await repository.run(['ls-files', '-t', '-z', '--', folder]);
  const entries = output.stdout.toString('utf8').split('\0');
  return entries.filter((entry) => entry.startsWith('S ')).length;
};
