import type { IndexEntry } from './index-entries.ts';
import type { Repository } from './repository.ts';

/**
 * The files below a folder that the index git is using now adds or changes, with what they are there: inside a hook,
 * what it is about to commit. One git process.
 */
export const listStagedChanges = async (repository: Repository, path: string): Promise<IndexEntry[]> => {
  const options = ['--raw', '-z', '--no-renames', '--no-abbrev', '--diff-filter=d', '--no-ext-diff'];
  const { stdout } = await repository.run(['diff', '--cached', ...options, '--', path]);
  const fields = stdout.toString('utf8').split('\0');
  const entries: IndexEntry[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, mode = '', , blob = ''] = (fields[index] ?? '').split(' ');
    if (!mode.startsWith('160'))
      entries.push({ path: fields[index + 1] ?? '', blob, isLink: mode === '120000' });
  }
  return entries;
};
