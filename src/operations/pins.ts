import type { Pin, PromptDocument } from '../core/prompt/document.ts';
import { includedPrompts } from '../core/template/template.ts';
import { firstInRanges } from '../core/version/range.ts';
import { promptvError } from '../errors.ts';
import { isVersion, type Version, type Versions } from './versions.ts';

/** A version of a partial that may be pinned: saved already, or about to be in the same run. */
export interface PinCandidate {
  readonly version: string;
  readonly contentHash: string;
  readonly document: PromptDocument;
}

/** A number that may be pinned; only the one that is chosen is read. */
export interface UnreadCandidate {
  readonly version: string;
  /** Null when the number's tag turns out to be no version. */
  readonly read: () => Promise<PinCandidate | null>;
}

/** Tells the numbers of a partial, highest first. */
export type PinCandidates = (name: string) => Promise<readonly UnreadCandidate[]>;

interface Needed {
  readonly ranges: Set<string>;
  readonly neededBy: Set<string>;
}

/** More rounds than partials can be nested in earnest. */
const mostRounds = 50;

/** Pins with the documents behind them. */
export interface ResolvedPins {
  /** Sorted by name. */
  readonly pins: readonly Pin[];
  readonly documents: ReadonlyMap<string, PromptDocument>;
}

/**
 * Resolves every partial of a document, transitively, to the highest stable version that satisfies the ranges of all
 * who include it. A partial without a range may have any version.
 * @throws DEPENDENCY_NOT_FOUND, DEPENDENCY_CONFLICT, DEPENDENCY_CYCLE
 */
export const resolvePins = async (
  name: string,
  document: PromptDocument,
  candidatesOf: PinCandidates,
): Promise<ResolvedPins> => {
  let chosen = new Map<string, PinCandidate>();
  for (let round = 0; round < mostRounds; round++) {
    const needed = collectNeeded(name, document, chosen);
    const next = new Map<string, PinCandidate>();
    for (const [partial, needs] of needed)
      next.set(partial, await choose(name, partial, needs, candidatesOf));
    if (isSameChoice(chosen, next)) return toPins(next);
    chosen = next;
  }
  throw promptvError('DEPENDENCY_CONFLICT', { name, dependency: 'its partials', ranges: [...chosen.keys()] });
};

const toPins = (chosen: ReadonlyMap<string, PinCandidate>): ResolvedPins => {
  const names = [...chosen.keys()].sort();
  const pins = names.flatMap((name) => {
    const candidate = chosen.get(name);
    return candidate ? [{ name, version: candidate.version, contentHash: candidate.contentHash }] : [];
  });
  return { pins, documents: new Map([...chosen].map(([name, { document }]) => [name, document])) };
};

/** Walks from the document through the partials chosen so far, collecting who needs what. */
const collectNeeded = (
  name: string,
  document: PromptDocument,
  chosen: ReadonlyMap<string, PinCandidate>,
): Map<string, Needed> => {
  const needed = new Map<string, Needed>();
  const visit = (owner: string, owned: PromptDocument, trail: readonly string[]): void => {
    for (const partial of includedPrompts(owned)) {
      if (trail.includes(partial))
        throw promptvError('DEPENDENCY_CYCLE', { cycle: [...trail, partial].join(' → ') });
      const entry = needed.get(partial) ?? { ranges: new Set(), neededBy: new Set() };
      const isNew = !entry.neededBy.has(owner);
      entry.ranges.add(owned.dependencies?.[partial] ?? '*');
      entry.neededBy.add(owner);
      needed.set(partial, entry);
      const candidate = chosen.get(partial);
      if (candidate && isNew) visit(partial, candidate.document, [...trail, partial]);
    }
  };
  visit(name, document, [name]);
  return needed;
};

const choose = async (
  name: string,
  dependency: string,
  needs: Needed,
  candidatesOf: PinCandidates,
): Promise<PinCandidate> => {
  const owner = [...needs.neededBy][0] ?? name;
  let candidates = await candidatesOf(dependency);
  for (;;) {
    if (candidates.length === 0)
      throw promptvError('DEPENDENCY_NOT_FOUND', { name: owner, dependency, reason: 'has no saved version' });
    const numbers = candidates.map((candidate) => candidate.version);
    const version = firstInRanges(numbers, [...needs.ranges]);
    const found = candidates.find((candidate) => candidate.version === version);
    if (!found) break;
    const read = await found.read();
    if (read) return read;
    candidates = candidates.filter((candidate) => candidate !== found);
  }
  if (needs.ranges.size > 1)
    throw promptvError('DEPENDENCY_CONFLICT', { name, dependency, ranges: [...needs.ranges] });
  const reason = `has no version in the range ${[...needs.ranges][0]}`;
  throw promptvError('DEPENDENCY_NOT_FOUND', { name: owner, dependency, reason });
};

const isSameChoice = (a: ReadonlyMap<string, PinCandidate>, b: ReadonlyMap<string, PinCandidate>): boolean =>
  a.size === b.size && [...a].every(([name, candidate]) => b.get(name)?.version === candidate.version);

/** The saved versions of partials as candidates, each listed once: many prompts include the same few. */
export const savedCandidates = (versions: Versions): PinCandidates => {
  const listed = new Map<string, Promise<readonly UnreadCandidate[]>>();
  return (name) => {
    const candidates = listed.get(name) ?? listCandidates(versions, name);
    listed.set(name, candidates);
    return candidates;
  };
};

const listCandidates = async (versions: Versions, name: string): Promise<readonly UnreadCandidate[]> =>
  (await versions.refsOf(name)).map((ref) => ({
    version: ref.version,
    read: async () => {
      const saved = await versions.load(ref);
      if (!isVersion(saved)) return null;
      const { version, contentHash } = saved;
      return { version, contentHash, document: (await versions.textOf(saved)).document };
    },
  }));

/** A saved version with its text. */
export interface PinnedVersion {
  readonly version: Version;
  readonly document: PromptDocument;
}

/**
 * The versions that a saved version was pinned to, by name.
 * @throws VERSION_CHANGED when a pinned version is no longer the text it was, VERSION_NOT_FOUND
 */
export const readPinnedVersions = async (
  versions: Versions,
  pins: readonly Pin[],
): Promise<Map<string, PinnedVersion>> => {
  const pinned = new Map<string, PinnedVersion>();
  for (const pin of pins) {
    const version = await versions.get(pin.name, pin.version);
    if (version.contentHash !== pin.contentHash)
      throw promptvError('VERSION_CHANGED', {
        name: pin.name,
        version: pin.version,
        reason: 'its content hash is not the one that was pinned',
      });
    pinned.set(pin.name, { version, document: (await versions.textOf(version)).document });
  }
  return pinned;
};

/** The documents of `readPinnedVersions`. */
export const readPinned = async (
  versions: Versions,
  pins: readonly Pin[],
): Promise<Map<string, PromptDocument>> => {
  const pinned = await readPinnedVersions(versions, pins);
  return new Map([...pinned].map(([name, { document }]) => [name, document]));
};
