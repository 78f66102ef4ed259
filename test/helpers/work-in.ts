import type { OpenOptions, Workspace } from '../../src/index.ts';
import { openWorkspace } from '../../src/index.ts';
import { createTempRepo, type TempRepo, type TempRepoOptions } from './temp-repo.ts';

/** Opens the workspace of a repository, works in it and closes it. */
export const workIn = async <Result>(
  repo: TempRepo,
  work: (workspace: Workspace) => Promise<Result>,
  options: Partial<OpenOptions> = {},
): Promise<Result> => {
  const workspace = await openWorkspace({ cwd: repo.dir, env: repo.env, ...options });
  try {
    return await work(workspace);
  } finally {
    await workspace.close();
  }
};

/** Calls an operation in a repository's workspace. */
export const call = <Request, Result>(
  repo: TempRepo,
  operation: (workspace: Workspace, request: Request) => Promise<Result>,
  request: Request,
  options: Partial<OpenOptions> = {},
): Promise<Result> => workIn(repo, (workspace) => operation(workspace, request), options);

/** A repository that exists as long as `work` runs. */
export const withRepo = async (
  options: TempRepoOptions,
  work: (repo: TempRepo) => Promise<void>,
): Promise<void> => {
  const repo = createTempRepo(options);
  try {
    await work(repo);
  } finally {
    repo.remove();
  }
};

/** A prompt document with one text. */
export const textPrompt = (content: string, more = ''): string =>
  `${more}content: ${JSON.stringify(content)}\n`;
