import { formatTagMessage, type TagRecord } from '../core/version/tag-message.ts';
import { compareVersions, isPrerelease } from '../core/version/version.ts';
import { fetchObjects, fetchRefs } from '../git/remote.ts';
import { createTag, deleteTag } from '../git/tags.ts';
import { Planner } from './plan-versions.ts';
import type { PromptSource } from './sources.ts';
import type { PromptConflict, Renumbered, SyncConflict } from './sync.ts';
import { versionUsers } from './version-users.ts';
import { isVersion, tagNameOf, type Version, type VersionRef, Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface RenumberRequest extends PromptConflict {
  readonly remote: string;
  readonly dryRun: boolean;
}

export interface Renumbering {
  readonly conflicts: readonly SyncConflict[];
  readonly renumbered: readonly Renumbered[];
}

/**
 * Gives our own versions of a prompt, whose numbers the remote has given to other texts, the next free numbers; ours
 * that were saved after them move too where they would come to lie below. All new tags are made before an old one
 * goes, so that a kill in between loses none. A prompt with a version that something rests on is left alone.
 */
export const renumber = async (workspace: Workspace, request: RenumberRequest): Promise<Renumbering> => {
  const { prompt, remote, dryRun } = request;
  const clashing = request.tags.filter(({ there }) => there !== null);
  await fetchObjects(
    workspace.repository,
    remote,
    clashing.map(({ tag }) => `refs/tags/${tag}`),
  );
  const versions = new Versions(workspace);
  const { own, conflicts } = await loadOwn(workspace, versions, request);
  if (conflicts.length > 0) return { conflicts, renumbered: [] };
  await versions.leaveOut(prompt, new Set(own.map(({ version }) => version)));
  await versions.replace(
    prompt,
    clashing.flatMap(({ tag, version, there }) =>
      there === null ? [] : [{ name: prompt, version, tag, oid: there }],
    ),
  );
  const isClashing = new Set(clashing.map(({ version }) => version));
  const moves = await moveAll(workspace, versions, { own, isClashing, dryRun });
  if (!dryRun) await removeOld(workspace, { moves, isClashing, remote });
  const renumbered = moves.flatMap(({ from, to }) =>
    to === null ? [] : [{ prompt, from: from.version, to }],
  );
  return { conflicts: [], renumbered };
};

interface Own {
  /** Lowest first. */
  readonly own: readonly Version[];
  readonly conflicts: readonly SyncConflict[];
}

/** Our versions that may move, and why one of them must not. */
const loadOwn = async (
  workspace: Workspace,
  versions: Versions,
  { prompt, tags }: PromptConflict,
): Promise<Own> => {
  const own: Version[] = [];
  const conflicts: SyncConflict[] = [];
  for (const { tag, version, here, there } of tags) {
    const loaded = await versions.load({ name: prompt, version, tag, oid: here });
    if (!isVersion(loaded)) {
      const reason = `our tag is not a version: ${loaded.invalid}`;
      if (there !== null) conflicts.push({ prompt, version, reason });
      continue;
    }
    own.push(loaded);
    const users = await versionUsers(workspace, loaded);
    if (users.length > 0) conflicts.push({ prompt, version, reason: `ours is named by ${users.join(', ')}` });
  }
  return { own, conflicts };
};

interface Move {
  readonly from: Version;
  /** Null when the remote's versions hold its text already. */
  readonly to: string | null;
}

interface Moving {
  readonly own: readonly Version[];
  readonly isClashing: ReadonlySet<string>;
  readonly dryRun: boolean;
}

/** Makes the new tags, lowest version first; one that stands above all that moved keeps its number. */
const moveAll = async (
  workspace: Workspace,
  versions: Versions,
  { own, isClashing, dryRun }: Moving,
): Promise<readonly Move[]> => {
  const moves: Move[] = [];
  const reserved = own.map(({ version }) => version);
  for (const version of own) {
    const last = moves.findLast(({ to }) => to !== null)?.to ?? null;
    const isAbove = last === null || compareVersions(version.version, last) > 0;
    if (!isClashing.has(version.version) && isAbove) {
      await versions.replace(version.name, [version]);
      continue;
    }
    const record = await nextRecord(workspace, versions, { own: version, reserved });
    moves.push({ from: version, to: record?.version ?? null });
    if (!record) continue;
    reserved.push(record.version);
    if (!dryRun) await versions.replace(version.name, await makeTag(workspace, version, record));
  }
  return moves;
};

/** What our version records under its new number; null when the remote's versions hold its text already. */
const nextRecord = async (
  workspace: Workspace,
  versions: Versions,
  { own, reserved }: { readonly own: Version; readonly reserved: readonly string[] },
): Promise<TagRecord | null> => {
  const { name, path, blob } = own;
  const { bytes } = await versions.textOf(own);
  const parsed = workspace.documents.parse(bytes, path, blob);
  const source: PromptSource = { name, path, bytes, blob, parsed };
  const isPre = isPrerelease(own.version);
  const rules = { reserved, ...(isPre ? { bump: 'prerelease' as const } : {}) };
  const { next, state } = await new Planner(workspace, versions, new Map(), rules).plan(source);
  if (!next || state === 'behind') return null;
  const { version, previous, impact, bump } = next;
  return { ...own.record, version, previousVersion: previous?.version ?? null, impact, bump };
};

const makeTag = async (workspace: Workspace, own: Version, record: TagRecord): Promise<VersionRef[]> => {
  const { name, version } = record;
  const tag = tagNameOf(workspace, name, version);
  await createTag(workspace.repository, {
    name: tag,
    target: own.commit,
    message: formatTagMessage(record),
  });
  const object = await workspace.repository.readObject(`refs/tags/${tag}`);
  return object ? [{ name, version, tag, oid: object.oid }] : [];
};

interface Removal {
  readonly moves: readonly Move[];
  readonly isClashing: ReadonlySet<string>;
  readonly remote: string;
}

const removeOld = async (workspace: Workspace, { moves, isClashing, remote }: Removal): Promise<void> => {
  const { repository } = workspace;
  for (const { from } of moves) await deleteTag(repository, from);
  const taken = moves.filter(({ from }) => isClashing.has(from.version));
  await fetchRefs(
    repository,
    remote,
    taken.map(({ from: { tag } }) => `refs/tags/${tag}:refs/tags/${tag}`),
  );
};
