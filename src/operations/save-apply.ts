import { formatTagMessage, type TagRecord } from '../core/version/tag-message.ts';
import { isPromptvError, promptvError } from '../errors.ts';
import { commitOnly, refreshIndex } from '../git/commits.ts';
import { readAuthors } from '../git/history.ts';
import { createTag } from '../git/tags.ts';
import { formatSavedLine, isSaveCommit } from './interrupted-save.ts';
import { Planner } from './plan-versions.ts';
import type { SavedVersion, SaveRequest, SaveResult } from './save.ts';
import type { PlannedSave, SavePlan } from './save-plan.ts';
import { pushSaved } from './save-push.ts';
import type { PromptSource } from './sources.ts';
import type { Warning } from './types.ts';
import { tagNameOf } from './versions.ts';
import { gitPath, type Workspace } from './workspace.ts';

/** Carries out a plan: the commit, the tags, the push. Each step finds its own earlier work done and goes on. */
export const applySave = async (
  workspace: Workspace,
  request: SaveRequest,
  plan: SavePlan,
): Promise<SaveResult> => {
  const committed = await commitPlanned(workspace, request, plan);
  const { saves, unchanged } = committed;
  const authors = await authorsOf(workspace, saves, committed.commit);
  const records = saves.map((save) =>
    tagRecord(workspace, { request, plan, save, commit: committed.commit, authors }),
  );
  await makeTags(workspace, request, { records, committed });
  const saved = saves.map((save) => toSaved(workspace, save, committed.commit));
  const isOurs = committed.isNew || (await isSaveCommit(workspace, committed.commit));
  const push = await pushSaved(workspace, request, { plan, saved, commit: committed.commit, isOurs });
  const warnings = [...plan.warnings, ...push.warnings, ...warnDetached(workspace, plan, committed)];
  return {
    saved,
    unchanged: [...plan.unchanged, ...unchanged],
    skipped: plan.skipped,
    ...push,
    dryRun: false,
    warnings,
  };
};

/** A CI always works so, and its commits are its own. */
const warnDetached = ({ ci }: Workspace, { workTree }: SavePlan, { isNew }: Committed): Warning[] => {
  if (!isNew || workTree.branch !== null || ci !== null) return [];
  const message =
    'HEAD is detached, so the commit is on no branch: the tags keep it, and "git switch -c BRANCH" makes a branch of it.';
  return [{ code: 'HEAD_DETACHED', message }];
};

/** One after the other; an error says what stands by then. */
const makeTags = async (
  workspace: Workspace,
  request: SaveRequest,
  { records, committed }: { readonly records: readonly TagRecord[]; readonly committed: Committed },
): Promise<void> => {
  const names = records.map(({ name, version }) => tagNameOf(workspace, name, version));
  for (const [index, record] of records.entries()) {
    const tag = { name: names[index] ?? '', target: committed.commit, message: formatTagMessage(record) };
    await createTag(workspace.repository, tag).catch((error: unknown) => {
      throw withWritten(error, { committed, made: names.slice(0, index), missing: names.slice(index) });
    });
    request.onProgress?.({ stage: 'tags', done: index + 1, total: records.length });
  }
};

interface Written {
  readonly committed: Committed;
  readonly made: readonly string[];
  readonly missing: readonly string[];
}

/** Hints that ask for the same command already. */
const saysAgain = /run the (?:same )?command again/i;

const withWritten = (error: unknown, { committed, made, missing }: Written): unknown => {
  if (!isPromptvError(error) || (!committed.isNew && made.length === 0)) return error;
  const { commit } = committed;
  const done = [...(committed.isNew ? [`the commit ${commit.slice(0, 12)}`] : []), ...made];
  const details = {
    commit,
    made,
    missing,
    written: `Done: ${done.join(', ')}. Not done: ${missing.join(', ')}.`,
    resume: `${saysAgain.test(error.hint) ? 'That' : 'Then run the same command again: it'} makes what is missing and nothing twice.`,
  };
  return promptvError(error.code, { ...error.details, ...details }, error);
};

interface Committed {
  readonly commit: string;
  readonly isNew: boolean;
  readonly saves: readonly PlannedSave[];
  readonly unchanged: readonly { readonly prompt: string; readonly version: string }[];
}

const commitPlanned = async (
  workspace: Workspace,
  request: SaveRequest,
  plan: SavePlan,
): Promise<Committed> => {
  const { files, head } = plan.workTree;
  const planned = plan.saves.map(({ source }) => gitPath(workspace, source.path));
  const uncommitted = planned.filter((path) => files.has(path));
  // A prompt that has its version already was not interrupted: there the entry is the user's.
  const stale = planned.filter((path) => plan.staleEntries.includes(path));
  if (stale.length > 0) await refreshIndex(workspace.repository, stale);
  const commit =
    uncommitted.length > 0 ? await commitFiles(workspace, request, { plan, paths: uncommitted }) : head;
  if (commit === null) return { commit: '', isNew: false, saves: [], unchanged: [] };
  const isNew = uncommitted.length > 0;
  const sources = await Promise.all(
    plan.saves.map(({ source }) => committedSource(workspace, source, commit)),
  );
  const rewritten = sources.filter((source, index) => source.blob !== plan.saves[index]?.source.blob);
  if (rewritten.length === 0) return { commit, isNew, saves: plan.saves, unchanged: [] };
  if (isNew) await refreshIndex(workspace.repository, uncommitted);
  return { commit, isNew, ...(await planAgain(workspace, plan, sources)) };
};

