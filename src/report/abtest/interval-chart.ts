import type { Painter } from '../paint.ts';
import { sanitizeLine } from '../text.ts';
import { measureWidth, padText, truncateText } from '../width.ts';

/** One line of the picture: an interval and its middle, as shares of control's value; null where there is none. */
export interface ChartRow {
  readonly label: string;
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  /** What stands behind the drawing. */
  readonly remark: string;
  readonly paint: Painter;
}

interface ChartOptions {
  readonly columns: number;
  readonly dim: Painter;
  readonly formatTick: (share: number) => string;
}

/** Beyond a doubling the picture would only hide the other rows; an arrow says that the interval goes on. */
const widest = 1;
const narrowest = 0.01;
const fewestCells = 15;

/**
 * Draws intervals below each other on one axis with 0 marked: `├──●──┤`. Rows without an interval show their remark.
 */
export const drawIntervals = (rows: readonly ChartRow[], options: ChartOptions): string => {
  const labels = rows.map(({ label }) => sanitizeLine(label));
  const labelWidth = Math.min(Math.max(...labels.map(measureWidth)), Math.floor(options.columns / 3));
  const remarkWidth = Math.max(...rows.map(({ remark }) => measureWidth(remark)));
  const cells = Math.max(fewestCells, options.columns - labelWidth - remarkWidth - 4);
  const limit = findLimit(rows);
  const lines = rows.map((row, at) => {
    const label = padText(truncateText(labels[at] ?? '', labelWidth), labelWidth);
    return `${label}  ${drawRow(row, { cells, limit, dim: options.dim })}  ${row.remark}`.trimEnd();
  });
  return [...lines, `${' '.repeat(labelWidth)}  ${drawAxis(limit, cells, options)}`.trimEnd()].join('\n');
};

/** Half of the axis: it goes as far to the left of 0 as to the right. */
const findLimit = (rows: readonly ChartRow[]): number => {
  const ends = rows.flatMap(({ interval, value }) => [...(interval ?? []), value ?? 0]).map(Math.abs);
  return Math.min(widest, Math.max(narrowest, ...ends) * 1.05);
};

interface Scale {
  readonly cells: number;
  readonly limit: number;
  readonly dim: Painter;
}

/** The cell of a share, from 0; the middle cell is 0. */
const cellOf = (share: number, { cells, limit }: Pick<Scale, 'cells' | 'limit'>): number => {
  const half = Math.floor((cells - 1) / 2);
  return half + Math.round((Math.max(-limit, Math.min(limit, share)) / limit) * half);
};

const drawRow = ({ interval, value, paint }: ChartRow, scale: Scale): string => {
  const zero = cellOf(0, scale);
  const cells: string[] = Array.from({ length: scale.cells }, (_, cell) => (cell === zero ? '│' : '·'));
  if (interval === null || value === null) return scale.dim(cells.join(''));
  const [low, high] = [cellOf(interval[0], scale), cellOf(interval[1], scale)];
  for (let cell = low; cell <= high; cell += 1) cells[cell] = cell === zero ? '┼' : '─';
  cells[low] = interval[0] < -scale.limit ? '◂' : '├';
  cells[high] = interval[1] > scale.limit ? '▸' : '┤';
  cells[cellOf(value, scale)] = '●';
  const part = (from: number, to: number): string => cells.slice(from, to).join('');
  return scale.dim(part(0, low)) + paint(part(low, high + 1)) + scale.dim(part(high + 1, cells.length));
};

const drawAxis = (limit: number, cells: number, { dim, formatTick }: ChartOptions): string => {
  const half = Math.floor((cells - 1) / 2);
  const [left, right] = [formatTick(-limit), `+${formatTick(limit)}`];
  const middle = padText(left, half);
  return dim(`${middle}0${' '.repeat(Math.max(1, half - measureWidth(right)))}${right}`);
};
