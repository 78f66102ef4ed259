import { formatPatch } from 'diff';
import { diffTextLines, type LineHunk } from './line-diff.ts';
import { diffWords, type WordBudget, type WordPart } from './word-diff.ts';

/** One line of a side, without its `\n`; the parts that the other side lacks are marked. */
export interface DiffLine {
  readonly text: string;
  /** Joined, they are `text`. */
  readonly parts: readonly { readonly text: string; readonly changed: boolean }[];
  /** The line ends its file and has no `\n`. */
  readonly unended: boolean;
}

/** Lines that both sides have, or lines that were replaced by others. */
export type DiffBlock =
  | { readonly kind: 'same'; readonly lines: readonly DiffLine[] }
  | {
      readonly kind: 'changed';
      readonly removed: readonly DiffLine[];
      readonly added: readonly DiffLine[];
      /** Both sides' words in one sequence; null when lines were only removed or added, or have little in common. */
      readonly words: readonly WordPart[] | null;
    };

/** A changed stretch with its context; lines count from 1. */
export interface DiffHunk {
  readonly beforeStart: number;
  readonly beforeCount: number;
  readonly afterStart: number;
  readonly afterCount: number;
  readonly blocks: readonly DiffBlock[];
}

// Enough for any prompt a person edits; what is left of a huge rewrite is shown as whole lines.
const wordSteps = 2_000_000;

/** What differs between two texts, line by line with the words inside changed lines. The same on every machine. */
export const diffLines = (before: string, after: string): DiffHunk[] => {
  const budget: WordBudget = { steps: wordSteps };
  return diffTextLines(before, after).map((hunk) => ({
    beforeStart: hunk.oldStart,
    beforeCount: hunk.oldLines,
    afterStart: hunk.newStart,
    afterCount: hunk.newLines,
    blocks: groupBlocks(hunk, budget),
  }));
};

/** How many lines only the later and only the earlier text has. */
export const countLines = (
  hunks: readonly DiffHunk[],
): { readonly added: number; readonly removed: number } => {
  const changed = hunks.flatMap((hunk) => hunk.blocks).filter((block) => block.kind === 'changed');
  return {
    added: changed.reduce((sum, block) => sum + block.added.length, 0),
    removed: changed.reduce((sum, block) => sum + block.removed.length, 0),
  };
};

interface PatchNames {
  /** What the two sides are called, such as `1.2.0` and `working`; they stand where a patch has its times. */
  readonly from: string;
  readonly to: string;
  /** The file, relative to the top of the repository, with `/`. */
  readonly path: string;
}

/**
 * The two texts' difference as `git diff` prints it and `git apply` reads it: empty when they are equal; null is
 * a file that does not exist. Line ends stay as they are.
 */
export const unifiedPatch = (before: string | null, after: string | null, names: PatchNames): string => {
  if (before === after) return '';
  const patch = formatPatch({
    isGit: true,
    isCreate: before === null,
    isDelete: after === null,
    oldFileName: before === null ? '/dev/null' : `a/${names.path}`,
    newFileName: after === null ? '/dev/null' : `b/${names.path}`,
    oldHeader: names.from,
    newHeader: names.to,
    hunks: diffTextLines(before ?? '', after ?? ''),
  });
  // The library writes a count of one, git leaves it out. (`^` would also match after a lone `\r` inside a line.)
  return patch.replace(/(?<=\n)@@ -\S+ \+\S+ @@(?=\n)/g, (header) => header.replace(/,1(?= )/g, ''));
};

interface RawLine {
  readonly text: string;
  readonly unended: boolean;
}

type RawBlock = Record<' ' | '-' | '+', RawLine[]>;

const groupBlocks = (hunk: LineHunk, budget: WordBudget): DiffBlock[] => {
  const blocks: RawBlock[] = [];
  hunk.lines.forEach((line, index) => {
    const sign = line.charAt(0);
    if (sign !== ' ' && sign !== '-' && sign !== '+') return;
    let block = blocks.at(-1);
    if (block === undefined || (sign === ' ') !== block[' '].length > 0) {
      block = { ' ': [], '-': [], '+': [] };
      blocks.push(block);
    }
    block[sign].push({ text: line.slice(1), unended: hunk.lines[index + 1]?.startsWith('\\') === true });
  });
  return blocks.map((block) => toBlock(block, budget));
};

const toBlock = (block: RawBlock, budget: WordBudget): DiffBlock => {
  if (block[' '].length > 0) return { kind: 'same', lines: block[' '].map(wholeLine) };
  const words =
    block['-'].length > 0 && block['+'].length > 0
      ? diffWords(joinLines(block['-']), joinLines(block['+']), budget)
      : null;
  return {
    kind: 'changed',
    removed: markLines(block['-'], words, 'removed'),
    added: markLines(block['+'], words, 'added'),
    words,
  };
};

const joinLines = (lines: readonly RawLine[]): string => lines.map((line) => line.text).join('\n');

const wholeLine = (line: RawLine): DiffLine => ({ ...line, parts: [{ text: line.text, changed: false }] });

/** Cuts one side's words into its lines; a line of which nothing stayed is marked as a whole by its colour alone. */
const markLines = (
  lines: readonly RawLine[],
  words: readonly WordPart[] | null,
  side: 'removed' | 'added',
): DiffLine[] => {
  if (words === null) return lines.map(wholeLine);
  const marked: { text: string; changed: boolean }[][] = [[]];
  for (const word of words) {
    const [first = '', ...rest] = (side === 'removed' ? word.before : word.after).split('\n');
    if (first !== '') marked.at(-1)?.push({ text: first, changed: word.changed });
    for (const text of rest) marked.push(text === '' ? [] : [{ text, changed: word.changed }]);
  }
  return lines.map((line, index) => {
    const parts = marked[index] ?? [];
    return parts.some((part) => !part.changed && part.text.trim() !== '')
      ? { ...line, parts }
      : wholeLine(line);
  });
};
