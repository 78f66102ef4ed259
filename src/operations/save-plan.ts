import { quoteShellWord } from '../core/shell-word.ts';
import { bumpForBranch, preidForBranch } from '../core/version/bump.ts';
import { assertAuthor, assertMeta, parseMessage } from '../core/version/user-message.ts';
import { promptvError } from '../errors.ts';
import { readWorkTree, type WorkTreeState } from '../git/work-tree.ts';
import { findStaleEntries, withoutFiles } from './interrupted-save.ts';
import {
  describeBump,
  type NumberRules,
  Planner,
  type PromptPlan,
  promptInvalid,
  refusalOfBump,
} from './plan-versions.ts';
import { askRemote, type RemoteView, remoteOf, wantsPush } from './remote-view.ts';
import { readOldNames } from './renames.ts';
import type { SaveRequest } from './save.ts';
import { assertNumbersKnown } from './shallow-history.ts';
import { type PromptSource, partialsOf, readWorkingSources, type Sources } from './sources.ts';
import { assertOwnPrefix } from './tag-prefix-clash.ts';
import type { Warning } from './types.ts';
import { Versions } from './versions.ts';
import { gitPath, promptNameFrom, promptNotFound, type Workspace } from './workspace.ts';

/** A prompt that gets a version. */
export type PlannedSave = PromptPlan & { readonly next: NonNullable<PromptPlan['next']> };

/** Everything that `save` will do, decided before anything changes. */
export interface SavePlan {
  readonly workTree: WorkTreeState;
  /** Files whose index entry a killed save left behind HEAD, as git names them. */
  readonly staleEntries: readonly string[];
  /** The branch as the CI names it, else HEAD's; null when detached. */
  readonly branch: string | null;
  readonly rules: NumberRules;
  /** Partials before those who include them. */
  readonly saves: readonly PlannedSave[];
  readonly sources: ReadonlyMap<string, PromptSource>;
  readonly versions: Versions;
  readonly unchanged: readonly { readonly prompt: string; readonly version: string }[];
  readonly skipped: readonly { readonly prompt: string; readonly reason: string }[];
  /** Null when nothing is to be pushed. */
  readonly remote: RemoteView | null;
  readonly warnings: readonly Warning[];
}

/**
 * Decides what to save. With a push the remote is asked first, and versions that it has and this clone lacks are fetched.
 * @throws every coded error of a bad request or file; nothing was changed then
 */
export const planSave = async (workspace: Workspace, request: SaveRequest): Promise<SavePlan> => {
  // Refused here, before anything is written, not when the tag is made.
  parseMessage(request.message ?? '');
  assertMeta(request.meta ?? {});
  if (request.author !== undefined) assertAuthor(request.author);
  const names = request.names?.length
    ? new Set(request.names.map((name) => promptNameFrom(workspace, name)))
    : null;
  const found = await readWorkingSources(workspace, names ?? undefined);
  const sources = found.prompts;
  const versions = new Versions(workspace);
  const listVersions = () => (names ? versions.list(namesToList(found, names)) : versions.listAll());
  const isRemoteAsked = wantsPush(workspace, request);
  const [{ workTree, staleEntries }] = await Promise.all([
    readSettledWorkTree(workspace, sources, names),
    isRemoteAsked ? null : listVersions(),
  ]);
  const branch = workspace.ci?.branch ?? workTree.branch;
  const concerned = names && (await withRelated(workspace, request, names));
  const remote = await askRemote(workspace, request, { names: concerned, branch });
  // What is asked for may be fetched.
  if (isRemoteAsked) await listVersions();
  versions.add(remote?.unnamed ?? []);
  assertReadable(found, names, versions);
  const rules = { ...numberRules(workspace, request, branch), isNamed: names !== null };
  const context = {
    ...{ workspace, request, versions, sources, workTree, staleEntries, rules, remote, branch },
    files: found.names,
  };
  const isBehind = remote !== null && (await remote.isBehind(workTree.head));
  if (isBehind) return skipAll(context);
  return decide(context);
};

