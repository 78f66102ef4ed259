import { join } from 'node:path';
import { isPromptPath, promptNameOfPath } from '../core/prompt/name.ts';
import { promptvError } from '../errors.ts';
import type { WorkTreeState } from '../git/work-tree.ts';
import { createGlobMatcher } from '../store/glob-matcher.ts';
import { readBytesIfThere } from '../store/read-file.ts';
import { assertNoLinkedFolder } from '../store/write-file.ts';
import { gitPath, promptsPrefix, type Workspace } from './workspace.ts';

interface Place {
  readonly name: string;
  /** Relative to the workspace. */
  readonly path: string;
}

/**
 * A file that is about to be written must be the prompt of that name, or it would vanish from every list.
 * @throws NAME_INVALID, PATH_EXCLUDED, FILE_SYMLINK where a folder is a link
 */
export const assertPromptPlace = async (workspace: Workspace, { name, path }: Place): Promise<void> => {
  const below = path.slice(promptsPrefix(workspace).length);
  const meant = promptNameOfPath(below);
  if (!isPromptPath(below)) throw promptvError('NAME_INVALID', { name, reason: `${path} would hold tests` });
  if (meant !== name)
    throw promptvError('NAME_INVALID', { name, reason: `${path} would be the prompt ${meant}` });
  const matches = await createGlobMatcher(workspace.config.prompts);
  if (!matches(below)) throw promptvError('PATH_EXCLUDED', { path });
  await assertNoLinkedFolder(workspace.root, path);
};

/** Files as they shall be written: that of the prompt, and others beside it. */
interface Writing {
  readonly prompt: Place;
  readonly files: readonly { readonly path: string; readonly after: string | Uint8Array | null }[];
  readonly workTree: WorkTreeState;
}

/**
 * Nothing that stands in the way is overwritten; what a killed run wrote itself, and did not commit, is.
 * @throws NAME_EXISTS, FILE_EXISTS
 */
export const assertFree = async (workspace: Workspace, writing: Writing): Promise<void> => {
  for (const { path, after } of writing.files) {
    const there = await readBytesIfThere(join(workspace.root, path));
    if (there === null) continue;
    // Only what is not clean is listed.
    const isCommitted = writing.workTree.files.get(gitPath(workspace, path))?.inHead ?? true;
    if (after !== null && there.equals(Buffer.from(after)) && !isCommitted) continue;
    throw path === writing.prompt.path
      ? promptvError('NAME_EXISTS', { ...writing.prompt })
      : promptvError('FILE_EXISTS', { path });
  }
};
