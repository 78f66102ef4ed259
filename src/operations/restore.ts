import { join } from 'node:path';
import { promptvError } from '../errors.ts';
import { readFiltered } from '../git/history.ts';
import { writeFileWhole } from '../store/write-file.ts';
import { assertPromptPlace } from './prompt-place.ts';
import { type ResolvedPrompt, resolveRef } from './resolve-ref.ts';
import { type PromptSource, readWorkingSources } from './sources.ts';
import type { Warning } from './types.ts';
import { Versions } from './versions.ts';
import { gitPath, promptsPrefix, type Workspace, workspacePath } from './workspace.ts';
import { withWorkspaceLock } from './workspace-lock.ts';

export interface RestoreRequest {
  readonly ref: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface RestoreResult {
  readonly prompt: string;
  readonly version: string | null;
  readonly path: string;
  /** False when the file had that text already. */
  readonly changed: boolean;
  /** Shows what differs from the latest version; null when nothing does, or there is none. */
  readonly diffCommand: string | null;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Puts a text back into the prompt's file, as a checkout would write it; commits nothing.
 * @throws WORKING_MODIFIED when the file's text is in no version and `force` is not given, as
 * `assertPromptPlace` and `resolveRef`
 */
export const restore = async (workspace: Workspace, request: RestoreRequest): Promise<RestoreResult> => {
  const versions = new Versions(workspace);
  const found = await resolveRef(workspace, versions, { ref: request.ref, otherwise: 'latest' });
  const work = async (): Promise<RestoreResult> => {
    const { prompts, unreadable } = await readWorkingSources(workspace, new Set([found.name]));
    const broken = unreadable.find(({ name }) => name === found.name);
    if (broken) throw broken.error;
    const current = prompts.get(found.name);
    const path = current?.path ?? pathOf(workspace, found);
    const bytes = await textOnDisk(workspace, found, path);
    const changed = !current || Buffer.compare(current.bytes, bytes) !== 0;
    // Where no prompt is seen, a file that the configuration leaves out may stand.
    if (!current) await assertPromptPlace(workspace, { name: found.name, path });
    if (changed && current && !request.force && !(await isHeld(workspace, versions, current)))
      throw promptvError('WORKING_MODIFIED', { path, name: found.name });
    if (changed && !request.dryRun) await writeFileWhole(join(workspace.root, path), bytes);
    return {
      prompt: found.name,
      version: found.version?.version ?? null,
      path,
      changed,
      diffCommand: (await isLatest(workspace, versions, found)) ? null : `promptv diff ${found.name}`,
      dryRun: request.dryRun ?? false,
      warnings: [],
    };
  };
  return request.dryRun ? work() : withWorkspaceLock(workspace, work);
};

/** Whether the text leaves nothing to compare: it is that of the version that "diff" takes, or there is none. */
const isLatest = async (
  { documents }: Workspace,
  versions: Versions,
  { name, bytes }: ResolvedPrompt,
): Promise<boolean> => {
  const latest =
    (await versions.highest(name, { stable: true })) ?? (await versions.highest(name, { stable: false }));
  return latest === null || latest.blob === documents.blobId(bytes);
};

/** The path of a deleted prompt's last version; a version of another place goes below the prompts directory. */
const pathOf = (workspace: Workspace, { name, path, version }: ResolvedPrompt): string => {
  const below = version ? workspacePath(workspace, path) : path;
  const prefix = promptsPrefix(workspace);
  return below?.startsWith(prefix) ? below : `${prefix}${name}.yaml`;
};

/** A text of git's with the line endings and filters of this checkout; the file on disk has them. */
const textOnDisk = async (
  workspace: Workspace,
  { label, bytes }: ResolvedPrompt,
  path: string,
): Promise<Uint8Array> => {
  if (label === 'working') return bytes;
  const blob = workspace.documents.blobId(bytes);
  return readFiltered(workspace.repository, { blob, path: gitPath(workspace, path) });
};

/** Whether some version holds the file's text, apart from line endings. */
const isHeld = async (
  { documents }: Workspace,
  versions: Versions,
  { name, blob, bytes }: PromptSource,
): Promise<boolean> => {
  const unixBlob = documents.blobId(
    Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
  );
  const saved = await versions.versionsOf(name);
  return saved.some((version) => version.blob === blob || version.blob === unixBlob);
};
