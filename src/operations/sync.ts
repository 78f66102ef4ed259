import { parseTagName } from '../core/version/tag-name.ts';
import { compareVersions } from '../core/version/version.ts';
import { promptvError } from '../errors.ts';
import { fetchRefs, listRemoteRefs, listRemotes } from '../git/remote.ts';
import { listTags, type TagRef } from '../git/tags.ts';
import { assertReadyToCommit } from './ready.ts';
import { renumber } from './renumber.ts';
import type { Warning } from './types.ts';
import type { Workspace } from './workspace.ts';
import { withWorkspaceLock } from './workspace-lock.ts';

export interface SyncRequest {
  readonly remote?: string;
  /** Only fetches tags: a number that both sides claimed is reported, not renumbered. */
  readonly tagsOnly?: boolean;
  readonly dryRun?: boolean;
}

export interface Renumbered {
  readonly prompt: string;
  readonly from: string;
  readonly to: string;
}

export interface SyncConflict {
  readonly prompt: string;
  readonly version: string;
  readonly reason: string;
}

export interface SyncResult {
  readonly remote: string;
  /** Tags that came from the remote. */
  readonly fetched: readonly string[];
  readonly renumbered: readonly Renumbered[];
  /** Versions that differ between here and the remote and were left alone. */
  readonly conflicts: readonly SyncConflict[];
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Fetches the prompts' tags. Where this clone and the remote gave one number to two texts, the remote's stays and our
 * own unpushed version gets the next free number, and those saved after it stay above it.
 * @throws REMOTE_MISSING, REMOTE_UNREACHABLE
 */
export const sync = async (workspace: Workspace, request: SyncRequest): Promise<SyncResult> => {
  await assertReadyToCommit(workspace, 'sync');
  const remote = request.remote ?? workspace.config.push.remote;
  if (!(await listRemotes(workspace.repository)).includes(remote))
    throw promptvError('REMOTE_MISSING', { remote });
  const work = async (): Promise<SyncResult> => {
    const { missing, differing, unpushed } = await compareTags(workspace, remote);
    const dryRun = request.dryRun ?? false;
    if (!dryRun) await fetchTags(workspace, remote, missing);
    const conflicts: SyncConflict[] = [];
    const renumbered: Renumbered[] = [];
    for (const group of groupByPrompt(workspace, [...differing, ...unpushed])) {
      const outcome = request.tagsOnly
        ? leaveAlone(group)
        : await renumber(workspace, { remote, ...group, dryRun });
      conflicts.push(...outcome.conflicts);
      renumbered.push(...outcome.renumbered);
    }
    return { remote, fetched: missing.map(({ tag }) => tag), renumbered, conflicts, dryRun, warnings: [] };
  };
  return request.dryRun ? work() : withWorkspaceLock(workspace, work);
};

interface TagDifferences {
  /** Tags that only the remote has. */
  readonly missing: readonly TagRef[];
  /** Tags that point to different objects here and there. */
  readonly differing: readonly OwnTag[];
  /** Tags that only this clone has. */
  readonly unpushed: readonly OwnTag[];
}

/** A tag of this clone, and what the remote has under its name: another object, or null. */
export interface OwnTag {
  readonly tag: string;
  readonly here: string;
  readonly there: string | null;
}

const compareTags = async (workspace: Workspace, remote: string): Promise<TagDifferences> => {
  const { repository, config } = workspace;
  const prefix = `refs/tags/${config.tagPrefix}/`;
  const { refs } = await listRemoteRefs(repository, remote, [`${prefix}*`]);
  const local = new Map(
    (await listTags(repository, [`${config.tagPrefix}/`])).map(({ tag, oid }) => [tag, oid]),
  );
  const missing: TagRef[] = [];
  const differing: OwnTag[] = [];
  for (const [ref, oid] of refs) {
    const tag = ref.slice('refs/tags/'.length);
    const here = local.get(tag);
    if (here === undefined) missing.push({ tag, oid });
    else if (here !== oid) differing.push({ tag, here, there: oid });
  }
  const unpushed = [...local]
    .filter(([tag]) => !refs.has(`refs/tags/${tag}`))
    .map(([tag, here]) => ({ tag, here, there: null }));
  return { missing, differing, unpushed };
};

const fetchTags = (workspace: Workspace, remote: string, tags: readonly TagRef[]): Promise<void> =>
  fetchRefs(
    workspace.repository,
    remote,
    tags.map(({ tag }) => `refs/tags/${tag}:refs/tags/${tag}`),
  );

/** The own tags of one prompt whose numbers clash with the remote's, or stand above one that does. */
export interface PromptConflict {
  readonly prompt: string;
  /** Lowest version first. */
  readonly tags: readonly (OwnTag & { readonly version: string })[];
}

const groupByPrompt = (workspace: Workspace, tags: readonly OwnTag[]): PromptConflict[] => {
  const groups = new Map<string, (OwnTag & { version: string })[]>();
  for (const tag of tags) {
    const parsed = parseTagName(workspace.config.tagPrefix, tag.tag);
    if (!parsed) continue;
    groups.set(parsed.name, [...(groups.get(parsed.name) ?? []), { ...tag, version: parsed.version }]);
  }
  return [...groups].flatMap(([prompt, own]) => {
    const ascending = own.toSorted((a, b) => compareVersions(a.version, b.version));
    const first = ascending.findIndex(({ there }) => there !== null);
    return first < 0 ? [] : [{ prompt, tags: ascending.slice(first) }];
  });
};

const leaveAlone = ({
  prompt,
  tags,
}: PromptConflict): { conflicts: SyncConflict[]; renumbered: Renumbered[] } => ({
  conflicts: tags
    .filter(({ there }) => there !== null)
    .map(({ version }) => ({
      prompt,
      version,
      reason: 'the remote has another version of this number',
    })),
  renumbered: [],
});