/** The work tree without what a killed save left in its index. */
const readSettledWorkTree = async (
  workspace: Workspace,
  sources: SavePlan['sources'],
  names: ReadonlySet<string> | null,
): Promise<Pick<SavePlan, 'workTree' | 'staleEntries'>> => {
  const paths = names ? [...sources.values()].map(({ path }) => path) : [workspace.config.prompts.dir];
  const asFound = await readWorkTree(
    workspace.repository,
    paths.map((path) => gitPath(workspace, path)),
  );
  const staleEntries = await findStaleEntries(workspace, asFound, sources.values());
  return { workTree: withoutFiles(asFound, staleEntries), staleEntries };
};

/** The prompts that were named and what they include, so that git is asked once. */
const namesToList = ({ prompts }: Sources, names: ReadonlySet<string>): readonly string[] => [
  ...new Set([...names, ...[...prompts.values()].flatMap(partialsOf)]),
];

/**
 * Whose versions the remote is asked for: partials are pinned, a renamed prompt goes on from its old name's, and this
 * clone may lack either.
 */
const withRelated = async (
  workspace: Workspace,
  request: SaveRequest,
  names: ReadonlySet<string>,
): Promise<ReadonlySet<string>> => {
  if (!wantsPush(workspace, request)) return names;
  const { prompts } = await readWorkingSources(workspace, names, { withPartials: true });
  const sources = [...prompts.values()];
  const oldNames = await readOldNames(workspace, new Versions(workspace), sources);
  return new Set([...names, ...sources.flatMap(partialsOf), ...oldNames]);
};

type Context = Pick<
  SavePlan,
  'versions' | 'sources' | 'workTree' | 'staleEntries' | 'rules' | 'remote' | 'branch'
> & {
  readonly workspace: Workspace;
  readonly request: SaveRequest;
  /** Every prompt that has a file. */
  readonly files: readonly string[];
};

const skipAll = (context: Context): SavePlan => ({
  ...context,
  saves: [],
  unchanged: [],
  skipped: [...context.sources.keys()].map((prompt) => ({ prompt, reason: 'behind' })),
  remote: null,
  warnings: context.workspace.ci === null ? [behindWarning(context)] : [],
});

/** In a CI another run has the newer commits; a person wants them here. */
const behindWarning = ({ workspace, request, branch }: Context): Warning => {
  const pull = [remoteOf(workspace, request), branch ?? 'BRANCH'].map(quoteShellWord).join(' ');
  const message = `The remote branch has commits that are not here. Bring them in, then save again: git pull --no-rebase ${pull}`;
  return { code: 'BEHIND', message };
};

const decide = async (context: Context): Promise<SavePlan> => {
  const { workspace, versions, rules } = context;
  const sources = rules.isNamed ? context.sources : withoutIgnored(context);
  const planner = new Planner(workspace, versions, sources, rules);
  const saves: PlannedSave[] = [];
  const unchanged: { prompt: string; version: string }[] = [];
  const skipped = [...context.sources.keys()]
    .filter((prompt) => !sources.has(prompt))
    .map((prompt) => ({ prompt, reason: 'ignored' }));
  for (const source of sources.values()) {
    const refusal = refusalOfFile(context, source);
    const plan = await planner.plan(source);
    const { next, sameTextAs } = plan;
    if (refusal && next) throw refusal.error;
    if (refusal) skipped.push({ prompt: source.name, reason: refusal.reason });
    else if (!next) unchanged.push({ prompt: source.name, version: sameTextAs ?? '' });
    else if (plan.state === 'behind' && !rules.isNamed)
      skipped.push({ prompt: source.name, reason: 'older-text' });
    else saves.push({ ...plan, next });
  }
  await assertNumbersKnown(workspace, saves, context);
  if (saves.some(({ next }) => next.previous === null)) await assertOwnPrefix(workspace);
  assertAllowed(context, saves);
  const warnings = saves.flatMap((plan) => bumpWarning(plan));
  return { ...context, sources, saves: partialsFirst(saves), unchanged, skipped, warnings };
};

