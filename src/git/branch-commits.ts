import { promptvError } from '../errors.ts';
import type { Repository } from './repository.ts';
import { gitFailure } from './run-git.ts';

export interface BranchCommit {
  readonly branch: string;
  /** The commit that was read; null for the first one of a new branch. */
  readonly parent: string | null;
  /** Paths from the top folder; a null text removes the file. */
  readonly files: readonly { readonly path: string; readonly text: string | null }[];
  readonly message: string;
  /** A path where no file stands, for an index of our own; the caller removes it. */
  readonly index: string;
  /** True signs whatever the configuration says. */
  readonly sign: boolean;
  readonly signoff: boolean;
  /** Looks at the commit before the branch moves there; what it throws leaves the branch as it is. */
  readonly check: (commit: string) => Promise<void>;
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
 * @throws STATE_MOVED when the branch moved since `parent` was read, SIGNING_FAILED, and what `check` throws
 */
export const commitToBranch = async (repository: Repository, commit: BranchCommit): Promise<string> => {
  const env = { GIT_INDEX_FILE: commit.index };
  if (commit.parent) await repository.run(['read-tree', commit.parent], { env });
  const entries = await writeEntries(repository, commit.files);
  await repository.run(['update-index', '-z', '--index-info'], { env, input: entries.join('') });
  const tree = text(await repository.run(['write-tree'], { env }));
  const made = await commitTree(repository, tree, commit);
  await commit.check(made);
  // Only from where it was read, so that of two writers one is told. A branch that only the remote had is new here.
  const local = await repository.readObject(`refs/heads/${commit.branch}^{commit}`);
  await moveRef(repository, { branch: commit.branch, from: local ? commit.parent : null, to: made });
  return made;
};

const text = ({ stdout }: { readonly stdout: Buffer }): string => stdout.toString('utf8').trim();

/** Stores the texts, and gives the lines that put them into an index. */
const writeEntries = async (
  repository: Repository,
  files: BranchCommit['files'],
): Promise<readonly string[]> => {
  const texts = files.flatMap(({ text: content }) => (content === null ? [] : [Buffer.from(content)]));
  const blobs = await writeBlobs(repository, texts);
  return files.map(({ path, text: content }) =>
    content === null ? `0 ${nullId(repository)}\t${path}\0` : `100644 ${blobs.shift()}\t${path}\0`,
  );
};

/** Any number of texts in one process; `hash-object` would take one, or files. */
const writeBlobs = async (repository: Repository, texts: readonly Buffer[]): Promise<string[]> => {
  if (texts.length === 0) return [];
  const blobs = texts.map((bytes, index) => [
    Buffer.from(`blob\nmark :${index + 1}\ndata ${bytes.length}\n`),
    bytes,
    Buffer.from(`\nget-mark :${index + 1}\n`),
  ]);
  const output = await repository.run(['fast-import', '--quiet'], { input: Buffer.concat(blobs.flat()) });
  return text(output).split('\n');
};

const nullId = ({ objectFormat }: Repository): string => '0'.repeat(objectFormat === 'sha256' ? 64 : 40);

/** `commit-tree` does not look at commit.gpgSign by itself, and knows no --signoff. */
const commitTree = async (repository: Repository, tree: string, commit: BranchCommit): Promise<string> => {
  const signing = commit.sign || (await signsByDefault(repository)) ? ['-S'] : [];
  const parents = commit.parent ? ['-p', commit.parent] : [];
  const args = ['commit-tree', ...signing, ...parents, '-F', '-', tree];
  const message = commit.signoff ? `${commit.message}${await signoffLine(repository)}\n` : commit.message;
  return text(await repository.run(args, { input: message }));
};

/** Joins the last paragraph of a message, which ends in `Key: value` lines. */
const signoffLine = async (repository: Repository): Promise<string> => {
  const identity = text(await repository.run(['var', 'GIT_COMMITTER_IDENT']));
  return `Signed-off-by: ${identity.replace(/ \d+ [+-]\d{4}$/, '')}`;
};

/** Whether the user signs every commit. */
export const signsByDefault = async (repository: Repository): Promise<boolean> =>
  text(await repository.run(['config', '--type=bool', '--get', 'commit.gpgSign'], { accept: [1] })) ===
  'true';

/** The work tree that has a branch checked out; null when none has. */
export const workTreeOf = async (repository: Repository, branch: string): Promise<string | null> => {
  const output = await repository.run(['worktree', 'list', '--porcelain', '-z']);
  const entries = output.stdout.toString('utf8').split('\0\0');
  const entry = entries.find((lines) => lines.split('\0').includes(`branch refs/heads/${branch}`));
  return entry?.split('\0')[0]?.replace(/^worktree /, '') ?? null;
};

/** Moves a branch that is not checked out, only while it still stands at `from`; null stands for no branch. */
export const moveRef = async (
  repository: Repository,
  { branch, from, to }: { readonly branch: string; readonly from: string | null; readonly to: string | null },
): Promise<void> => {
  const ref = `refs/heads/${branch}`;
  const args =
    to === null
      ? ['update-ref', '-d', ref, from ?? '']
      : ['update-ref', '-m', 'promptv', ref, to, from ?? nullId(repository)];
  const output = await repository.run(args, { accept: [1, 128] });
  if (output.exitCode === 0) return;
  // "is at X but expected Y", "reference already exists", "unable to resolve reference"; and another git's lock.
  const isMoved = /but expected|already exists|unable to resolve|File exists/.test(output.stderr);
  throw isMoved ? promptvError('STATE_MOVED', { branch }) : gitFailure(args, output);
};
