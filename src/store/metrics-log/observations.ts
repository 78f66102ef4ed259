import type { DimensionColumn } from '../../core/metrics/columns.ts';
import type { LogPart } from '../../core/metrics/gather.ts';
import { groupRows } from '../../core/metrics/group-rows.ts';
import type { MetricsQuery, Observations, ObservationsQuery } from '../../core/metrics/source.ts';
import { type CountedPart, countParts, describeParts, loadParts } from './answer-query.ts';
import { IdTable } from './id-table.ts';
import type { OpenLog } from './open-log.ts';

/** The rows of one part that match, with its columns. */
interface ChosenRows {
  readonly counted: CountedPart;
  readonly columns: LogPart['columns'];
  readonly rows: Uint32Array;
}

/** The matching records of a whole log as columns of equal length. Units are told apart by a 64-bit hash. */
export const readObservations = async (log: OpenLog, query: ObservationsQuery): Promise<Observations> => {
  const counted = await countParts(log.parts);
  const { subject, ...filter } = query;
  const fields = ['variant', ...(subject === 'case' ? ['case'] : [])];
  const parts: ChosenRows[] = [];
  for (const part of counted)
    for (const { columns, leftOut } of await loadParts([part], { ...filter, by: fields }))
      parts.push({ counted: part, columns, rows: chooseRows(columns, filter, leftOut) });
  const count = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const cases = subject === 'case' ? gatherDimension(parts, 'case', count) : null;
  const units = cases === null ? await numberUnits(parts, count) : null;
  return {
    rows: count,
    times: gather(parts, new Float64Array(count), ({ columns }) => columns.times),
    variants: gatherDimension(parts, 'variant', count),
    statuses: gatherDimension(parts, 'status', count),
    subjects: units?.numbers ?? Uint32Array.from(cases?.codes ?? []),
    subjectCount: units?.count ?? cases?.dictionary.length ?? 0,
    metrics: gatherMetrics(parts, query.metrics, count),
    coverage: describeParts(log.segments.length, counted),
  };
};

const chooseRows = (
  columns: LogPart['columns'],
  filter: MetricsQuery,
  leftOut: ReadonlySet<number> | undefined,
): Uint32Array => {
  const { groupOf } = groupRows(columns, filter, leftOut);
  const rows = new Uint32Array(groupOf.length);
  let count = 0;
  for (let row = 0; row < groupOf.length; row += 1) if ((groupOf[row] ?? -1) >= 0) rows[count++] = row;
  return rows.subarray(0, count);
};

/** One column of all parts, by the rows chosen. */
const gather = <T extends Float64Array | Uint32Array>(
  parts: readonly ChosenRows[],
  into: T,
  columnOf: (part: ChosenRows) => ArrayLike<number>,
): T => {
  let at = 0;
  for (const part of parts) {
    const column = columnOf(part);
    for (const row of part.rows) into[at++] = column[row] ?? 0;
  }
  return into;
};

const gatherDimension = (parts: readonly ChosenRows[], field: string, count: number): DimensionColumn => {
  const numbers = new Map<string, number>();
  const codes = gather(parts, new Uint32Array(count), ({ columns, rows }) => {
    const column = columns.dimensions.get(field);
    if (column === undefined) return [];
    // Filters leave rows out, and with them texts: a text is numbered when the first row that counts has it.
    const shared = new Uint32Array(column.dictionary.length + 1);
    const renumbered = new Uint32Array(columns.rows);
    for (const row of rows) {
      const code = column.codes[row] ?? 0;
      if (code === 0) continue;
      if (shared[code] === 0) {
        const text = column.dictionary[code - 1] ?? '';
        shared[code] = numbers.get(text) ?? numbers.size + 1;
        numbers.set(text, shared[code]);
      }
      renumbered[row] = shared[code] ?? 0;
    }
    return renumbered;
  });
  return { dictionary: [...numbers.keys()], codes };
};

const gatherMetrics = (
  parts: readonly ChosenRows[],
  metrics: readonly string[],
  count: number,
): Map<string, Float64Array> => {
  const known = metrics.filter((metric) => parts.some(({ columns }) => columns.metrics.has(metric)));
  return new Map(
    known.map((metric) => [
      metric,
      gather(parts, new Float64Array(count), ({ columns }) => spreadMetric(columns, metric)),
    ]),
  );
};

/** A metric's values by row, NaN where there is none. */
const spreadMetric = ({ metrics, rows }: LogPart['columns'], metric: string): Float64Array => {
  const column = metrics.get(metric);
  if (column !== undefined && column.rows === null && column.values.length === rows) return column.values;
  const values = new Float64Array(rows).fill(Number.NaN);
  for (let index = 0; index < (column?.values.length ?? 0); index += 1)
    values[column?.rows?.[index] ?? index] = column?.values[index] ?? Number.NaN;
  return values;
};

interface UnitNumbers {
  readonly numbers: Uint32Array;
  readonly count: number;
}

/** Numbers units from 1 in the order they are first met; rows without one have 0. */
const numberUnits = async (parts: readonly ChosenRows[], count: number): Promise<UnitNumbers> => {
  const hashes = new Int32Array(2 * count);
  let at = 0;
  for (const { counted, rows } of parts) {
    const ofPart = await counted.part.unitHashes();
    for (const row of rows) {
      hashes[2 * at] = ofPart[2 * row] ?? 0;
      hashes[2 * at + 1] = ofPart[2 * row + 1] ?? 0;
      at += 1;
    }
  }
  const table = new IdTable(count, () => true);
  const numbers = new Uint32Array(count);
  let units = 0;
  for (let row = 0; row < count; row += 1) {
    if (hashes[2 * row + 1] === 0) continue;
    const first = table.findOrAdd(row, hashes);
    if (first < 0) units += 1;
    numbers[row] = first < 0 ? units : (numbers[first] ?? 0);
  }
  return { numbers, count: units };
};
