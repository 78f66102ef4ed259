import type { Repository } from './repository.ts';

/** What a commit did to one file: its content before (of a merge one a parent) and after, as object ids; null: none. */
export interface FileChange {
  /** From the top folder. */
  readonly path: string;
  readonly before: readonly (string | null)[];
  readonly after: string | null;
}

export interface CommitChanges {
  readonly commit: string;
  /** `Name <mail>`, as the mailmap has the author. */
  readonly author: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly subject: string;
  readonly changes: readonly FileChange[];
}

/**
 * Every commit in the history of `tips` that changed one of the paths (files or folders), with what it changed; also on
 * side branches that came to nothing. Of a merge only what it changed itself. One process.
 */
export const readPathHistory = async (
  repository: Repository,
  { tips, paths }: { readonly tips: readonly string[]; readonly paths: readonly string[] },
): Promise<CommitChanges[]> => {
  if (tips.length === 0) return [];
  const format = '--format=%x01%H%x00%aN <%aE>%x00%at%x00%s';
  const shape = ['-z', '-c', '--raw', '--no-abbrev', '--no-renames', '--full-history', '--no-show-signature'];
  const output = await repository.run(['log', ...shape, format, ...tips, '--', ...paths]);
  return parseHistory(output.stdout.toString('utf8').split('\0'));
};

const parseHistory = (fields: readonly string[]): CommitChanges[] => {
  const commits: (Omit<CommitChanges, 'changes'> & { readonly changes: FileChange[] })[] = [];
  for (let at = 0; at < fields.length; ) {
    const field = (fields[at] ?? '').replace(/^\n/, '');
    const [next, second, third] = [fields[at + 1] ?? '', fields[at + 2] ?? '', fields[at + 3] ?? ''];
    if (field.startsWith('\u0001')) {
      const time = new Date(Number(second) * 1000).toISOString();
      commits.push({ commit: field.slice(1), author: next, at: time, subject: third, changes: [] });
      at += 4;
    } else if (field.startsWith(':')) {
      commits.at(-1)?.changes.push({ path: next, ...parseIds(field) });
      at += 2;
    } else at += 1;
  }
  return commits;
};

/** `:MODE MODE ID ID STATUS`; of a merge with one more mode and one more id for each further parent. */
const parseIds = (meta: string): Omit<FileChange, 'path'> => {
  const parents = /^:+/.exec(meta)?.[0].length ?? 1;
  const ids = meta.split(' ').slice(parents + 1, -1);
  const idOrNull = (id: string | undefined): string | null => (id && !/^0+$/.test(id) ? id : null);
  return { before: ids.slice(0, -1).map(idOrNull), after: idOrNull(ids.at(-1)) };
};
