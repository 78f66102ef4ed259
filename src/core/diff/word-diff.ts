import { diffArrays } from 'diff';

/** A stretch of words: the same on both sides but for white space, or replaced (one side may be empty). */
export interface WordPart {
  readonly changed: boolean;
  readonly before: string;
  readonly after: string;
}

/** Steps that comparing words may still take, shared by all blocks of one diff so that a hostile text stays cheap. */
export interface WordBudget {
  steps: number;
}

// A character of a script that writes without spaces is a word of its own.
const spaceless = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}`;
const wordPattern = new RegExp(
  String.raw`[${spaceless}]|\p{N}+(?:[.,]\p{N}+)+|(?:(?![${spaceless}])[\p{L}\p{M}\p{N}_])+|\s+|.`,
  'gsu',
);
const maxEdits = 1_000;
const maxCharacters = 262_144;

/**
 * The words that differ between two texts, in order: all `before` joined are the first text, all `after` the
 * second. A paragraph wrapped anew has the same words. Null when there is too little in common or too much to do.
 */
export const diffWords = (before: string, after: string, budget: WordBudget): WordPart[] | null => {
  if (before.length + after.length > maxCharacters) return null;
  const parts = alignWords(before, after, budget, (word) => (word.trim() === '' ? ' ' : word));
  if (parts === null || !isAlike(parts)) return null;
  return parts.some((part) => part.changed) ? mergeAcrossSpaces(parts) : alignWords(before, after, budget);
};

const alignWords = (
  before: string,
  after: string,
  budget: WordBudget,
  keyOf = (word: string): string => word,
): WordPart[] | null => {
  if (budget.steps <= 0) return null;
  const wordsBefore = before.match(wordPattern) ?? [];
  const wordsAfter = after.match(wordPattern) ?? [];
  const edits = Math.min(maxEdits, Math.ceil(Math.sqrt(budget.steps)));
  const found = diffArrays(wordsBefore.map(keyOf), wordsAfter.map(keyOf), { maxEditLength: edits });
  const used =
    found?.reduce((sum, part) => (part.added || part.removed ? sum + part.count : sum), 0) ?? edits;
  budget.steps -= wordsBefore.length + wordsAfter.length + used ** 2;
  let from = 0;
  let to = 0;
  return (
    found?.map(({ added, removed, count }) => {
      const old = added ? [] : wordsBefore.slice(from, from + count);
      const now = removed ? [] : wordsAfter.slice(to, to + count);
      from += old.length;
      to += now.length;
      return { changed: added || removed, before: old.join(''), after: now.join('') };
    }) ?? null
  );
};

/** Below this share of common characters, marking words is noise: the whole lines differ. */
const leastShare = 0.3;

const isAlike = (parts: readonly WordPart[]): boolean => {
  const countInk = (text: string) => text.replace(/\s+/g, '').length;
  const sum = (read: (part: WordPart) => string) =>
    parts.reduce((total, part) => total + countInk(read(part)), 0);
  const same = sum((part) => (part.changed ? '' : part.after));
  return same >= leastShare * Math.min(...[sum((part) => part.before), sum((part) => part.after)]);
};

/** Neighbouring replacements are one, also across the space between them; the space they both end with stays out. */
const mergeAcrossSpaces = (parts: readonly WordPart[]): WordPart[] => {
  const merged: WordPart[] = [];
  parts.forEach((part, index) => {
    const last = merged.at(-1);
    const joins =
      last?.changed &&
      (part.changed || (isSpaceInLine(part) && last.before && last.after && parts[index + 1]));
    if (last !== undefined && joins) {
      merged[merged.length - 1] = {
        changed: true,
        before: last.before + part.before,
        after: last.after + part.after,
      };
    } else {
      merged.push(part);
    }
  });
  return merged.flatMap(splitCommonSpace);
};

const isSpaceInLine = (part: WordPart): boolean => /^[^\S\n]+$/.test(part.before + part.after);

const splitCommonSpace = (part: WordPart): WordPart[] => {
  const before = part.before.trimEnd();
  const after = part.after.trimEnd();
  const isShared = part.changed && before !== part.before && after !== part.after;
  if (!isShared) return [part];
  const space = {
    changed: false,
    before: part.before.slice(before.length),
    after: part.after.slice(after.length),
  };
  return [{ changed: true, before, after }, space];
};
