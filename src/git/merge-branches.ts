import { promptvError } from '../errors.ts';
import { signsByDefault } from './branch-commits.ts';
import { findMergeBase } from './history.ts';
import type { Repository } from './repository.ts';

export interface BranchMerge {
  readonly branch: string;
  readonly remote: string;
  readonly ours: string;
  readonly theirs: string;
  /** A path where no file stands, for an index of our own; the caller removes it. */
  readonly index: string;
}

/**
 * Makes a commit that joins two lines of a branch, file by file, without touching a work tree or a ref, and returns its
 * id.
 * @throws STATE_DIVERGED naming the files that both changed
 */
export const mergeCommits = async (repository: Repository, merge: BranchMerge): Promise<string> => {
  const { ours, theirs, branch, remote } = merge;
  const env = { GIT_INDEX_FILE: merge.index };
  const base = await findMergeBase(repository, ours, theirs);
  if (base === null) throw promptvError('STATE_DIVERGED', { branch, remote, paths: ['the whole branch'] });
  // -i: there is no work tree to compare with; --aggressive settles what was added or removed on one side.
  await repository.run(['read-tree', '-i', '-m', '--aggressive', base, ours, theirs], { env });
  const unmerged = text(await repository.run(['ls-files', '--unmerged', '-z'], { env }));
  const paths = new Set(unmerged.split('\0').flatMap((entry) => entry.split('\t')[1] ?? []));
  if (paths.size > 0) throw promptvError('STATE_DIVERGED', { branch, remote, paths: [...paths] });
  const tree = text(await repository.run(['write-tree'], { env }));
  const signing = (await signsByDefault(repository)) ? ['-S'] : [];
  const message = `Merge the decisions of two clones in ${branch}\n`;
  return text(
    await repository.run(['commit-tree', ...signing, '-p', ours, '-p', theirs, '-F', '-', tree], {
      input: message,
    }),
  );
};

const text = ({ stdout }: { readonly stdout: Buffer }): string => stdout.toString('utf8').trim();
