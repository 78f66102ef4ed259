import type { IndexEntry } from './index-entries.ts';
import type { Repository } from './repository.ts';

/** What the index that git is using now makes of the files below a folder. */
export interface IndexChanges {
  /** Added or changed, with what they are in the index. */
  readonly written: readonly IndexEntry[];
  /** Paths relative to the top folder. */
  readonly deleted: readonly string[];
}

/** The changes below a folder in the index that git is using now: inside a hook, what it is about to commit. One git process. */
export const listStagedChanges = async (repository: Repository, path: string): Promise<IndexChanges> => {
  const options = ['--raw', '-z', '--no-renames', '--no-abbrev', '--no-ext-diff'];
  const { stdout } = await repository.run(['diff', '--cached', ...options, '--', path]);
  const fields = stdout.toString('utf8').split('\0');
  const written: IndexEntry[] = [];
  const deleted: string[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, mode = '', , blob = '', kind = ''] = (fields[index] ?? '').split(' ');
    const changed = fields[index + 1] ?? '';
    if (kind === 'D') deleted.push(changed);
    else if (!mode.startsWith('160')) written.push({ path: changed, blob, isLink: mode === '120000' });
  }
  return { written, deleted };
};
