import type { Impact } from '../core/impact/grade.ts';
import type { Problem } from '../core/prompt/document.ts';
import { bumpForBranch, preidForBranch } from '../core/version/bump.ts';
import { type ErrorCode, isPromptvError, type PromptvError } from '../errors.ts';
import { currentBranch } from '../git/history.ts';
import { deletedPrompts } from './deleted-prompts.ts';
import { Planner, type PromptPlan, refusalOfBump } from './plan-versions.ts';
import { readRollouts } from './rollout/list.ts';
import type { RolloutView } from './rollout/rollout-view.ts';
import { shallowWarnings } from './shallow-history.ts';
import { type PromptSource, readStagedSources, readWorkingSources, type Sources } from './sources.ts';
import { sparseWarnings } from './sparse-checkout.ts';
import { openState } from './state-store.ts';
import type { PromptState, Warning } from './types.ts';
import { Versions } from './versions.ts';
import { promptNameFrom, promptNotFound, type Workspace } from './workspace.ts';

export interface StatusRequest {
  readonly names?: readonly string[];
  /** Reads the index that git is committing instead of the files on disk. */
  readonly staged?: boolean;
  /** The branch whose rules give the next version; by default the one that is checked out or that CI builds. */
  readonly branch?: string;
}

export interface PromptStatus {
  readonly prompt: string;
  readonly path: string | null;
  readonly state: PromptState;
  readonly impact: Impact | null;
  /** What the state alone does not say: `dependency`, the old name, the first problem of an invalid file, the version with this text. */
  readonly reason: string | null;
  readonly latest: string | null;
  /** The version that a plain `save` would give; null when it would give none. */
  readonly next: string | null;
  /** Why a plain `save` would refuse to give `next`, in its words; null when it would not. */
  readonly refusal: { readonly code: ErrorCode; readonly message: string; readonly hint: string } | null;
  readonly problems: readonly Problem[];
}

export interface StatusResult {
  readonly branch: string | null;
  readonly prompts: readonly PromptStatus[];
  /** Those under way, of the prompts asked for; by environment as configured, then by prompt. */
  readonly rollouts: readonly RolloutView[];
  readonly warnings: readonly Warning[];
}

/** How every prompt (or those named) stands to its latest version. Broken files are part of the answer. */
export const status = async (workspace: Workspace, request: StatusRequest): Promise<StatusResult> => {
  const [{ branch, prompts }, { rollouts, warnings }] = await Promise.all([
    surveyPrompts(workspace, request),
    readRollouts(workspace, openState(workspace), {}),
  ]);
  const names = new Set((request.names ?? []).map((name) => promptNameFrom(workspace, name)));
  const sparse = await sparseWarnings(workspace, prompts);
  return {
    branch,
    prompts,
    rollouts: rollouts.filter(({ prompt }) => names.size === 0 || names.has(prompt)),
    warnings: [...warnings, ...shallowWarnings(workspace, prompts), ...sparse],
  };
};

/** The prompts' states together with what they were read from. */
export interface Survey {
  readonly branch: string | null;
  /** Sorted by name. */
  readonly prompts: readonly PromptStatus[];
  readonly sources: Sources;
  readonly versions: Versions;
}

/** Reads files and tags once and judges every prompt that was asked for. @throws PROMPT_NOT_FOUND, NAME_INVALID */
export const surveyPrompts = async (workspace: Workspace, request: StatusRequest): Promise<Survey> => {
  const names = request.names?.length
    ? new Set(request.names.map((name) => promptNameFrom(workspace, name)))
    : null;
  const versions = new Versions(workspace);
  // git answers while the files are read.
  const [, branch, sources] = await Promise.all([
    names ? versions.listAll() : versions.checkAll(),
    request.branch ?? workspace.ci?.branch ?? currentBranch(workspace.repository),
    request.staged
      ? readStagedSources(workspace)
      : readWorkingSources(workspace, names ?? undefined, { withPartials: true }),
  ]);
  const known = new Set([...sources.names, ...versions.names()]);
  for (const name of names ?? []) if (!known.has(name)) throw promptNotFound(name, known);
  const planner = new Planner(workspace, versions, sources.prompts, {
    branchBump: bumpForBranch(workspace.config.bump.branches, branch),
    branchPreid: preidForBranch(workspace.config.releaseBranches, branch),
  });
  const isWanted = (name: string): boolean => !names || names.has(name);
  const found = [...sources.prompts.values()].filter(({ name }) => isWanted(name));
  const broken = sources.unreadable.filter(({ name }) => isWanted(name));
  const prompts = await Promise.all([
    ...found.map((source) => sourceStatus(workspace, { planner, versions, source })),
    ...broken.map((file) => brokenStatus(versions, file)),
  ]);
  const deleted = request.staged
    ? []
    : await deletedPrompts(workspace, versions, { present: sources.names, isWanted });
  return { branch, prompts: [...prompts, ...deleted].sort(byName), sources, versions };
};

const byName = (a: PromptStatus, b: PromptStatus): number => (a.prompt < b.prompt ? -1 : 1);

const sourceStatus = async (
  workspace: Workspace,
  {
    planner,
    versions,
    source,
  }: { readonly planner: Planner; readonly versions: Versions; readonly source: PromptSource },
): Promise<PromptStatus> => {
  try {
    const plan = await planner.plan(source);
    const { state, next, latest } = plan;
    const refusal = state === 'behind' ? null : refusalOfBump(workspace, plan);
    return {
      prompt: source.name,
      path: source.path,
      state,
      impact: next?.impact ?? null,
      reason: reasonOf(plan),
      latest: latest?.version ?? null,
      next: state === 'behind' ? null : (next?.version ?? null),
      refusal: refusal && { code: refusal.code, message: refusal.message, hint: refusal.hint },
      problems: [],
    };
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    const { problems } = source.parsed;
    return { ...(await brokenStatus(versions, { name: source.name, path: source.path, error })), problems };
  }
};

const reasonOf = ({ state, sameTextAs, renamedFrom, reason }: PromptPlan): string | null => {
  if (state === 'behind') return `same text as ${sameTextAs}`;
  return renamedFrom === null ? reason : `renamed from ${renamedFrom}`;
};

const brokenStatus = async (
  versions: Versions,
  { name, path, error }: { readonly name: string; readonly path: string; readonly error: PromptvError },
): Promise<PromptStatus> => {
  const { first } = error.details;
  const reason = typeof first === 'string' ? first : error.message;
  const latest = (await versions.refsOf(name))[0]?.version ?? null;
  const nothing = { impact: null, next: null, refusal: null, problems: [] };
  return { prompt: name, path, state: 'invalid', reason, latest, ...nothing };
};
