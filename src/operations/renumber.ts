import { formatTagMessage, type TagRecord } from '../core/version/tag-message.ts';
import { compareVersions, isPrerelease } from '../core/version/version.ts';
import { fetchObjects, fetchRefs } from '../git/remote.ts';
import { createTag, deleteTag } from '../git/tags.ts';
import { Planner } from './plan-versions.ts';
import type { PromptSource } from './sources.ts';
import type { PromptConflict, Renumbered, SyncConflict } from './sync.ts';
import { isVersion, tagNameOf, type Version, type VersionRef, Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface RenumberRequest extends PromptConflict {
  readonly remote: string;
  readonly dryRun: boolean;
}

/**
 * Gives our own versions of a prompt, whose numbers the remote has given to other texts, the next free numbers. A new
 * tag is made before the old one goes, so that a kill in between loses none.
 */
export const renumber = async (workspace: Workspace, request: RenumberRequest): Promise<Renumbering> => {
  const { prompt, remote, dryRun } = request;
  const tags = request.tags.toSorted((a, b) => compareVersions(a.version, b.version));
  await fetchObjects(
    workspace.repository,
    remote,
    tags.map(({ tag }) => `refs/tags/${tag}`),
  );
  const versions = new Versions(workspace);
  await versions.replace(
    prompt,
    tags.map(({ tag, version, there }) => ({ name: prompt, version, tag, oid: there })),
  );
  const conflicts: SyncConflict[] = [];
  const renumbered: Renumbered[] = [];
  for (const { tag, version, here } of tags) {
    const own = await versions.load({ name: prompt, version, tag, oid: here });
    if (!isVersion(own)) {
      conflicts.push({ prompt, version, reason: `our tag is not a version: ${own.invalid}` });
      continue;
    }
    const record = await nextRecord(workspace, versions, own);
    if (record) renumbered.push({ prompt, from: version, to: record.version });
    if (!dryRun) await replaceTag(workspace, { own, record, remote });
    if (record) await versions.replace(prompt, await newRefs(workspace, record));
  }
  return { conflicts, renumbered };
};

export interface Renumbering {
  readonly conflicts: readonly SyncConflict[];
  readonly renumbered: readonly Renumbered[];
}

/** What our version records under its new number; null when the remote's versions hold its text already. */
const nextRecord = async (
  workspace: Workspace,
  versions: Versions,
  own: Version,
): Promise<TagRecord | null> => {
  const { name, path, bytes, blob } = own;
  const source: PromptSource = { name, path, bytes, blob, parsed: workspace.documents.parse(bytes, path) };
  const isPre = isPrerelease(own.version);
  const rules = isPre ? { bump: 'prerelease' as const } : {};
  const { next, state } = await new Planner(workspace, versions, new Map(), rules).plan(source);
  if (!next || state === 'behind') return null;
  const { version, previous, impact, bump } = next;
  return { ...own.record, version, previousVersion: previous?.version ?? null, impact, bump };
};

const newRefs = async (workspace: Workspace, { name, version }: TagRecord): Promise<VersionRef[]> => {
  const tag = tagNameOf(workspace, name, version);
  const object = await workspace.repository.readObject(`refs/tags/${tag}`);
  return object ? [{ name, version, tag, oid: object.oid }] : [];
};

interface Replacement {
  readonly own: Version;
  readonly record: TagRecord | null;
  readonly remote: string;
}

const replaceTag = async (workspace: Workspace, { own, record, remote }: Replacement): Promise<void> => {
  const { repository } = workspace;
  if (record) {
    const name = tagNameOf(workspace, record.name, record.version);
    await createTag(repository, { name, target: own.commit, message: formatTagMessage(record) });
  }
  await deleteTag(repository, own);
  await fetchRefs(repository, remote, [`refs/tags/${own.tag}:refs/tags/${own.tag}`]);
};