const commitFiles = (
  workspace: Workspace,
  request: SaveRequest,
  { plan, paths }: { readonly plan: SavePlan; readonly paths: readonly string[] },
): Promise<string> => {
  const names = plan.saves.map(({ source }) => source.name);
  return commitOnly(workspace.repository, {
    paths,
    newPaths: paths.filter((path) => plan.workTree.files.get(path)?.state === 'untracked'),
    message: commitMessage(workspace, names, request.message),
    signoff: workspace.config.commit.signoff,
    ...(request.author === undefined ? {} : { author: request.author }),
    ...(request.verify === undefined ? {} : { verify: request.verify }),
  });
};

/** The text that the commit holds: a hook may have rewritten it, line endings may have been converted. */
const committedSource = async (
  workspace: Workspace,
  source: PromptSource,
  commit: string,
): Promise<PromptSource> => {
  const blob = await workspace.repository.readObject(`${commit}:${gitPath(workspace, source.path)}`);
  if (blob?.type !== 'blob') throw promptvError('STALE_READ', { path: source.path });
  if (blob.oid === source.blob) return source;
  const parsed = workspace.documents.parse(blob.content, source.path, blob.oid);
  return { ...source, bytes: blob.content, blob: blob.oid, parsed };
};

const planAgain = async (
  workspace: Workspace,
  plan: SavePlan,
  sources: readonly PromptSource[],
): Promise<Pick<Committed, 'saves' | 'unchanged'>> => {
  const all = new Map([...plan.sources, ...sources.map((source) => [source.name, source] as const)]);
  const planner = new Planner(workspace, plan.versions, all, plan.rules);
  const plans = await Promise.all(sources.map((source) => planner.plan(source)));
  return {
    saves: plans.flatMap((planned) => (planned.next ? [{ ...planned, next: planned.next }] : [])),
    unchanged: plans.flatMap(({ next, source, sameTextAs }) =>
      next ? [] : [{ prompt: source.name, version: sameTextAs ?? '' }],
    ),
  };
};

const commitMessage = (
  workspace: Workspace,
  names: readonly string[],
  message: string | undefined,
): string => {
  const listed =
    names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
  const configured = workspace.config.commit.subject.replaceAll('{prompts}', listed);
  const text = message?.trim() || configured;
  return `${text}\n\n${formatSavedLine(names)}\n`;
};

/** Versions that continue from one commit share one walk through the history. */
const authorsOf = async (
  workspace: Workspace,
  saves: readonly PlannedSave[],
  commit: string,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const bySince = new Map<string | null, string[]>();
  for (const { source, next } of saves) {
    const since = next.previous?.commit ?? null;
    bySince.set(since, [...(bySince.get(since) ?? []), gitPath(workspace, source.path)]);
  }
  const authors = new Map<string, readonly string[]>();
  for (const [since, paths] of bySince) {
    const found = await readAuthors(workspace.repository, { paths, since, until: commit });
    for (const [path, people] of found) authors.set(path, people);
  }
  return authors;
};

interface TagInputs {
  readonly request: SaveRequest;
  readonly plan: SavePlan;
  readonly save: PlannedSave;
  readonly commit: string;
  readonly authors: ReadonlyMap<string, readonly string[]>;
}

const tagRecord = (workspace: Workspace, { request, plan, save, commit, authors }: TagInputs): TagRecord => {
  const path = gitPath(workspace, save.source.path);
  const { ci } = workspace;
  return {
    name: save.source.name,
    version: save.next.version,
    previousVersion: save.next.previous?.version ?? null,
    bump: save.next.bump,
    impact: save.next.impact,
    contentHash: save.contentHash,
    blob: save.source.blob,
    path,
    pins: save.pins,
    renamedFrom: save.renamedFrom,
    authors: authors.get(path) ?? [],
    branch: plan.branch,
    commit,
    ci: ci && { provider: ci.provider, run: ci.run, url: ci.url },
    meta: request.meta ?? {},
    message: request.message ?? '',
  };
};

const toSaved = (workspace: Workspace, save: PlannedSave, commit: string | null): SavedVersion => ({
  prompt: save.source.name,
  version: save.next.version,
  previousVersion: save.next.previous?.version ?? null,
  bump: save.next.bump,
  impact: save.next.impact,
  tag: tagNameOf(workspace, save.source.name, save.next.version),
  commit,
  contentHash: save.contentHash,
  path: save.source.path,
});

/** What a plan would do, as the result of a dry run. */
export const describePlan = (workspace: Workspace, plan: SavePlan): SaveResult => {
  const { files, head } = plan.workTree;
  const saved = plan.saves.map((save) =>
    toSaved(workspace, save, files.has(gitPath(workspace, save.source.path)) ? null : head),
  );
  const { unchanged, skipped, warnings } = plan;
  return { saved, unchanged, skipped, pushed: false, pushCommand: null, dryRun: true, warnings };
};
