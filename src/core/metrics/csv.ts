import { type MetricRecord, recordTexts } from './record.ts';

/** The columns before those of the metrics. */
const fieldColumns = ['ts', ...recordTexts] as const;

/** The header of a CSV export (RFC 4180): fields, `metrics.NAME` of each metric, then `computed` and `meta`. */
export const formatCsvHeader = (metrics: readonly string[]): string =>
  formatRow([...fieldColumns, ...metrics.map((name) => `metrics.${name}`), 'computed', 'meta']);

/** A record as a line of CSV; what it does not have is empty, `meta` is JSON. */
export const formatCsvRecord = (record: MetricRecord, metrics: readonly string[]): string =>
  formatRow([
    ...fieldColumns.map((field) => record[field] ?? ''),
    ...metrics.map((name) => (Object.hasOwn(record.metrics, name) ? String(record.metrics[name]) : '')),
    record.computed?.join(' ') ?? '',
    record.meta === undefined ? '' : JSON.stringify(record.meta),
  ]);

const formatRow = (cells: readonly string[]): string => cells.map(quote).join(',');

const quote = (cell: string): string =>
  /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** Reads CSV (RFC 4180, comma or semicolon by the header) piece by piece; yields the cells of each row. */
export async function* parseCsv(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  let wasQuote = false;
  let separator = '';
  for await (const chunk of chunks)
    for (const character of chunk) {
      if (isQuoted && character !== '"') cell += character;
      else if (character === '"') {
        if (!isQuoted && wasQuote) cell += '"';
        wasQuote = isQuoted;
        isQuoted = !isQuoted;
        continue;
      } else if (character === separator || (separator === '' && /[,;\t]/.test(character))) {
        separator = character;
        row.push(cell);
        cell = '';
      } else if (character === '\n') {
        row.push(cell.replace(/\r$/, ''));
        if (row.length > 1 || row[0] !== '') yield row;
        row = [];
        cell = '';
      } else cell += character;
      wasQuote = false;
    }
  row.push(cell);
  if (row.length > 1 || row[0] !== '') yield row;
}
