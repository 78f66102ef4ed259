import { resolve } from 'node:path';
import { formatBundle } from '../core/bundle/format-bundle.ts';
import type { Bundle } from '../core/bundle/schema.ts';
import { matchesBranchGlob } from '../core/version/branch-glob.ts';
import { assertOutputFolder, writeFileWhole } from '../store/write-file.ts';
import { collectBundle } from './collect-bundle.ts';
import type { Warning } from './types.ts';
import { promptNotFound, type Workspace } from './workspace.ts';

export interface BundleRequest {
  /** All that are configured, when none is named. */
  readonly environments?: readonly string[];
  /** Globs of names: `*` stays between two `/`, `**` does not. All prompts, when there is none. */
  readonly prompts?: readonly string[];
  /** The file to write, relative to where the workspace was opened; none is written without it. */
  readonly output?: string;
  readonly dryRun?: boolean;
  /** Read the state of this branch. */
  readonly branch?: string;
}

export interface BundleResult {
  /** As it was named; null when none is written. */
  readonly file: string | null;
  readonly commit: string | null;
  readonly integrity: string;
  readonly bytes: number;
  readonly environments: readonly string[];
  /** What is in it, partials included, by name; versions in order of their text. */
  readonly prompts: readonly { readonly prompt: string; readonly versions: readonly string[] }[];
  /** The file's exact text. */
  readonly raw: string;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Writes what environments run now into one file; the same state gives the same bytes.
 * @throws ENVIRONMENT_NOT_FOUND, PROMPT_NOT_FOUND for a glob that matches nothing, VERSION_MISSING, VERSION_CHANGED, STATE_INVALID,
 * FOLDER_NOT_FOUND
 */
export const bundle = async (workspace: Workspace, request: BundleRequest): Promise<BundleResult> => {
  const { prompts: globs = [], output, dryRun = false } = request;
  const file = output === undefined ? null : resolve(workspace.cwd, output);
  if (file !== null) await assertOutputFolder(file);
  const configured = workspace.config.environments.map(({ name }) => name);
  const environments = request.environments?.length ? request.environments : configured;
  const isWanted = (prompt: string): boolean =>
    globs.length === 0 || globs.some((glob) => matchesBranchGlob(glob, prompt));
  const {
    bundle: made,
    refused,
    warnings,
  } = await collectBundle(workspace, {
    environments,
    isWanted,
    branch: request.branch,
  });
  const [first] = refused;
  if (first) throw first.error;
  assertMatched(made, globs);
  const raw = formatBundle(made);
  if (file !== null && !dryRun) await writeFileWhole(file, raw);
  return {
    file: output ?? null,
    commit: made.commit,
    integrity: made.integrity,
    bytes: Buffer.byteLength(raw),
    environments: Object.keys(made.environments),
    prompts: Object.entries(made.prompts).map(([prompt, versions]) => ({
      prompt,
      versions: Object.keys(versions),
    })),
    raw,
    dryRun,
    warnings: [...warnings, ...emptyWarnings(made)],
  };
};

/** A glob that matches nothing is a slip: the application would miss the prompt in production. */
const assertMatched = (made: Bundle, globs: readonly string[]): void => {
  const running = Object.values(made.environments).flatMap((prompts) => Object.keys(prompts));
  for (const glob of globs)
    if (!running.some((prompt) => matchesBranchGlob(glob, prompt))) throw promptNotFound(glob, running);
};

const emptyWarnings = (made: Bundle): Warning[] =>
  Object.entries(made.environments)
    .filter(([, prompts]) => Object.keys(prompts).length === 0)
    .map(([environment]) => ({
      code: 'ENVIRONMENT_EMPTY',
      message: `nothing of what is asked for runs in ${environment}`,
    }));
