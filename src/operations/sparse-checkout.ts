import { join } from 'node:path';
import { countSkipped } from '../git/index-entries.ts';
import { fileExists } from '../store/read-file.ts';
import type { PromptState, Warning } from './types.ts';
import { gitPath, promptsPrefix, type Workspace } from './workspace.ts';

/**
 * Says that what looks deleted may lie outside a sparse checkout. Asks git only where something looks deleted and the
 * clone has had such a checkout.
 */
export const sparseWarnings = async (
  workspace: Workspace,
  prompts: readonly { readonly state: PromptState }[],
): Promise<readonly Warning[]> => {
  const { repository, config } = workspace;
  if (!prompts.some(({ state }) => state === 'deleted')) return [];
  if (!(await fileExists(join(repository.gitDir, 'info/sparse-checkout')))) return [];
  const count = await countSkipped(repository, gitPath(workspace, promptsPrefix(workspace)) || '.');
  if (count === 0) return [];
  const files = count === 1 ? 'a file that it leaves out is' : `${count} files that it leaves out are`;
  const message = `This is a sparse checkout: ${files} no deleted prompt, whatever is said of it here. "git sparse-checkout add ${gitPath(workspace, config.prompts.dir)}" brings them.`;
  return [{ code: 'SPARSE_CHECKOUT', message }];
};
