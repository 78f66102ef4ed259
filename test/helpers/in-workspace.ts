import { isPromptvError } from '../../src/errors.ts';
import { type SaveRequest, type SaveResult, save } from '../../src/operations/save.ts';
import { openWorkspace, type Workspace } from '../../src/operations/workspace.ts';
import type { TempRepo } from './temp-repo.ts';

export interface Place {
  /** Relative to the repository's directory, or absolute. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs `work` in the workspace of a temporary repository, with nothing of this process's environment. */
export const inWorkspace = async <T>(
  repo: TempRepo,
  work: (workspace: Workspace) => Promise<T>,
  place: Place = {},
): Promise<T> => {
  const workspace = await openWorkspace({ cwd: place.cwd ?? repo.dir, env: { ...repo.env, ...place.env } });
  try {
    return await work(workspace);
  } finally {
    await workspace.close();
  }
};

/** Saves in this process. */
export const saveIn = (repo: TempRepo, request: SaveRequest = {}, place: Place = {}): Promise<SaveResult> =>
  inWorkspace(repo, (workspace) => save(workspace, request), place);

/** The code of the error that a promise ends with; what was answered instead, when it ends well. */
export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (answer) => ({ answer }),
    (error: unknown) => (isPromptvError(error) ? error.code : error),
  );

/** A prompt document of one line. */
export const promptText = (text: string): string => `content: ${text}\n`;

/** Names of the version tags, such as `greet@1.0.0`, in git's order. */
export const versionTags = (repo: TempRepo, prefix = 'prompts'): string[] =>
  repo
    .git('for-each-ref', '--format=%(refname)', `refs/tags/${prefix}/`)
    .split('\n')
    .filter(Boolean)
    .map((ref) => ref.slice(`refs/tags/${prefix}/`.length));

/** Everything that git knows of the index and the files, for a comparison byte by byte. */
export const gitState = (repo: TempRepo, ...paths: readonly string[]): string =>
  [
    repo.git('ls-files', '--stage', '--', ...paths),
    repo.git('status', '--porcelain=v2', '--untracked-files=all', '--', ...paths),
  ].join('\n--\n');
