import { basename, dirname, join } from 'node:path';
import { isPromptvError, promptvError } from '../errors.ts';
import { listTreeFiles } from '../git/trees.ts';
import { configFileNames, findWorkspace, readConfig } from '../store/config.ts';
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

/**
 * Refuses the first version of a prompt where another workspace of the repository has the same prefix: names that are
 * free today may clash tomorrow.
 * @throws TAG_PREFIX_CLASH
 */
export const assertOwnPrefix = async (workspace: Workspace): Promise<void> => {
  const paths = await findSamePrefix(workspace);
  if (paths.length > 0) throw promptvError('TAG_PREFIX_CLASH', { prefix: workspace.config.tagPrefix, paths });
};

/**
 * The configurations of other workspaces, where HEAD has any, with our prefix in any spelling: where file names ignore
 * case, so do tags. The trees are read with the object reader, so that a first save costs no process more.
 */
export const findSamePrefix = async ({ repository, root, config }: Workspace): Promise<readonly string[]> => {
  const found: string[] = [];
  const files = await listTreeFiles(repository, { commit: 'HEAD', folder: '.' });
  for (const { path } of files) {
    if (!configFileNames.includes(basename(path))) continue;
    const folder = dirname(join(repository.topLevel, path));
    if (folder === root) continue;
    try {
      const place = findWorkspace(folder, repository.topLevel);
      if (place.root !== folder || place.configPath !== join(repository.topLevel, path)) continue;
      const other = await readConfig(place.configPath);
      if (other.config.tagPrefix.toLowerCase() === config.tagPrefix.toLowerCase()) found.push(path);
    } catch (error) {
      // A configuration that is broken, or gone from the disk, is for its own workspace to report.
      if (!isPromptvError(error) && !isMissing(error)) throw error;
    }
  }
  return found;
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
