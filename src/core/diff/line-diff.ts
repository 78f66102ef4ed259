import { structuredPatch } from 'diff';

/** A stretch of lines around changes, with three lines of context, as a unified diff has it; lines keep their prefix. */
export interface LineHunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Each begins with ` `, `-`, `+` or, after a last line without an end, `\`. */
  readonly lines: string[];
}

const context = 3;
// Myers' algorithm takes (edits)² steps: this many take some tenths of a second. A bound on edits, unlike a
// time-out, gives the same diff on every machine.
const maxEdits = 2_000;

/** The changed stretches of two texts; texts that differ in too many lines are one replacement of all that differs. */
export const diffTextLines = (before: string, after: string): LineHunk[] => {
  if (before === after) return [];
  const patch = structuredPatch('', '', before, after, '', '', { context, maxEditLength: maxEdits });
  return patch === undefined ? [replaceMiddle(splitLines(before), splitLines(after))] : patch.hunks;
};

/** Lines with their `\n`; the last has none when the text does not end with one. */
const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Everything between the lines that both texts begin and end with, as one hunk. */
const replaceMiddle = (before: readonly string[], after: readonly string[]): LineHunk => {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shortest - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const from = Math.max(0, start - context);
  const tail = Math.max(0, end - context);
  const lines = [
    ...before.slice(from, start).map((line) => ` ${line}`),
    ...before.slice(start, before.length - end).map((line) => `-${line}`),
    ...after.slice(start, after.length - end).map((line) => `+${line}`),
    ...before.slice(before.length - end, before.length - tail).map((line) => ` ${line}`),
  ];
  return {
    oldStart: from + 1,
    oldLines: before.length - tail - from,
    newStart: from + 1,
    newLines: after.length - tail - from,
    lines: lines.flatMap((line) =>
      line.endsWith('\n') ? [line.slice(0, -1)] : [line, '\\ No newline at end of file'],
    ),
  };
};
