import type { Impact } from '../core/impact/grade.ts';
import { isPromptvError, promptvError } from '../errors.ts';
import { findMergeBase } from '../git/history.ts';
import { countTokens, diffPair, type PromptDiff } from './diff-pair.ts';
import { type ResolvedPrompt, resolveInSources } from './resolve-ref.ts';
import { type PromptSource, partialsOf, readRevisionSources, type Sources } from './sources.ts';
import { type PromptStatus, type Survey, surveyPrompts } from './status.ts';
import type { Workspace } from './workspace.ts';

/** A prompt whose text is not what it was at the base. */
export interface BaseChange {
  readonly prompt: string;
  /** Relative to the workspace; at the base for a deleted file. */
  readonly path: string | null;
  /** `invalid`: the text cannot be read as a prompt now. */
  readonly state: 'added' | 'changed' | 'deleted' | 'invalid';
  /** What callers feel; null unless both texts can be read. */
  readonly impact: Impact | null;
  /** Why there is no impact of a file that is there. */
  readonly reason: string | null;
  /** The highest saved version. */
  readonly latest: string | null;
  /** The version that `save` would give on the branch that the change is for. */
  readonly next: string | null;
  /** Estimated tokens; null on a side that has no readable text. */
  readonly tokens: { readonly before: number | null; readonly after: number | null };
}

/** The files on disk compared with a commit. */
export interface BaseComparison {
  readonly revision: string;
  /** Where the checked-out commit left `revision`; where they have nothing in common, `revision` itself. */
  readonly commit: string;
  /** Sorted by name. */
  readonly prompts: readonly BaseChange[];
}

interface Sides {
  readonly workspace: Workspace;
  readonly survey: Survey;
  readonly before: Sources;
}

type Judged = readonly [change: BaseChange, diff?: PromptDiff];

/** Every prompt on disk that is not as it was at the base of a change. @throws REVISION_NOT_FOUND */
export const diffBase = async (
  workspace: Workspace,
  revision: string,
): Promise<{ base: BaseComparison; diffs: readonly PromptDiff[] }> => {
  const commit = await findBase(workspace, revision);
  const branch = workspace.ci?.targetBranch ?? undefined;
  const [survey, before] = await Promise.all([
    surveyPrompts(workspace, { branch }),
    readRevisionSources(workspace, commit),
  ]);
  const sides = { workspace, survey, before };
  const present = survey.prompts.filter(({ state }) => state !== 'deleted');
  const judged: Judged[] = await deletedSince(sides, new Set(present.map(({ prompt }) => prompt)));
  for (const status of present) {
    const found = await judge(sides, status);
    if (found !== null) judged.push(found);
  }
  judged.sort(([a], [b]) => (a.prompt < b.prompt ? -1 : 1));
  return {
    base: { revision, commit, prompts: judged.map(([change]) => change) },
    diffs: judged.flatMap(([, diff]) => diff ?? []),
  };
};

const findBase = async ({ repository }: Workspace, revision: string): Promise<string> => {
  const [head, other] = await Promise.all([
    repository.readObject('HEAD^{commit}'),
    repository.readObject(`${revision}^{commit}`),
  ]);
  if (!other) throw promptvError('REVISION_NOT_FOUND', { revision });
  return (head && (await findMergeBase(repository, head.oid, other.oid))) ?? other.oid;
};

const deletedSince = async ({ survey, before }: Sides, present: ReadonlySet<string>): Promise<Judged[]> => {
  const gone = [...before.prompts.values()].filter(({ name }) => !present.has(name));
  return Promise.all(
    gone.map(async ({ name, path, ...source }): Promise<Judged> => {
      const latest = (await survey.versions.highest(name, { stable: false }))?.version ?? null;
      const tokens = { before: tokensOf(source), after: null };
      return [
        { prompt: name, path, state: 'deleted', impact: null, reason: null, latest, next: null, tokens },
      ];
    }),
  );
};

/** Null for a prompt on disk that is as it was. */
const judge = async (sides: Sides, status: PromptStatus): Promise<Judged | null> => {
  const { prompt, latest, next, path } = status;
  const [earlier, later] = [sides.before.prompts.get(prompt), sides.survey.sources.prompts.get(prompt)];
  const nothing = { before: null, after: null };
  const change = { prompt, path, impact: null, reason: null, latest, next, tokens: nothing };
  if (status.state === 'invalid') {
    if (earlier && later && isSameText(earlier, later)) return null;
    return [{ ...change, state: 'invalid', reason: status.reason }];
  }
  if (!later) return null;
  const after = tokensOf(later);
  if (!earlier) return [{ ...change, state: 'added', tokens: { before: null, after } }];
  if (isUntouched(sides, prompt)) return null;
  return judgeChanged(sides, { ...change, state: 'changed', tokens: { before: tokensOf(earlier), after } });
};

const judgeChanged = async (
  { workspace, survey, before }: Sides,
  change: BaseChange,
): Promise<Judged | null> => {
  const { versions, sources } = survey;
  const name = change.prompt;
  const later = await resolveInSources(workspace, versions, { name, sources, label: 'working' });
  const earlier = await resolveInSources(workspace, versions, { name, sources: before, label: 'base' }).catch(
    (error: unknown) => {
      if (isPromptvError(error)) return error.message;
      throw error;
    },
  );
  if (typeof earlier === 'string') return [{ ...change, reason: `at the base: ${earlier}` }];
  if (isSame(earlier, later)) return null;
  const diff = diffPair([earlier, later]);
  return [{ ...change, impact: diff.impact }, diff];
};

const isSame = (earlier: ResolvedPrompt, later: ResolvedPrompt): boolean =>
  earlier.contentHash === later.contentHash && Buffer.compare(earlier.bytes, later.bytes) === 0;

const isSameText = (earlier: PromptSource, later: PromptSource): boolean => earlier.blob === later.blob;

/** Neither the prompt's own text nor that of a partial, however deep, is another. */
const isUntouched = ({ before, survey }: Sides, prompt: string): boolean => {
  const seen = new Set<string>();
  const pending = [prompt];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const [earlier, later] = [before.prompts.get(name), survey.sources.prompts.get(name)];
    if (earlier && later ? !isSameText(earlier, later) : earlier !== later) return false;
    if (later) pending.push(...partialsOf(later));
  }
  return true;
};

const tokensOf = ({ parsed }: Pick<PromptSource, 'parsed'>): number | null =>
  parsed.document ? countTokens(parsed.document) : null;
