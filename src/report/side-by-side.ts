import { type DiffBlock, type DiffHunk, type DiffLine, diffLines } from '../core/diff/text-diff.ts';
import type { PromptDiff } from '../operations/diff-pair.ts';
import type { Display } from './display.ts';
import { createPaint, type Paint, type Painter } from './paint.ts';
import { sanitize } from './text.ts';
import { measureWidth, takeWidth, truncateText } from './width.ts';

const pipeColumns = 130;
const leastColumns = 40;
const separator = ' │ ';

interface Layout {
  /** Columns of one side. */
  readonly width: number;
  /** Columns of a line number. */
  readonly digits: number;
  readonly paint: Paint;
}

interface SideLine {
  readonly number: number;
  readonly sign: ' ' | '-' | '+';
  readonly parts: DiffLine['parts'];
}

interface Row {
  readonly left: SideLine | null;
  readonly right: SideLine | null;
}

/** Both texts beside each other with line numbers: long lines go on below, stretches without a change are left out. */
export const formatSideBySide = (diff: PromptDiff, display: Display): string => {
  const paint = createPaint(display);
  const hunks = diffLines(diff.before.text, diff.after.text);
  const columns = Math.max(leastColumns, display.columns ?? pipeColumns);
  const width = Math.floor((columns - separator.length) / 2);
  const lastLine = Math.max(
    ...hunks.map((hunk) => Math.max(hunk.beforeStart + hunk.beforeCount, hunk.afterStart + hunk.afterCount)),
  );
  const layout: Layout = { width, digits: String(lastLine).length, paint };
  const title = (label: string) => truncateText(sanitize(label), width);
  const heading = joinSides(
    paint.strong(title(diff.before.label)) + ' '.repeat(width - measureWidth(title(diff.before.label))),
    paint.strong(title(diff.after.label)),
    layout,
  );
  const gap = paint.dim(`${'─'.repeat(width + 1)}┼${'─'.repeat(width + 1)}`);
  return [
    heading,
    ...hunks.map((hunk) => [gap, ...rowsOf(hunk).flatMap((row) => formatRow(row, layout))].join('\n')),
  ].join('\n');
};

const joinSides = (left: string, right: string, layout: Layout): string =>
  `${left}${layout.paint.dim(separator.trimEnd())}${right === '' ? '' : ` ${right}`}`;

const rowsOf = (hunk: DiffHunk): Row[] => {
  let before = hunk.beforeStart;
  let after = hunk.afterStart;
  return hunk.blocks.flatMap((block) => {
    const [left, right] = sidesOf(block);
    const height = Math.max(left.length, right.length);
    const rows = Array.from({ length: height }, (_, i): Row => {
      const [old, now] = [left[i], right[i]];
      return {
        left: old === undefined ? null : { ...old, number: before + i },
        right: now === undefined ? null : { ...now, number: after + i },
      };
    });
    before += left.length;
    after += right.length;
    return rows;
  });
};

type Unnumbered = Omit<SideLine, 'number'>;

const sidesOf = (block: DiffBlock): readonly [readonly Unnumbered[], readonly Unnumbered[]] => {
  const signed = (lines: readonly DiffLine[], sign: SideLine['sign']) =>
    lines.map(({ parts }): Unnumbered => ({ sign, parts }));
  return block.kind === 'same'
    ? [signed(block.lines, ' '), signed(block.lines, ' ')]
    : [signed(block.removed, '-'), signed(block.added, '+')];
};

const formatRow = (row: Row, layout: Layout): string[] => {
  const left = formatSide(row.left, layout);
  const right = formatSide(row.right, layout);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const shown = left[i] ?? emptyPiece;
    return joinSides(shown.painted + ' '.repeat(layout.width - shown.width), right[i]?.painted ?? '', layout);
  });
};

interface Piece {
  readonly width: number;
  readonly painted: string;
}

const emptyPiece: Piece = { width: 0, painted: '' };

const formatSide = (line: SideLine | null, { width, digits, paint }: Layout): Piece[] => {
  if (line === null) return [emptyPiece];
  const [plain, word] = paintersOf(line.sign, paint);
  const margin = digits + 3;
  return wrapParts(line.parts, width - margin, plain, word).map((piece, index) => {
    const number = index === 0 ? String(line.number).padStart(digits) : ' '.repeat(digits);
    const sign = index === 0 ? line.sign : ' ';
    return {
      width: margin + piece.width,
      painted: `${paint.dim(number)} ${plain(sign)} ${piece.painted}`,
    };
  });
};

const paintersOf = (sign: SideLine['sign'], paint: Paint): readonly [Painter, Painter] => {
  if (sign === '-') return [paint.bad, paint.removedWord];
  if (sign === '+') return [paint.good, paint.addedWord];
  const same: Painter = (text) => text;
  return [same, same];
};

/** The beginning that fits, ended at a space in its second half if there is one; a word may go to the next line. */
const takeLine = (text: string, columns: number, isLineBegun: boolean): string => {
  const taken = takeWidth(text, columns);
  const space = taken.lastIndexOf(' ') + 1;
  if (taken === text) return taken;
  if (space === 0 && isLineBegun) return '';
  return space < taken.length / 2 ? taken : taken.slice(0, space);
};

/** Cuts a line into pieces of at most so many columns; one of its characters always fits. */
const wrapParts = (parts: SideLine['parts'], columns: number, plain: Painter, word: Painter): Piece[] => {
  const pieces: Piece[] = [];
  let current = emptyPiece;
  for (const part of parts) {
    let rest = sanitize(part.text.replace(/\r$/, '')).replaceAll('\t', '    ');
    while (rest !== '') {
      const taken = takeLine(rest, columns - current.width, current.width > 0);
      const width = current.width + measureWidth(taken);
      current = {
        width,
        painted: current.painted + (taken === '' ? '' : (part.changed ? word : plain)(taken)),
      };
      rest = rest.slice(taken.length);
      if (rest === '') continue;
      pieces.push(current);
      current = emptyPiece;
    }
  }
  return [...pieces, current];
};
