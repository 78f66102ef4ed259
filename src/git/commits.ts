import { isPromptvError, promptvError } from '../errors.ts';
import { literalPath } from './environment.ts';
import type { Repository } from './repository.ts';

export interface CommitRequest {
  /** Paths relative to the top folder; the commit holds the changes of these and no others. */
  readonly paths: readonly string[];
  /** Those of them that git does not know yet. */
  readonly newPaths: readonly string[];
  readonly message: string;
  /** `Name <email>`; the configured identity when absent. */
  readonly author?: string;
  readonly signoff?: boolean;
  /** False skips the hooks. */
  readonly verify?: boolean;
  /** True signs whatever the configuration says. */
  readonly sign?: boolean;
}

/**
 * Commits the files' text on disk, leaving everything else in the index as it is, and returns the new commit's id.
 * A refused commit leaves the index as it was.
 * @throws HOOK_REFUSED, IDENTITY_MISSING, SIGNING_FAILED, INDEX_LOCKED, GIT_FAILED
 */
export const commitOnly = async (repository: Repository, request: CommitRequest): Promise<string> => {
  if (request.newPaths.length > 0) await announce(repository, request.newPaths);
  try {
    await retryWhileLocked(() => runCommit(repository, request));
  } catch (error) {
    if (request.newPaths.length > 0) await withdraw(repository, request.newPaths);
    throw error;
  }
  const commit = await repository.readObject('HEAD');
  if (!commit) throw promptvError('GIT_FAILED', { command: 'commit', reason: 'HEAD has no commit' });
  return commit.oid;
};

const runCommit = async (repository: Repository, request: CommitRequest): Promise<void> => {
  const args = ['commit', '--quiet', '--only', '--cleanup=verbatim', '-F', '-'];
  if (request.author !== undefined) args.push(`--author=${request.author}`);
  if (request.signoff) args.push('--signoff');
  if (request.sign) args.push('--gpg-sign');
  if (request.verify === false) args.push('--no-verify');
  const output = await repository.run([...args, '--', ...request.paths.map(literalPath)], {
    input: request.message,
    accept: [1],
    runsHooks: true,
  });
  if (output.exitCode === 1) throw commitRefusal(output.stderr || output.stdout.toString('utf8').trim());
};

/** Exit 1 is a hook's refusal; git itself says so only in words. */
const commitRefusal = (words: string): Error =>
  /nothing (?:added )?to commit|no changes added/.test(words)
    ? promptvError('STALE_READ', { path: 'The prompt' })
    : promptvError('HOOK_REFUSED', { reason: words.split('\n').slice(-6).join('\n') || 'it gave no reason' });

/** `git commit --only` takes a new file only if the index has heard of it, also one outside a sparse checkout. */
const announce = (repository: Repository, paths: readonly string[]): Promise<unknown> =>
  retryWhileLocked(() => repository.run(['add', '--intent-to-add', '--sparse', '--', ...paths]));

/** Takes back what `git add -N` announced; the files stay. */
export const withdraw = async (repository: Repository, paths: readonly string[]): Promise<void> => {
  await retryWhileLocked(() =>
    repository.run(['rm', '--cached', '--quiet', '--force', '--sparse', '--', ...paths]),
  );
};

/**
 * Takes back the commit just made of these paths, while it is still HEAD: the branch and their index entries go to where
 * they were, nothing else moves. The files on disk are the caller's.
 * @throws STATE_MOVED
 */
export const undoCommit = async (
  repository: Repository,
  commit: string,
  paths: readonly string[],
): Promise<void> => {
  const parent = (await repository.readObject(`${commit}^`))?.oid ?? null;
  const args =
    parent === null ? ['-d', 'HEAD', commit] : ['-m', 'promptv: take back', 'HEAD', parent, commit];
  await repository.run(['update-ref', ...args]);
  if (parent === null) return withdraw(repository, paths);
  await retryWhileLocked(() => repository.run(['reset', '--quiet', '--', ...paths]));
};

/** Another git may hold the index for a moment (an editor's status, a commit): about five seconds of patience. */
const retryWhileLocked = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let delayMs = 20; ; delayMs *= 2) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPromptvError(error) || error.code !== 'INDEX_LOCKED' || delayMs > 2600) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
};

/**
 * Makes the index agree with HEAD for paths that a hook rewrote while it was being committed: `commit --only` updates
 * the real index with the text from before the hook.
 */
export const refreshIndex = async (repository: Repository, paths: readonly string[]): Promise<void> => {
  const differing = await repository.run([
    'diff-index',
    '--cached',
    '--name-only',
    '-z',
    'HEAD',
    '--',
    ...paths,
  ]);
  const stale = differing.stdout.toString('utf8').split('\0').filter(Boolean);
  if (stale.length > 0) await retryWhileLocked(() => repository.run(['reset', '--quiet', '--', ...stale]));
};
