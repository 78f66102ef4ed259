import { join } from 'node:path';
import { promptvError } from '../errors.ts';
import { fileExists } from '../store/read-file.ts';
import type { PromptSource } from './sources.ts';
import type { Version } from './versions.ts';
import { gitPath, promptsPrefix, type Workspace } from './workspace.ts';

/**
 * Refuses to go on from a version of another workspace: one whose file lies outside our prompts directory and is still
 * there. A file that is gone from there was moved, and its numbers go on here.
 * @throws TAG_PREFIX_CLASH
 */
export const assertOwnVersion = async (
  workspace: Workspace,
  source: PromptSource,
  version: Version | null,
): Promise<void> => {
  if (version === null || version.path.startsWith(gitPath(workspace, promptsPrefix(workspace)))) return;
  if (!(await fileExists(join(workspace.repository.topLevel, version.path)))) return;
  const paths = [version.path, gitPath(workspace, source.path)];
  throw promptvError('TAG_PREFIX_CLASH', { prefix: workspace.config.tagPrefix, paths });
};
