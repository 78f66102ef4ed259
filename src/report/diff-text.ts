import { type DiffBlock, type DiffHunk, type DiffLine, diffLines } from '../core/diff/text-diff.ts';
import type { WordPart } from '../core/diff/word-diff.ts';
import type { PromptDiff } from '../operations/diff-pair.ts';
import type { Display } from './display.ts';
import { createPaint, type Paint, type Painter } from './paint.ts';
import { sanitize } from './text.ts';

const withoutLastEnd = (text: string): string => text.replace(/\n$/, '');

/** The patch as `git diff` prints it; with colour, the words that differ inside changed lines stand out. */
export const formatPatch = (diff: PromptDiff, display: Display): string => {
  if (!display.color) return withoutLastEnd(sanitize(diff.patch));
  const paint = createPaint(display);
  const [header, ...hunks] = withoutLastEnd(diff.patch).split(/\n(?=@@ )/);
  const lines = diffLines(diff.before.text, diff.after.text).map((hunk) => hunk.blocks.flatMap(linesOfBlock));
  return [
    paint.strong(sanitize(header ?? '')),
    ...hunks.flatMap((hunk, index) => colorHunk(hunk.split('\n'), lines[index] ?? [], paint)),
  ].join('\n');
};

interface SignedLine {
  readonly sign: ' ' | '-' | '+';
  readonly line: DiffLine;
}

const linesOfBlock = (block: DiffBlock): SignedLine[] =>
  block.kind === 'same'
    ? block.lines.map((line) => ({ sign: ' ', line }))
    : [
        ...block.removed.map((line): SignedLine => ({ sign: '-', line })),
        ...block.added.map((line): SignedLine => ({ sign: '+', line })),
      ];

const colorHunk = (patchLines: readonly string[], lines: readonly SignedLine[], paint: Paint): string[] => {
  const queue = lines[Symbol.iterator]();
  return patchLines.map((text) => {
    if (text.startsWith('@@')) return paint.version(sanitize(text));
    if (text.startsWith('\\')) return paint.dim(sanitize(text));
    const next: SignedLine | undefined = queue.next().value;
    // The patch is what was compared; the words only decorate the line that they belong to.
    const isItsLine = next !== undefined && text === next.sign + next.line.text;
    const parts = isItsLine ? next.line.parts : [{ text: text.slice(1), changed: false }];
    return colorLine(text.charAt(0), parts, paint);
  });
};

const colorLine = (sign: string, parts: DiffLine['parts'], paint: Paint): string => {
  // A context line's CR is the file's own line end; on changed lines it may be the change, so it is shown.
  if (sign === ' ')
    return ` ${sanitize(
      parts
        .map((part) => part.text)
        .join('')
        .replace(/\r$/, ''),
    )}`;
  const [plain, word] = sign === '-' ? [paint.bad, paint.removedWord] : [paint.good, paint.addedWord];
  return plain(sign) + parts.map((part) => (part.changed ? word : plain)(sanitize(part.text))).join('');
};

/** Changed words in their lines: by colour, else as `[-old-]{+new+}` like `git diff --word-diff`. */
export const formatWordPatch = (diff: PromptDiff, display: Display): string => {
  const paint = createPaint(display);
  const hunks = diffLines(diff.before.text, diff.after.text);
  const marks: WordMarks = display.color
    ? { removed: paint.bad, added: paint.good }
    : { removed: (text) => `[-${text}-]`, added: (text) => `{+${text}+}` };
  const header = diff.patch.slice(0, Math.max(0, diff.patch.indexOf('\n@@ ')));
  return [
    paint.strong(sanitize(header)),
    ...hunks.map((hunk) => `${paint.version(formatRange(hunk))}\n${formatWordHunk(hunk, marks)}`),
  ].join('\n');
};

interface WordMarks {
  readonly removed: Painter;
  readonly added: Painter;
}

/** `@@ -1,3 +1,4 @@`. */
const formatRange = (hunk: DiffHunk): string => {
  const range = (start: number, count: number) =>
    `${count === 0 ? start - 1 : start}${count === 1 ? '' : `,${count}`}`;
  return `@@ -${range(hunk.beforeStart, hunk.beforeCount)} +${range(hunk.afterStart, hunk.afterCount)} @@`;
};

const formatWordHunk = (hunk: DiffHunk, marks: WordMarks): string =>
  hunk.blocks
    .map((block) => {
      if (block.kind === 'same') return block.lines.map((line) => sanitize(line.text)).join('\n');
      const words = block.words ?? [
        { changed: true, before: textOf(block.removed), after: textOf(block.added) },
      ];
      return words.map((word) => formatWord(word, marks)).join('');
    })
    .join('\n');

const textOf = (lines: readonly DiffLine[]): string => lines.map((line) => line.text).join('\n');

const formatWord = (word: WordPart, marks: WordMarks): string => {
  if (!word.changed) return sanitize(word.after);
  const removed = markLines(word.before, marks.removed);
  const added = markLines(word.after, marks.added);
  // Whole lines replaced by others stand below each other; words inside a line stand side by side.
  const isWhole = word.before.includes('\n') || word.after.includes('\n');
  return removed !== '' && added !== '' && isWhole ? `${removed}\n${added}` : removed + added;
};

const markLines = (text: string, mark: Painter): string =>
  sanitize(text)
    .split('\n')
    .map((line) => (line === '' ? '' : mark(line)))
    .join('\n');
