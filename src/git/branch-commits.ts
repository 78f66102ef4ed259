import { promptvError } from '../errors.ts';
import type { Repository } from './repository.ts';

export interface BranchCommit {
  readonly branch: string;
  /** The commit that was read; null for the first one of a new branch. */
  readonly parent: string | null;
  /** Paths from the top folder; a null text removes the file. */
  readonly files: readonly { readonly path: string; readonly text: string | null }[];
  readonly message: string;
  /** An index file of our own, made here; the caller removes it. */
  readonly index: string;
}

/** The tip of a branch; of one that only the remote has, the tip as it was last fetched; null when there is neither. */
export const resolveBranch = async (
  repository: Repository,
  branch: string,
  remote: string,
): Promise<string | null> => {
  const local = await repository.readObject(`refs/heads/${branch}^{commit}`);
  return (local ?? (await repository.readObject(`refs/remotes/${remote}/${branch}^{commit}`)))?.oid ?? null;
};

/**
 * Adds a commit to a branch that is not checked out, through an index of its own: no file, index or HEAD is touched.
 * @throws STATE_MOVED when the branch moved since `parent` was read, SIGNING_FAILED
 */
export const commitToBranch = async (repository: Repository, commit: BranchCommit): Promise<string> => {
  const env = { GIT_INDEX_FILE: commit.index };
  if (commit.parent) await repository.run(['read-tree', commit.parent], { env });
  const entries = await Promise.all(commit.files.map((file) => indexEntry(repository, file)));
  await repository.run(['update-index', '-z', '--index-info'], { env, input: entries.join('') });
  const tree = text(await repository.run(['write-tree'], { env }));
  const made = await commitTree(repository, tree, commit);
  await moveBranch(repository, commit, made);
  return made;
};

const text = ({ stdout }: { readonly stdout: Buffer }): string => stdout.toString('utf8').trim();

const indexEntry = async (
  repository: Repository,
  file: { readonly path: string; readonly text: string | null },
): Promise<string> => {
  if (file.text === null) return `0 ${'0'.repeat(40)}\t${file.path}\0`;
  const blob = text(await repository.run(['hash-object', '-w', '--stdin'], { input: file.text }));
  return `100644 ${blob}\t${file.path}\0`;
};

/** `commit-tree` does not look at commit.gpgSign by itself. */
const commitTree = async (
  repository: Repository,
  tree: string,
  { parent, message }: BranchCommit,
): Promise<string> => {
  const setting = await repository.run(['config', '--type=bool', '--get', 'commit.gpgSign'], { accept: [1] });
  const signing = text(setting) === 'true' ? ['-S'] : [];
  const parents = parent ? ['-p', parent] : [];
  return text(
    await repository.run(['commit-tree', ...signing, ...parents, '-F', '-', tree], { input: message }),
  );
};

/** Moves the branch only from where it was read, so that of two writers one is told. */
const moveBranch = async (
  repository: Repository,
  { branch, parent }: BranchCommit,
  made: string,
): Promise<void> => {
  const local = await repository.readObject(`refs/heads/${branch}^{commit}`);
  const old = local ? (parent ?? '') : '0'.repeat(made.length);
  const args = ['update-ref', '-m', 'promptv', `refs/heads/${branch}`, made, old];
  const output = await repository.run(args, { accept: [1, 128] });
  if (output.exitCode !== 0) throw promptvError('STATE_MOVED', { branch });
};

/** The work tree that has a branch checked out; null when none has. */
export const workTreeOf = async (repository: Repository, branch: string): Promise<string | null> => {
  const output = await repository.run(['worktree', 'list', '--porcelain', '-z']);
  const entries = output.stdout.toString('utf8').split('\0\0');
  const entry = entries.find((lines) => lines.split('\0').includes(`branch refs/heads/${branch}`));
  return entry?.split('\0')[0]?.replace(/^worktree /, '') ?? null;
};
