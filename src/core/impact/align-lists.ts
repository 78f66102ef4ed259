import { diffArrays } from 'diff';

/** Two items, one of each list, that are the same item to a reader; `moved` when its order among the others changed. */
interface AlignedPair {
  readonly before: number;
  readonly after: number;
  readonly moved: boolean;
}

/** Which items of two lists belong together, by index; every index stands in exactly one place. */
interface Alignment {
  readonly pairs: readonly AlignedPair[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

interface AlignRules<T> {
  readonly isSame: (before: T, after: T) => boolean;
  /** From 0 to 1: how much two unequal items look alike wherever they stand; from 0.5 on they are one item. */
  readonly similarity: (before: T, after: T) => number;
  /** Whether two unequal items at the same place between their neighbours are one item that was rewritten. */
  readonly canReplace: (before: T, after: T) => boolean;
}

interface Match {
  readonly before: number;
  readonly after: number;
}

// Bounds that keep hostile lists cheap: beyond them items are matched by place alone.
const maxEdits = 500;
const maxComparisons = 2_500;

/** Matches two lists: equal items first, then similar ones anywhere, then those at the same place. Pairs come in the order of `after`. */
export const alignLists = <T>(before: readonly T[], after: readonly T[], rules: AlignRules<T>): Alignment => {
  const matches = matchEqual(before, after, rules);
  const unmatched = () => ({
    before: indexesExcept(
      before.length,
      matches.map((match) => match.before),
    ),
    after: indexesExcept(
      after.length,
      matches.map((match) => match.after),
    ),
  });
  matches.push(...matchSimilar(before, after, rules, unmatched()));
  const moved = findMoved(matches);
  const inPlace = matches.filter((match) => !moved.has(match.before));
  matches.push(...matchByPlace(before, after, rules, { ...unmatched(), inPlace }));
  const left = unmatched();
  return {
    pairs: matches
      .map((match) => ({ ...match, moved: moved.has(match.before) }))
      .sort((a, b) => a.after - b.after),
    removed: left.before,
    added: left.after,
  };
};

const indexesExcept = (length: number, taken: readonly number[]): number[] => {
  const skip = new Set(taken);
  return Array.from({ length }, (_, index) => index).filter((index) => !skip.has(index));
};

const matchEqual = <T>(before: readonly T[], after: readonly T[], rules: AlignRules<T>): Match[] => {
  const parts = diffArrays([...before], [...after], { comparator: rules.isSame, maxEditLength: maxEdits });
  const matches: Match[] = [];
  let from = 0;
  let to = 0;
  for (const part of parts ?? []) {
    if (!part.added && !part.removed) {
      for (let i = 0; i < part.count; i++) matches.push({ before: from + i, after: to + i });
    }
    if (!part.added) from += part.count;
    if (!part.removed) to += part.count;
  }
  return matches;
};

/** The most similar pairs first; equal items that stand elsewhere have similarity 1. */
const matchSimilar = <T>(
  before: readonly T[],
  after: readonly T[],
  rules: AlignRules<T>,
  left: { readonly before: readonly number[]; readonly after: readonly number[] },
): Match[] => {
  if (left.before.length * left.after.length > maxComparisons) return [];
  const scored: (Match & { readonly score: number })[] = [];
  for (const from of left.before) {
    for (const to of left.after) {
      const score = similarityAt(before, after, { before: from, after: to }, rules);
      if (score >= 0.5) scored.push({ before: from, after: to, score });
    }
  }
  scored.sort((a, b) => b.score - a.score || a.before - b.before || a.after - b.after);
  const matches: Match[] = [];
  for (const { before: from, after: to } of scored) {
    const isTaken = matches.some((match) => match.before === from || match.after === to);
    if (!isTaken) matches.push({ before: from, after: to });
  }
  return matches;
};

const similarityAt = <T>(before: readonly T[], after: readonly T[], at: Match, rules: AlignRules<T>) => {
  const a = before[at.before];
  const b = after[at.after];
  if (a === undefined || b === undefined) return 0;
  return rules.isSame(a, b) ? 1 : rules.similarity(a, b);
};

/** The fewest items that must move: those outside a longest run that keeps its order on both sides. */
const findMoved = (matches: readonly Match[]): ReadonlySet<number> => {
  const byBefore = [...matches].sort((a, b) => a.before - b.before).map((match) => match.before);
  const byAfter = [...matches].sort((a, b) => a.after - b.after).map((match) => match.before);
  const parts = diffArrays(byBefore, byAfter, { maxEditLength: maxEdits });
  if (parts === undefined) return new Set(byBefore.filter((index, i) => byAfter[i] !== index));
  return new Set(parts.flatMap((part) => (part.removed ? part.value : [])));
};

/** Pairs what is left between the same two neighbours, in order. */
const matchByPlace = <T>(
  before: readonly T[],
  after: readonly T[],
  rules: AlignRules<T>,
  left: {
    readonly before: readonly number[];
    readonly after: readonly number[];
    readonly inPlace: readonly Match[];
  },
): Match[] => {
  const gapOf = (side: 'before' | 'after', index: number) =>
    left.inPlace.reduce((count, match) => (match[side] < index ? count + 1 : count), 0);
  const candidates = left.after.map((index) => ({ index, gap: gapOf('after', index) }));
  const matches: Match[] = [];
  for (const from of left.before) {
    const gap = gapOf('before', from);
    const found = candidates.findIndex((candidate) => {
      const a = before[from];
      const b = after[candidate.index];
      return candidate.gap === gap && a !== undefined && b !== undefined && rules.canReplace(a, b);
    });
    const candidate = candidates[found];
    if (candidate === undefined) continue;
    matches.push({ before: from, after: candidate.index });
    candidates.splice(0, found + 1);
  }
  return matches;
};
