import { dirname } from 'node:path/posix';
import { promptNameOfPath } from '../core/prompt/name.ts';
import { readMessages } from '../git/history.ts';
import { listTreeFiles } from '../git/trees.ts';
import type { PromptSource } from './sources.ts';
import type { Versions } from './versions.ts';
import { gitPath, promptsPrefix, type Workspace } from './workspace.ts';

/** The line in a commit's message by which `rename` tells the next `save` whose numbers go on. */
const renameLine = /^Prompt-Renamed: (\S+) => (\S+)$/gm;

export const formatRenameLine = (from: string, to: string): string => `Prompt-Renamed: ${from} => ${to}`;

/** A prompt can have been renamed several times between two saves. */
const mostRenames = 5;

/**
 * New name → the old name whose versions it continues, for the prompts among `sources` that have no version yet and
 * were renamed in the history of HEAD.
 */
export const readRenames = async (
  workspace: Workspace,
  versions: Versions,
  sources: readonly PromptSource[],
): Promise<ReadonlyMap<string, string>> => {
  const found = await findRenames(workspace, await withoutVersions(versions, sources));
  return withVersions(found, { workspace, versions });
};

/** Every earlier name of the prompts among `sources` that have no version here, whether or not those have one. */
export const readOldNames = async (
  workspace: Workspace,
  versions: Versions,
  sources: readonly PromptSource[],
): Promise<readonly string[]> => {
  const unsaved = await withoutVersions(versions, sources);
  const found = await findRenames(workspace, unsaved);
  const names = new Set<string>();
  for (const { name } of unsaved)
    for (let old = found.get(name); old !== undefined && !names.has(old); old = found.get(old))
      names.add(old);
  return [...names];
};

/** Those that have no version in this clone. */
const withoutVersions = async (
  versions: Versions,
  sources: readonly PromptSource[],
): Promise<readonly PromptSource[]> => {
  await versions.list(sources.map(({ name }) => name));
  const refs = await Promise.all(sources.map(({ name }) => versions.refsOf(name)));
  return sources.filter((_, index) => refs[index]?.length === 0);
};

/** New name → old name, of every rename in the history of HEAD; nothing is looked for when none of the prompts is in HEAD. */
const findRenames = async (
  workspace: Workspace,
  unsaved: readonly PromptSource[],
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  if ((await namesIn(workspace, 'HEAD', unsaved)).length === 0) return found;
  // All of the history: the first of several renames did not touch the file's path of today.
  const messages = await readMessages(workspace.repository, 'Prompt-Renamed: ');
  for (const message of messages)
    for (const [, from, to] of message.matchAll(renameLine))
      if (from && to && !found.has(to)) found.set(to, from);
  return found;
};

/** The prompts that a commit has: `rename` commits under the new name; extension and spelling may have changed since. */
export const namesIn = async (
  workspace: Workspace,
  commit: string,
  sources: readonly PromptSource[],
): Promise<readonly string[]> => {
  const folders = new Set(sources.map(({ path }) => dirname(gitPath(workspace, path))));
  const names = new Set(sources.map(({ name }) => name));
  const files = await Promise.all(
    [...folders].map((folder) => listTreeFiles(workspace.repository, { commit, folder }, () => false)),
  );
  const start = gitPath(workspace, promptsPrefix(workspace)).length;
  const found = files.flat().map(({ path }) => promptNameOfPath(path.slice(start)));
  return found.filter((name) => names.has(name));
};

/** Follows a chain of renames to the name that has versions; a file that is back at its place was not renamed. */
const withVersions = async (
  found: ReadonlyMap<string, string>,
  { workspace, versions }: { readonly workspace: Workspace; readonly versions: Versions },
): Promise<ReadonlyMap<string, string>> => {
  const renames = new Map<string, string>();
  for (const to of found.keys()) {
    let from = found.get(to);
    for (let step = 0; from !== undefined && step < mostRenames; step++) {
      if ((await versions.refsOf(from)).length > 0) {
        const last = await versions.highest(from, { stable: false });
        const isBack = last && (await workspace.repository.readObject(`HEAD:${last.path}`));
        if (!isBack) renames.set(to, from);
        break;
      }
      from = found.get(from);
    }
  }
  return renames;
};
