import { parseTagName } from '../core/version/tag-name.ts';
import { isAncestor } from '../git/history.ts';
import { fetchObjects, fetchRefs, listRemoteRefs } from '../git/remote.ts';
import { listTags, type TagRef } from '../git/tags.ts';
import type { PushOptions } from './types.ts';
import type { Workspace } from './workspace.ts';

/** What the remote had when it was asked, before a number was chosen. */
export interface RemoteView {
  readonly remote: string;
  /** Tags of the namespace that the remote has, of the prompts concerned at least: name → object id. */
  readonly tags: ReadonlyMap<string, string>;
  /** Tags that a dry run fetched as objects alone: no ref of this clone names them. */
  readonly unnamed: readonly TagRef[];
  /** Tip of the branch there; null when it has no such branch. */
  readonly tip: string | null;
  /** Whether the remote's branch has commits that HEAD lacks. */
  readonly isBehind: (head: string | null) => Promise<boolean>;
}

/** Whether this run pushes: `--push`, or `push.auto` of the configuration. */
export const wantsPush = (workspace: Workspace, options: PushOptions): boolean => {
  if (options.push !== undefined) return options.push;
  const { auto } = workspace.config.push;
  return auto === 'ci' ? workspace.ci !== null : auto;
};

export const remoteOf = (workspace: Workspace, options: PushOptions): string =>
  options.remote ?? workspace.config.push.remote;

/**
 * Asks the remote once, and fetches the versions of the prompts concerned that it has and this clone lacks. Null when
 * nothing is to be pushed.
 * @throws REMOTE_MISSING, REMOTE_UNREACHABLE
 */
export const askRemote = async (
  workspace: Workspace,
  options: PushOptions & { readonly dryRun?: boolean },
  request: { readonly names: ReadonlySet<string> | null; readonly branch: string | null },
): Promise<RemoteView | null> => {
  if (!wantsPush(workspace, options)) return null;
  const remote = remoteOf(workspace, options);
  const { tagPrefix } = workspace.config;
  const patterns = request.names
    ? [...request.names].map((name) => `${tagPrefix}/${name}@*`)
    : [`${tagPrefix}/*`];
  // What a shallow clone cannot see of its own history, the names of all tags may tell.
  const asked = workspace.repository.isShallow ? [`${tagPrefix}/*`] : patterns;
  const heads = request.branch ? [`refs/heads/${request.branch}`] : [];
  const { refs } = await listRemoteRefs(workspace.repository, remote, [...heads, ...asked.map(toTagRef)]);
  const tags = new Map<string, string>();
  for (const [ref, oid] of refs)
    if (ref.startsWith('refs/tags/')) tags.set(ref.slice('refs/tags/'.length), oid);
  const wanted = [...tags].filter(([tag]) => isWanted(workspace, tag, request.names));
  const missing = await missingTags(workspace, wanted, patterns);
  await fetchTags(workspace, remote, { missing, asObjects: options.dryRun ?? false });
  const tip = refs.get(heads[0] ?? '') ?? null;
  return {
    remote,
    tags,
    unnamed: options.dryRun ? missing : [],
    tip,
    isBehind: async (head) =>
      tip !== null && tip !== head && !(await isAncestor(workspace.repository, tip, head)),
  };
};

const isWanted = ({ config }: Workspace, tag: string, names: ReadonlySet<string> | null): boolean =>
  names === null || names.has(parseTagName(config.tagPrefix, tag)?.name ?? '');

const toTagRef = (pattern: string): string => `refs/tags/${pattern}`;

const fetchTags = async (
  { repository }: Workspace,
  remote: string,
  { missing, asObjects }: { readonly missing: readonly TagRef[]; readonly asObjects: boolean },
): Promise<void> => {
  const refs = missing.map(({ tag }) => toTagRef(tag));
  if (asObjects) return fetchObjects(repository, remote, refs);
  return fetchRefs(
    repository,
    remote,
    refs.map((ref) => `${ref}:${ref}`),
  );
};

/** Only tags whose name is free here: one that differs stays, and the push will be refused. */
const missingTags = async (
  workspace: Workspace,
  tags: readonly (readonly [tag: string, oid: string])[],
  patterns: readonly string[],
): Promise<TagRef[]> => {
  const scope = patterns.map((pattern) => pattern.replace(/\/\*$/, '/'));
  const local = new Set((await listTags(workspace.repository, scope)).map(({ tag }) => tag));
  return tags.filter(([tag]) => !local.has(tag)).map(([tag, oid]) => ({ tag, oid }));
};