/** A sweep does not see what git ignores; no other prompt may pin a version of it that will never be. */
const withoutIgnored = ({ workspace, sources, workTree }: Context): ReadonlyMap<string, PromptSource> =>
  new Map(
    [...sources].filter(([, { path }]) => workTree.files.get(gitPath(workspace, path))?.state !== 'ignored'),
  );

const numberRules = (workspace: Workspace, request: SaveRequest, branch: string | null): NumberRules => ({
  bump: request.bump,
  setVersion: request.setVersion,
  preid: request.preid,
  branchBump: bumpForBranch(workspace.config.bump.branches, branch),
  branchPreid: preidForBranch(workspace.config.releaseBranches, branch),
});

/** Named prompts must be there and readable; a sweep stops before anything changes when any file is broken. */
const assertReadable = (found: Sources, names: ReadonlySet<string> | null, versions: Versions): void => {
  const broken = found.unreadable.filter(({ name }) => !names || (name !== null && names.has(name)));
  if (broken[0]) throw broken[0].error;
  for (const name of names ?? []) {
    if (found.prompts.has(name)) continue;
    const versioned = versions.names();
    throw versioned.includes(name)
      ? promptvError('TEXT_NOT_FOUND', { name, place: 'its path', suggestion: '' })
      : promptNotFound(name, [...found.names, ...versioned]);
  }
  if (names) return;
  const invalid = [...found.prompts.values()].filter(({ parsed }) => !parsed.document);
  const problems = invalid.flatMap(({ path, parsed }) =>
    parsed.problems
      .filter(({ severity }) => severity === 'error')
      .map((problem) => ({ file: path, ...problem })),
  );
  if (invalid[0]) throw promptInvalid(invalid[0].path, problems);
};

interface FileRefusal {
  readonly reason: 'partially-staged' | 'unmerged' | 'ignored';
  readonly error: Error;
}

/** Why a file cannot be committed as it is; it matters only if its prompt is to be saved. */
const refusalOfFile = ({ workspace, workTree }: Context, { path }: PromptSource): FileRefusal | null => {
  switch (workTree.files.get(gitPath(workspace, path))?.state) {
    case 'partial':
      return { reason: 'partially-staged', error: promptvError('PARTIALLY_STAGED', { path }) };
    case 'unmerged':
      return { reason: 'unmerged', error: promptvError('OPERATION_IN_PROGRESS', { operation: 'merge' }) };
    case 'ignored':
      return { reason: 'ignored', error: promptvError('FILE_IGNORED', { path }) };
    default:
      return null;
  }
};

const assertAllowed = ({ workspace, request }: Context, saves: readonly PlannedSave[]): void => {
  for (const plan of saves) {
    const refusal = refusalOfBump(workspace, plan);
    if (refusal) throw refusal;
  }
  if (saves.length > 0 && workspace.config.requireMessage && !request.message?.trim())
    throw promptvError('MESSAGE_REQUIRED');
};

const bumpWarning = ({ source, next }: PlannedSave): Warning[] =>
  next.belowImpact
    ? [
        {
          code: 'BUMP_BELOW_IMPACT',
          message: `${source.name} ${next.version}: the change is ${next.impact}, the bump only ${describeBump(next)}.`,
        },
      ]
    : [];

/** Tags are made in this order: a version never pins one that a crash could have prevented. */
const partialsFirst = (saves: readonly PlannedSave[]): PlannedSave[] => {
  const byName = new Map(saves.map((plan) => [plan.source.name, plan]));
  const ordered = new Set<PlannedSave>();
  const visit = (plan: PlannedSave): void => {
    if (ordered.has(plan)) return;
    for (const { name } of plan.pins) {
      const partial = byName.get(name);
      if (partial) visit(partial);
    }
    ordered.add(plan);
  };
  for (const plan of saves) visit(plan);
  return [...ordered];
};
