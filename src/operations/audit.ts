import { type AuditEntry, type AuditFilter, matchesAudit } from '../core/audit.ts';
import { readPathHistory } from '../git/path-history.ts';
import { assertTrustedSigners, readSignatures } from '../git/signatures.ts';
import { readTagSignatures } from '../git/tag-signatures.ts';
import { readChangeEntries } from './audit-entries.ts';
import { sinceOf } from './env/time.ts';
import { judgeSignature } from './signature-state.ts';
import { readWorkingSources } from './sources.ts';
import { openStateToRead } from './state-store.ts';
import type { Warning } from './types.ts';
import { isVersion, Versions } from './versions.ts';
import { gitPath, promptNameFrom, promptNotFound, type Workspace } from './workspace.ts';

export interface AuditRequest {
  /** A name or path; absent: everything, the configuration too. */
  readonly name?: string;
  /** A day, a moment or an age. */
  readonly since?: string;
  /** Part of a name or address. */
  readonly by?: string;
  readonly branch?: string;
}

export interface AuditResult {
  readonly prompt: string | null;
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly warnings: readonly Warning[];
}

const stateFolders = ['environments', 'approvals', 'annotations', 'experiments'];
const configFiles = ['.promptrc.yaml', '.promptrc.yml', '.promptrc.json'];

/**
 * One trail of what was saved, decided and configured, by whom and why, from tags and from the history of the state.
 * The number of git processes does not grow with it.
 * @throws NAME_INVALID, PROMPT_NOT_FOUND, TIME_INVALID
 */
export const audit = async (workspace: Workspace, request: AuditRequest): Promise<AuditResult> => {
  const filter = filterOf(workspace, request);
  const all = [...(await readSaves(workspace, filter)), ...(await readDecisions(workspace, request.branch))];
  if (filter.prompt !== null) await assertKnown(workspace, filter.prompt, all);
  const recorded = all.filter((entry) => matchesAudit(entry, filter));
  const entries = await addSignatures(workspace, recorded);
  entries.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return { prompt: filter.prompt, entries, warnings: [] };
};

/** A trail is empty of a prompt that has only a file; a name that nothing knows is a slip. */
const assertKnown = async (
  workspace: Workspace,
  name: string,
  entries: readonly Recorded[],
): Promise<void> => {
  if (entries.some(({ prompt }) => prompt === name)) return;
  const { names } = await readWorkingSources(workspace, new Set());
  const recorded = entries.flatMap(({ prompt }) => prompt ?? []);
  if (!names.includes(name)) throw promptNotFound(name, new Set([...names, ...recorded]));
};

const filterOf = (workspace: Workspace, { name, since, by }: AuditRequest): AuditFilter => {
  const moment = sinceOf(since, workspace.now().getTime());
  const prompt = name === undefined ? null : promptNameFrom(workspace, name);
  return { prompt, sinceMs: moment && Date.parse(moment.utc), by: by ?? null };
};

/** An entry whose signature is not looked at yet: that of its commit, or of a save's tag, which has its own. */
interface Recorded extends Omit<AuditEntry, 'signature'> {
  readonly tag?: string;
}

const readSaves = async (workspace: Workspace, { prompt }: AuditFilter): Promise<Recorded[]> => {
  const versions = new Versions(workspace);
  if (prompt === null) await versions.listAll();
  const names = prompt === null ? versions.names() : [prompt];
  const refs = (await Promise.all(names.map((name) => versions.refsOf(name)))).flat();
  const loaded = (await Promise.all(refs.map((ref) => versions.load(ref)))).filter(isVersion);
  return loaded.map((version) => ({
    at: version.date,
    by: `${version.author.name} <${version.author.email}>`,
    what: 'save' as const,
    prompt: version.name,
    version: version.version,
    environment: null,
    stage: null,
    why: version.record.message.trim() || null,
    commit: version.commit,
    tag: version.oid,
  }));
};

/** What the history of the state and of the configuration says. */
const readDecisions = async (workspace: Workspace, branch: string | undefined): Promise<Recorded[]> => {
  const { repository, loadedConfig } = workspace;
  const tip = await (await openStateToRead(workspace, { branch })).commitId();
  const head = (await repository.readObject('HEAD'))?.oid ?? null;
  const tips = [...new Set([tip, head].filter((commit) => commit !== null))];
  const inPackage = loadedConfig.path?.endsWith('package.json') ? ['package.json'] : [];
  const folders = stateFolders.map((folder) => `.promptv/${folder}`);
  const paths = [...folders, ...configFiles, ...inPackage].map((path) => gitPath(workspace, path));
  const history = await readPathHistory(repository, { tips, paths });
  return (await Promise.all(history.map((commit) => readChangeEntries(workspace, commit)))).flat();
};

/** Only what is shown is verified: one process for all signed commits, one for two hundred signed tags. */
const addSignatures = async (workspace: Workspace, recorded: readonly Recorded[]): Promise<AuditEntry[]> => {
  const { repository } = workspace;
  const tags = recorded.flatMap(({ tag }) => tag ?? []);
  const commits = recorded.flatMap(({ tag, commit }) => (tag === undefined ? [commit] : []));
  const checked = new Map([
    ...(await readSignatures(repository, [...new Set(commits)])),
    ...(await readTagSignatures(repository, tags)),
  ]);
  const isAnySigned = [...checked.values()].some(({ state }) => state !== 'none');
  const isTrusted = isAnySigned && (await hasTrustedSigners(workspace));
  return recorded.map(({ tag, ...entry }) => {
    const signature = judgeSignature(checked.get(tag ?? entry.commit), { by: entry.by, isTrusted });
    return { ...entry, signature };
  });
};

const hasTrustedSigners = (workspace: Workspace): Promise<boolean> =>
  assertTrustedSigners(workspace.repository).then(
    () => true,
    () => false,
  );
