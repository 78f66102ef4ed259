import { parseSelector, type Selector } from '../core/version/reference.ts';
import { promptvError } from '../errors.ts';
import type { BaseComparison } from './diff-base.ts';
import { diffPair, type Pair, type PromptDiff } from './diff-pair.ts';
import { readRenames } from './renames.ts';
import { resolveRef, resolveSelector } from './resolve-ref.ts';
import { readWorkingSources } from './sources.ts';
import { type PromptStatus, surveyPrompts } from './status.ts';
import type { Warning } from './types.ts';
import { Versions } from './versions.ts';
import { promptNameFrom, type Workspace } from './workspace.ts';

export interface DiffRequest {
  /** None: every changed prompt. Otherwise NAME, NAME FROM, NAME FROM TO, or REF REF. */
  readonly operands?: readonly string[];
  /** Compares with the index that git is committing instead of the files on disk. */
  readonly staged?: boolean;
  /** A git revision: without operands, every prompt that changed since the checked-out commit left it. */
  readonly base?: string;
  /** Reads both versions' figures from the metrics log. */
  readonly metrics?: boolean;
}

export interface DiffResult {
  readonly diffs: readonly PromptDiff[];
  /** Without operands: prompts that have no version to be compared with. */
  readonly unversioned: readonly string[];
  /** With `base`, every prompt that differs from it, also the new and the deleted; else null. */
  readonly base: BaseComparison | null;
  readonly warnings: readonly Warning[];
}

/**
 * Compares texts of prompts, by default the latest version with the file on disk.
 * @throws as `resolveRef`; NO_VERSION for a named prompt that was never saved, REVISION_NOT_FOUND
 */
export const diff = async (workspace: Workspace, request: DiffRequest): Promise<DiffResult> => {
  const operands = request.operands ?? [];
  const other = request.staged ? 'staged' : 'working';
  if (request.base !== undefined) {
    const { diffBase } = await import('./diff-base.ts');
    return { ...(await diffBase(workspace, request.base)), unversioned: [], warnings: [] };
  }
  if (operands.length === 0) return diffChanged(workspace, request);
  const pair = await resolvePair(workspace, new Versions(workspace), { operands, other });
  const found = diffPair(pair);
  if (!request.metrics) return { diffs: [found], unversioned: [], base: null, warnings: [] };
  const { compareVersions } = await import('./metrics/compare.ts');
  const metrics = await compareVersions(workspace, found);
  const unread = metrics === null ? [unsavedSide(found)] : [];
  return { diffs: [{ ...found, metrics }], unversioned: [], base: null, warnings: unread };
};

const unsavedSide = ({ prompt }: PromptDiff): Warning => ({
  code: 'METRICS_NEED_VERSIONS',
  message: `There are no metrics of a text that is no version: name two versions, as in "promptv diff ${prompt} 1.0.0 1.1.0 --metrics".`,
});

const diffChanged = async (workspace: Workspace, { staged = false }: DiffRequest): Promise<DiffResult> => {
  const { prompts, versions } = await surveyPrompts(workspace, { staged });
  const diffs: PromptDiff[] = [];
  for (const { prompt, state, latest } of prompts) {
    // What was renamed is new under its name, and goes on from a version.
    const isRenamed = state === 'new' && latest !== null;
    if (state !== 'modified' && state !== 'behind' && !isRenamed) continue;
    const operands = [prompt];
    const pair = await resolvePair(workspace, versions, { operands, other: staged ? 'staged' : 'working' });
    const found = diffPair(pair);
    if (!isRenamed || found.patch !== '') diffs.push(found);
  }
  const unversioned = prompts.filter(({ latest, state }) => latest === null && state === 'new');
  return {
    diffs,
    unversioned: unversioned.map(({ prompt }) => prompt),
    base: null,
    warnings: unreadable(prompts),
  };
};

const unreadable = (prompts: readonly PromptStatus[]): Warning[] =>
  prompts.flatMap(({ state, prompt, path, reason }) =>
    state === 'invalid'
      ? [{ code: 'PROMPT_INVALID', message: `${path ?? prompt} is left out: ${reason}` }]
      : [],
  );

const resolvePair = async (
  workspace: Workspace,
  versions: Versions,
  { operands, other }: { readonly operands: readonly string[]; readonly other: 'working' | 'staged' },
): Promise<Pair> => {
  const [first = '', second, third] = operands;
  if (first.includes('@')) {
    if (third !== undefined) throw tooMany(operands);
    const before = await resolveRef(workspace, versions, { ref: first, otherwise: 'latest' });
    const after = await resolveRef(workspace, versions, { ref: second ?? before.name, otherwise: other });
    return [before, after];
  }
  const name = promptNameFrom(workspace, first);
  const [from, to] = third === undefined ? splitRange(second) : [second, third];
  const end = selectorOf(to);
  // The text on disk first: it lists the tags of the prompt and of its partials in one go.
  const after = end
    ? await resolveSelector(workspace, versions, { name, selector: end })
    : await resolveRef(workspace, versions, { ref: name, otherwise: other });
  const start = selectorOf(from);
  const saved = start ? name : await nameBefore(workspace, versions, name);
  const selector = start ?? (await lastSaved(versions, saved));
  return [await resolveSelector(workspace, versions, { name: saved, selector }), after];
};

/** The name under which a prompt was saved last: its own, or the one that `rename` took from it since. */
const nameBefore = async (workspace: Workspace, versions: Versions, name: string): Promise<string> => {
  if ((await versions.refsOf(name)).length > 0) return name;
  const { prompts } = await readWorkingSources(workspace, new Set([name]));
  return (await readRenames(workspace, versions, [...prompts.values()])).get(name) ?? name;
};

const selectorOf = (text: string | undefined): Selector | null =>
  text === undefined ? null : parseSelector(text);

/** The highest stable version, or of pre-releases alone the highest: what `status` compares with too. */
const lastSaved = async (versions: Versions, name: string): Promise<Selector> => {
  const isUnreleased =
    (await versions.highest(name, { stable: true })) === null && (await versions.refsOf(name)).length > 0;
  return { kind: isUnreleased ? 'next' : 'latest' };
};

/** `FROM..TO` in one word, as in `log`; a git revision has no `..`. */
const splitRange = (text: string | undefined): readonly [from?: string, to?: string] => {
  const [, from, to] = /^(.+?)\.\.([^.].*)$/.exec(text ?? '') ?? [];
  return from === undefined ? [text] : [from, to];
};

const tooMany = (operands: readonly string[]): Error =>
  promptvError('USAGE', {
    message: `diff takes two references, not ${operands.length}.`,
    hint: 'Write "promptv diff NAME@1.0.0 NAME@1.1.0" or "promptv diff NAME 1.0.0 1.1.0".',
  });
