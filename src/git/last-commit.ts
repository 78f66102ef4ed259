import type { Repository } from './repository.ts';

/** The files below a folder that the commit of HEAD adds or changes; null of a merge. */
export const listLastCommit = async (repository: Repository, folder: string): Promise<string[] | null> => {
  const parents = await repository.run(['rev-list', '--parents', '-n', '1', 'HEAD']);
  if (parents.stdout.toString('utf8').trim().split(' ').length > 2) return null;
  const { stdout } = await repository.run([...listing, '--diff-filter=d', 'HEAD', '--', folder]);
  return stdout.toString('utf8').split('\0').filter(Boolean);
};

/** The files that a commit with one parent, or none, adds, changes or removes. */
export const listChangedFiles = async (repository: Repository, commit: string): Promise<string[]> => {
  const { stdout } = await repository.run([...listing, commit]);
  return stdout.toString('utf8').split('\0').filter(Boolean);
};

const listing = ['diff-tree', '--no-commit-id', '--name-only', '--root', '--no-renames', '-r', '-z'];

/** Those of the paths whose file is not what HEAD has. */
export const listUncommitted = async (
  repository: Repository,
  paths: readonly string[],
): Promise<string[]> => {
  const { stdout } = await repository.run([
    'diff',
    '--name-only',
    '--no-ext-diff',
    '-z',
    'HEAD',
    '--',
    ...paths,
  ]);
  return stdout.toString('utf8').split('\0').filter(Boolean);
};

/** What made HEAD, in git's own words (`commit`, `revert`, `cherry-pick`, `rebase`); null where it keeps no log. */
export const lastAction = async (repository: Repository): Promise<string | null> => {
  const { stdout } = await repository.run(['log', '--walk-reflogs', '-n', '1', '--format=%gs', 'HEAD']);
  const [, action = '', detail = ''] = /^([\w-]+)(?: \(([\w-]+)\))?:/.exec(stdout.toString('utf8')) ?? [];
  return (action === 'commit' && detail === 'merge' ? detail : action) || null;
};
