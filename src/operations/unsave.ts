import {
  formatSelector,
  parseReference,
  selectVersion,
  type VersionSelector,
} from '../core/version/reference.ts';
import { promptvError } from '../errors.ts';
import { listRemoteRefs, listRemotes } from '../git/remote.ts';
import { deleteTag } from '../git/tags.ts';
import { readWorkingSources } from './sources.ts';
import type { Warning } from './types.ts';
import { versionRecords, versionUsers } from './version-users.ts';
import { isVersion, type VersionRef, Versions, versionNotFound } from './versions.ts';
import { promptNameFrom, promptNotFound, type Workspace } from './workspace.ts';
import { withWorkspaceLock } from './workspace-lock.ts';

export interface UnsaveRequest {
  /** `NAME@VERSION`, `NAME@latest` or `NAME@next`. */
  readonly ref: string;
  readonly remote?: string;
  readonly dryRun?: boolean;
}

export interface UnsaveResult {
  readonly prompt: string;
  readonly version: string;
  readonly tag: string;
  /** Whether the prompt has a file; it may have been deleted. */
  readonly hasFile: boolean;
  /** Saves the text again; of a deleted file, once it is put back. Null when the tag says not which text that was. */
  readonly saveCommand: string | null;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Removes the tag of a version that no remote has and nothing rests on. The file and the commit stay.
 * @throws VERSION_PUSHED, VERSION_IN_USE, VERSION_NOT_FOUND, REF_INVALID, REMOTE_UNREACHABLE
 */
export const unsave = async (workspace: Workspace, request: UnsaveRequest): Promise<UnsaveResult> => {
  const { name: typed, selector } = parseReference(request.ref);
  const prompt = promptNameFrom(workspace, typed);
  if (selector?.kind !== 'version' && selector?.kind !== 'latest' && selector?.kind !== 'next')
    throw promptvError('REF_INVALID', {
      ref: request.ref,
      reason: 'say which version: VERSION, latest or next',
    });
  const work = async (): Promise<UnsaveResult> => {
    const ref = await findRef(workspace, prompt, selector);
    const { version } = ref;
    await assertOnlyHere(workspace, { name: prompt, version, tag: ref.tag, remote: request.remote });
    await assertUnused(workspace, { name: prompt, version });
    const again = await planAgain(workspace, ref);
    if (!request.dryRun) await deleteTag(workspace.repository, ref);
    return { prompt, version, tag: ref.tag, ...again, dryRun: request.dryRun ?? false, warnings: [] };
  };
  return request.dryRun ? work() : withWorkspaceLock(workspace, work);
};

/** How to save the same again: what is not on disk any more is in the commit that the tag names. */
const planAgain = async (
  workspace: Workspace,
  ref: VersionRef,
): Promise<Pick<UnsaveResult, 'hasFile' | 'saveCommand'>> => {
  const saveCommand = `promptv save ${ref.name}`;
  const { names } = await readWorkingSources(workspace, new Set([ref.name]));
  if (names.includes(ref.name)) return { hasFile: true, saveCommand };
  const version = await new Versions(workspace).load(ref);
  if (!isVersion(version)) return { hasFile: false, saveCommand: null };
  const restoreCommand = `promptv restore ${ref.name}@git:${version.commit.slice(0, 12)}`;
  return { hasFile: false, saveCommand: `${restoreCommand} && ${saveCommand}` };
};

const findRef = async (
  workspace: Workspace,
  prompt: string,
  selector: VersionSelector,
): Promise<VersionRef> => {
  const versions = new Versions(workspace);
  const refs = await versions.refsOf(prompt);
  const selection = selectVersion(selector, {
    versions: refs.map(({ version }) => version),
    environments: [],
  });
  const ref = 'version' in selection ? refs.find(({ version }) => version === selection.version) : undefined;
  if (ref) return ref;
  if (refs.length > 0) throw versionNotFound(prompt, formatSelector(selector), refs);
  const [sources] = await Promise.all([readWorkingSources(workspace, new Set([prompt])), versions.listAll()]);
  if (sources.names.includes(prompt)) throw promptvError('NO_VERSION', { name: prompt });
  throw promptNotFound(prompt, [...sources.names, ...versions.names()]);
};

interface Unsaved {
  readonly name: string;
  readonly version: string;
}

/** Every remote is asked: a tag that any of them has stays. Without remotes there is no one to ask. */
const assertOnlyHere = async (
  workspace: Workspace,
  { name, version, tag, remote }: Unsaved & { readonly tag: string; readonly remote: string | undefined },
): Promise<void> => {
  const remotes = remote === undefined ? await listRemotes(workspace.repository) : [remote];
  for (const asked of remotes) {
    const { refs } = await listRemoteRefs(workspace.repository, asked, [`refs/tags/${tag}`]);
    if (refs.size > 0) throw promptvError('VERSION_PUSHED', { name, version, remote: asked });
  }
};

/** Another version may pin this one, and decisions of the team may name it. */
const assertUnused = async (workspace: Workspace, unsaved: Unsaved): Promise<void> => {
  const users = [...(await versionUsers(workspace, unsaved)), ...(await versionRecords(workspace, unsaved))];
  if (users.length > 0) throw promptvError('VERSION_IN_USE', { ...unsaved, users });
};
