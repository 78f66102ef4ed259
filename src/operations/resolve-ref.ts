import { contentHash } from '../core/prompt/content-hash.ts';
import type { Pin, PromptDocument } from '../core/prompt/document.ts';
import { nearestNames } from '../core/prompt/name.ts';
import { parseReference, type Selector, selectVersion } from '../core/version/reference.ts';
import { isPromptvError, promptvError } from '../errors.ts';
import { currentPins } from './current-pins.ts';
import { readDeployedVersion, servedVersion } from './deployed-version.ts';
import { readPinned } from './pins.ts';
import { validDocument } from './plan-versions.ts';
import { listOpenRollouts } from './rollout/find-rollout.ts';
import { readRevisionSources, readStagedSources, readWorkingSources, type Sources } from './sources.ts';
import { openState, type StateStore } from './state-store.ts';
import { isVersion, type Version, type VersionRef, type Versions, versionNotFound } from './versions.ts';
import { promptNameFrom, promptNotFound, suggestion, type Workspace } from './workspace.ts';

/** A reference brought down to one text. */
export interface ResolvedPrompt {
  readonly name: string;
  /** How it is named to a reader: `1.2.0`, `working`, `staged`, `git:HEAD~1`. */
  readonly label: string;
  /** Null for a text that is not a version. */
  readonly version: Version | null;
  /** Relative to git's top folder for a version, else to the workspace. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly document: PromptDocument;
  readonly pins: readonly Pin[];
  readonly contentHash: string;
  /** The documents of its partials, transitively, as this text renders with them. */
  readonly partials: ReadonlyMap<string, PromptDocument>;
}

/** What a reference without a selector means to the command. */
export type DefaultSelector = 'latest' | 'working' | 'staged';

/**
 * Finds what `NAME[@SELECTOR]` names.
 * @throws REF_INVALID, PROMPT_NOT_FOUND, VERSION_NOT_FOUND, ENVIRONMENT_EMPTY, VERSION_CHANGED, PROMPT_INVALID
 */
export const resolveRef = async (
  workspace: Workspace,
  versions: Versions,
  request: { readonly ref: string; readonly otherwise: DefaultSelector },
): Promise<ResolvedPrompt> => {
  const reference = parseReference(request.ref);
  const name = promptNameFrom(workspace, reference.name);
  const selector = reference.selector;
  if (!selector && request.otherwise === 'staged')
    return resolveInSources(workspace, versions, {
      name,
      sources: await readStagedSources(workspace),
      label: 'staged',
    });
  return resolveSelector(workspace, versions, {
    name,
    selector: selector ?? { kind: request.otherwise === 'latest' ? 'latest' : 'working' },
  });
};

/** A prompt, and the state that says what environments run; by default the workspace's own. */
interface Named {
  readonly name: string;
  readonly state?: StateStore;
}

/** The same for a name and selector that are already apart. */
export const resolveSelector = async (
  workspace: Workspace,
  versions: Versions,
  { name, selector, state = openState(workspace) }: Named & { readonly selector: Selector },
): Promise<ResolvedPrompt> => {
  if (selector.kind === 'working') return resolveWorking(workspace, versions, name);
  if (selector.kind === 'git') {
    const sources = await readRevisionSources(workspace, selector.revision);
    return resolveInSources(workspace, versions, { name, sources, label: `git:${selector.revision}` });
  }
  if (selector.kind === 'candidate')
    return resolveVersion(versions, await findCandidate(versions, state, name));
  return resolveVersion(versions, await findVersion(workspace, versions, { name, selector, state }));
};

/** A saved version with the partials that it was pinned to. */
export const resolveVersion = async (versions: Versions, version: Version): Promise<ResolvedPrompt> => {
  const { name, path, record, contentHash: hash } = version;
  const text = await versions.textOf(version);
  const partials = await readPinned(versions, record.pins);
  return {
    name,
    label: version.version,
    version,
    path,
    ...text,
    pins: record.pins,
    contentHash: hash,
    partials,
  };
};

/**
 * The saved version that a reference names; without a selector the latest.
 * @throws REF_UNSAVED for a text that is not a version, as `resolveRef`
 */
export const resolveSavedVersion = async (
  workspace: Workspace,
  versions: Versions,
  { ref, state = openState(workspace) }: { readonly ref: string; readonly state?: StateStore },
): Promise<Version> => {
  const { name: typed, selector } = parseReference(ref);
  const name = promptNameFrom(workspace, typed);
  const wanted = selector ?? { kind: 'latest' as const };
  if (wanted.kind === 'working' || wanted.kind === 'git') throw promptvError('REF_UNSAVED', { ref, name });
  if (wanted.kind === 'candidate') return findCandidate(versions, state, name);
  return findVersion(workspace, versions, { name, selector: wanted, state });
};

/**
 * The version that a rollout under way tries, in whatever environment; it must be the content that the rollout began
 * with.
 * @throws CANDIDATE_NOT_FOUND, REF_INVALID where several environments try different ones, VERSION_CHANGED
 */
