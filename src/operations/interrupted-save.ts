import type { WorkTreeState } from '../git/work-tree.ts';
import type { PromptSource } from './sources.ts';
import { gitPath, type Workspace } from './workspace.ts';

/** By this line of its message a later run recognises a commit of `save`. */
const savedLine = 'Saved-Prompts: ';

export const formatSavedLine = (names: readonly string[]): string => `${savedLine}${names.join(', ')}`;

/** Whether `save` made this commit. */
export const isSaveCommit = async (workspace: Workspace, commit: string): Promise<boolean> =>
  (await savedNames(workspace, commit)) !== null;

/** The prompts that a commit of `save` names; null of any other commit. */
const savedNames = async (workspace: Workspace, commit: string): Promise<readonly string[] | null> => {
  const object = await workspace.repository.readObject(commit);
  const found = object?.content.toString('utf8').split(`\n\n${savedLine}`);
  return found && found.length > 1 ? (found.at(-1)?.split('\n')[0]?.split(', ') ?? []) : null;
};

/**
 * The files (as git names them) that a killed save has committed without bringing the index up to date: a hook rewrote
 * them, disk and HEAD hold the hook's text, the index the one from before.
 */
export const findStaleEntries = async (
  workspace: Workspace,
  { head, files }: WorkTreeState,
  sources: Iterable<PromptSource>,
): Promise<readonly string[]> => {
  const partial = [...sources].filter(({ path }) => files.get(gitPath(workspace, path))?.state === 'partial');
  if (head === null || partial.length === 0) return [];
  const names = new Set(await savedNames(workspace, head));
  const stale: string[] = [];
  for (const { name, path, blob } of partial) {
    const committed = await workspace.repository.readObject(`${head}:${gitPath(workspace, path)}`);
    if (names.has(name) && committed?.oid === blob) stale.push(gitPath(workspace, path));
  }
  return stale;
};

/** The state of the work tree as if those files were clean. */
export const withoutFiles = (workTree: WorkTreeState, paths: readonly string[]): WorkTreeState => ({
  ...workTree,
  files: new Map([...workTree.files].filter(([path]) => !paths.includes(path))),
});
