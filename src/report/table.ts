import Table from 'cli-table3';
import type { Display } from './display.ts';
import { createPaint, type Painter } from './paint.ts';
import { sanitize, sanitizeLine } from './text.ts';
import { measureWidth, truncateText } from './width.ts';

/** A cell: text, with the colour of its meaning where it has one. Sanitising is the table's work. */
export type Cell = string | { readonly text: string; readonly paint: Painter };

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Truncated with `…` down to so many columns, before any other, when the terminal is narrow. */
  readonly shrinksTo?: number;
  /** Left out, the last one first, when shrinking is not enough. */
  readonly optional?: boolean;
}

interface TableOptions {
  /** Default: true. A pipe has no header. */
  readonly header?: boolean;
  /** Spaces before each row on a terminal. */
  readonly indent?: number;
}

/**
 * On a terminal: an aligned table no wider than it, without the columns in which every cell is empty. In a pipe:
 * tab-separated rows with every column; a tab or line end inside a cell is shown as `\t` or `\n`.
 */
export const formatTable = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  display: Display,
  options: TableOptions = {},
): string => {
  if (display.columns === null) return rows.map(formatPipedRow).join('\n');
  const { header = true, indent = 0 } = options;
  const dim = createPaint(display).dim;
  const used = columns.flatMap((_, index) => (rows.some((row) => textOf(row[index]) !== '') ? [index] : []));
  const titles = columns.map((column): Cell => ({ text: column.title.toUpperCase(), paint: dim }));
  const lines: readonly (readonly Cell[])[] = header ? [titles, ...rows] : rows;
  const fitted = fitColumns(
    used.map((index) => ({
      index,
      column: columns[index] ?? { title: '' },
      width: lines.reduce((most, line) => Math.max(most, measureWidth(sanitizeLine(textOf(line[index])))), 1),
    })),
    display.columns - indent,
  );
  const drawn = lines.map((line) => fitted.map((fit) => fitCell(line[fit.index], fit.width)));
  return drawTable(drawn, fitted, ' '.repeat(indent));
};

const textOf = (cell: Cell | undefined): string => (typeof cell === 'object' ? cell.text : (cell ?? ''));

const formatPipedRow = (row: readonly Cell[]): string =>
  row
    .map((cell) => {
      const text = sanitize(textOf(cell)).replace(/\r?\n/g, '\\n').replaceAll('\t', '\\t');
      return typeof cell === 'object' ? cell.paint(text) : text;
    })
    .join('\t');

interface FittedColumn {
  readonly index: number;
  readonly column: Column;
  readonly width: number;
}

const gap = 2;

const totalWidth = (columns: readonly FittedColumn[], widthOf = (fit: FittedColumn) => fit.width): number =>
  columns.reduce((sum, fit) => sum + widthOf(fit) + gap, -gap);

/** Leaves columns out and narrows them until the table fits. */
const fitColumns = (columns: readonly FittedColumn[], available: number): readonly FittedColumn[] => {
  const least = (fit: FittedColumn) => Math.min(fit.width, fit.column.shrinksTo ?? fit.width);
  if (totalWidth(columns, least) > available) {
    const dropped = columns.findLast((fit) => fit.column.optional === true);
    if (dropped !== undefined) return fitColumns(without(columns, dropped), available);
    const last = columns.at(-1);
    if (totalWidth(columns, () => 1) > available && columns.length > 1 && last !== undefined) {
      return fitColumns(without(columns, last), available);
    }
  }
  const shrunk = narrow(columns, available, least);
  return narrow(shrunk, available, () => 1);
};

const without = (columns: readonly FittedColumn[], gone: FittedColumn): readonly FittedColumn[] =>
  columns.filter((fit) => fit !== gone);

/** Takes from the widest column that is above its least width, until the table fits or none is left. */
const narrow = (
  columns: readonly FittedColumn[],
  available: number,
  least: (fit: FittedColumn) => number,
): readonly FittedColumn[] => {
  const limits = columns.map(least);
  const widths = columns.map((fit) => fit.width);
  for (let excess = totalWidth(columns) - available; excess > 0; ) {
    const spare = widths.map((width, i) => (width > (limits[i] ?? width) ? width : 0));
    const widest = spare.indexOf(Math.max(...spare));
    const others = Math.max(limits[widest] ?? 0, ...spare.filter((_, i) => i !== widest));
    if ((spare[widest] ?? 0) === 0) break;
    const taken = Math.max(1, Math.min(excess, (spare[widest] ?? 0) - others));
    widths[widest] = (widths[widest] ?? 0) - taken;
    excess -= taken;
  }
  return columns.map((fit, i) => ({ ...fit, width: widths[i] ?? fit.width }));
};

interface DrawnCell {
  readonly width: number;
  readonly painted: string;
}

const fitCell = (cell: Cell | undefined, width: number): DrawnCell => {
  const text = truncateText(sanitizeLine(textOf(cell)), width);
  return { width: measureWidth(text), painted: typeof cell === 'object' ? cell.paint(text) : text };
};

const noBorders = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
);

/**
 * cli-table3 measures emoji by a list of 2019 and cuts characters in half, so it lays out stand-ins of the right
 * width, which are then replaced by the cells in the same order.
 */
const drawTable = (
  rows: readonly (readonly DrawnCell[])[],
  columns: readonly FittedColumn[],
  margin: string,
): string => {
  const cells = rows
    .flat()
    .filter((cell) => cell.width > 0)
    [Symbol.iterator]();
  const lines: string[] = [];
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    lines.push(...layOutRows(rows.slice(start, start + rowsAtOnce), columns));
  }
  return lines
    .map((line) => margin + line.trimEnd().replace(/x+/g, () => cells.next().value?.painted ?? ''))
    .join('\n');
};

// cli-table3 compares every row with all rows above it, so its time grows with the square of their number.
const rowsAtOnce = 25;

const layOutRows = (
  rows: readonly (readonly DrawnCell[])[],
  columns: readonly FittedColumn[],
): readonly string[] => {
  const table = new Table({
    chars: { ...noBorders, middle: ' '.repeat(gap) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colWidths: columns.map((fit) => fit.width),
    colAligns: columns.map((fit) => fit.column.align ?? 'left'),
  });
  table.push(...rows.map((row) => row.map((cell) => 'x'.repeat(cell.width))));
  return table.toString().split('\n');
};
