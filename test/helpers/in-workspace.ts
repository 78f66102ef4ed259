import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** Makes an executable hook of a shell script. */
export const installHook = (repo: TempRepo, name: string, script: string): void => {
  const path = join(repo.dir, '.git/hooks', name);
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
};

/** What a version's tag records, and the text its commit has there. */
export const tagFields = (
  repo: TempRepo,
  tag: string,
): { blob: string; committed: string; message: string } => {
  const message = repo.git('tag', '-l', '--format=%(contents)', `prompts/${tag}`);
  const blob = /^Blob: (.*)$/m.exec(message)?.[1] ?? '';
  const path = /^Path: (.*)$/m.exec(message)?.[1] ?? '';
  return { message, blob, committed: repo.git('rev-parse', `prompts/${tag}^{commit}:${path}`) };
};
