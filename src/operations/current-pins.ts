import type { Pin, PromptDocument } from '../core/prompt/document.ts';
import { bumpForBranch, preidForBranch } from '../core/version/bump.ts';
import { isPromptvError } from '../errors.ts';
import { currentBranch } from '../git/history.ts';
import { type ResolvedPins, resolvePins, savedCandidates } from './pins.ts';
import { type NumberRules, Planner, validDocument } from './plan-versions.ts';
import type { PromptSource, Sources } from './sources.ts';
import type { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

interface CurrentText {
  readonly source: PromptSource;
  readonly sources: Sources;
  /** Whether a save would version this text: its partials then count with the versions that they are about to get. */
  readonly isNext: boolean;
}

/**
 * Pins and partials of a text that is not a version. It renders with the files beside it; its pins are those that a
 * save would give. Without a resolvable set of partials there are no pins: that is for `save` and `status` to report.
 */
export const currentPins = async (
  workspace: Workspace,
  versions: Versions,
  { source, sources, isNext }: CurrentText,
): Promise<{ pins: readonly Pin[]; partials: ReadonlyMap<string, PromptDocument> }> => {
  const beside = new Map<string, PromptDocument>();
  for (const [name, { parsed }] of sources.prompts) if (parsed.document) beside.set(name, parsed.document);
  const resolving = isNext
    ? nextPins(workspace, versions, { source, sources })
    : resolvePins(source.name, validDocument(source), savedCandidates(versions));
  const resolved = await resolving.catch((error) => {
    if (isPromptvError(error) && unresolvable.has(error.code)) return null;
    throw error;
  });
  return { pins: resolved?.pins ?? [], partials: new Map([...(resolved?.documents ?? []), ...beside]) };
};

const unresolvable: ReadonlySet<string> = new Set([
  'DEPENDENCY_NOT_FOUND',
  'DEPENDENCY_CONFLICT',
  'DEPENDENCY_CYCLE',
  'PROMPT_INVALID',
]);

const nextPins = async (
  workspace: Workspace,
  versions: Versions,
  { source, sources }: Omit<CurrentText, 'isNext'>,
): Promise<ResolvedPins> =>
  new Planner(workspace, versions, sources.prompts, await branchRules(workspace)).pins(source);

/** The branch is asked for only where the configuration has a rule for it. */
const branchRules = async ({ config, ci, repository }: Workspace): Promise<NumberRules> => {
  const { bump, releaseBranches } = config;
  if (Object.keys(bump.branches).length === 0 && releaseBranches.length === 0) return {};
  const branch = ci?.branch ?? (await currentBranch(repository));
  return {
    branchBump: bumpForBranch(bump.branches, branch),
    branchPreid: preidForBranch(releaseBranches, branch),
  };
};