const findCandidate = async (versions: Versions, state: StateStore, name: string): Promise<Version> => {
  const tried = (await listOpenRollouts(state)).filter(({ before }) => before.prompt === name);
  const [first, ...others] = tried;
  if (!first) throw promptvError('CANDIDATE_NOT_FOUND', { name });
  const { candidate } = first.record;
  if (others.some(({ record }) => record.candidate.version !== candidate.version)) {
    const places = tried.map(({ before, record }) => `${record.candidate.version} in ${before.environment}`);
    const reason = `it has several candidates: ${places.join(', ')}`;
    throw promptvError('REF_INVALID', { ref: `${name}@candidate`, reason });
  }
  return servedVersion(versions, { name, ...candidate, environment: first.before.environment });
};

const findVersion = async (
  workspace: Workspace,
  versions: Versions,
  {
    name,
    selector,
    state,
  }: Required<Named> & {
    readonly selector: Exclude<Selector, { kind: 'working' | 'git' | 'candidate' }>;
  },
): Promise<Version> => {
  if (selector.kind === 'version')
    return versions
      .get(name, selector.version)
      .catch((error) => explainMissing(workspace, versions, { name, error }));
  const environments = workspace.config.environments.map((environment) => environment.name);
  if (selector.kind === 'word' && environments.includes(selector.text))
    return readDeployedVersion(state, versions, { name, environment: selector.text }).catch((error) =>
      explainMissing(workspace, versions, { name, error }),
    );
  const refs = await versions.refsOf(name);
  let numbers = refs.map(({ version }) => version);
  for (;;) {
    const selection = selectVersion(selector, { versions: numbers, environments });
    const chosen =
      'version' in selection ? refs.find(({ version }) => version === selection.version) : undefined;
    if (!chosen) break;
    const loaded = await versions.load(chosen);
    if (isVersion(loaded)) return loaded;
    // A tag that is no version is passed over, as if it were not there.
    numbers = numbers.filter((version) => version !== chosen.version);
  }
  const wanted = selector.kind === 'word' ? selector.text : selector.kind;
  const error =
    selector.kind === 'latest'
      ? noStableVersion(name, refs)
      : versionNotFound(name, wanted, refs, environments);
  return explainMissing(workspace, versions, { name, error });
};

/** A prompt that has pre-releases alone: the highest of them is what one wants. */
const noStableVersion = (name: string, refs: readonly VersionRef[]): Error =>
  promptvError('VERSION_NOT_FOUND', {
    name,
    version: 'latest',
    suggestion: suggestion(refs.slice(0, 1).map(({ version }) => version)),
  });

/** A prompt without any version may have a misspelt name, or only a file. */
const explainMissing = async (
  workspace: Workspace,
  versions: Versions,
  { name, error }: { readonly name: string; readonly error: unknown },
): Promise<never> => {
  if (
    !isPromptvError(error) ||
    (error.code !== 'VERSION_NOT_FOUND' && error.code !== 'ENVIRONMENT_EMPTY') ||
    (await versions.refsOf(name)).length > 0
  )
    throw error;
  await versions.listAll();
  const files = await readWorkingSources(workspace, new Set([name]));
  if (files.prompts.has(name)) throw promptvError('NO_VERSION', { name });
  throw promptNotFound(name, [...files.names, ...versions.names()]);
};

const resolveWorking = async (
  workspace: Workspace,
  versions: Versions,
  name: string,
): Promise<ResolvedPrompt> => {
  const sources = await readWorkingSources(workspace, new Set([name]), { withPartials: true });
  // The partials' tags will be asked for; one process lists them all.
  await versions.list([name, ...sources.prompts.keys()]);
  return resolveInSources(workspace, versions, { name, sources, label: 'working' });
};

/** A prompt as some place has it. */
interface Place {
  readonly name: string;
  readonly sources: Sources;
  readonly label: string;
}

/** A prompt's text in that place, with the partials that stand beside it. @throws PROMPT_NOT_FOUND, PROMPT_INVALID, TEXT_NOT_FOUND */
export const resolveInSources = async (
  workspace: Workspace,
  versions: Versions,
  { name, sources, label }: Place,
): Promise<ResolvedPrompt> => {
  const source = sources.prompts.get(name);
  const unreadable = sources.unreadable.find((file) => file.name === name);
  if (unreadable) throw unreadable.error;
  if (!source) throw await missingSource(workspace, versions, { name, sources, label });
  const document = validDocument(source);
  const isNext = label === 'working' || label === 'staged';
  const { pins, partials } = await currentPins(workspace, versions, { source, sources, isNext });
  const { path, bytes } = source;
  return {
    name,
    label,
    version: null,
    path,
    bytes,
    document,
    pins,
    contentHash: contentHash(document, pins),
    partials,
  };
};

/** Why a place has no such prompt: the name is wrong, or the prompt is only elsewhere. */
export const missingSource = async (
  workspace: Workspace,
  versions: Versions,
  { name, sources, label }: Place,
): Promise<Error> => {
  // Nothing is read: only the names of the files are wanted.
  const [{ names }] = await Promise.all([readWorkingSources(workspace, new Set()), versions.listAll()]);
  const known = [...sources.names, ...names, ...versions.names()];
  if (!known.includes(name)) return promptNotFound(name, known);
  return promptvError('TEXT_NOT_FOUND', {
    name,
    place: label,
    suggestion: suggestion(nearestNames(name, sources.names)),
  });
};
