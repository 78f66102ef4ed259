import type { RecordColumns } from './columns.ts';
import { type GroupedRows, groupRows } from './group-rows.ts';
import type { GroupKey, GroupValues, MetricsQuery } from './source.ts';

/** One stretch of the log, and the rows of it that are copies of records elsewhere. */
export interface LogPart {
  readonly columns: RecordColumns;
  readonly leftOut?: ReadonlySet<number>;
}

/** Parts with their rows sorted into the groups of all: `groupNumbers` of a part gives the number in `keys`. */
export interface GroupedLog {
  readonly keys: readonly GroupKey[];
  readonly parts: readonly {
    readonly columns: RecordColumns;
    readonly rows: GroupedRows;
    readonly groupNumbers: Int32Array;
  }[];
}

/** Sorts the rows of all parts into groups, which are ordered by key. */
export const groupLog = (parts: readonly LogPart[], query: MetricsQuery): GroupedLog => {
  const grouped = parts.map(({ columns, leftOut }) => ({
    columns,
    rows: groupRows(columns, query, leftOut),
  }));
  const keys = new Map(grouped.flatMap(({ rows }) => rows.keys.map((key) => [formatKey(key), key] as const)));
  const ordered = [...keys.keys()].sort();
  const numbers = new Map(ordered.map((id, number) => [id, number]));
  return {
    keys: ordered.map((id) => keys.get(id) ?? {}),
    parts: grouped.map((part) => ({
      ...part,
      groupNumbers: Int32Array.from(part.rows.keys, (key) => numbers.get(formatKey(key)) ?? 0),
    })),
  };
};

const formatKey = (key: GroupKey): string => JSON.stringify(Object.values(key));

/** The names of the metrics asked for, else of all that some part has, sorted. */
export const listMetrics = (parts: readonly LogPart[], query: MetricsQuery): string[] =>
  [...new Set(query.metrics ?? parts.flatMap(({ columns }) => [...columns.metrics.keys()]))].sort();

/** One metric's values by group number, each in the order of the log. */
export const gatherMetric = (log: GroupedLog, metric: string): Float64Array[] => {
  const columns = log.parts.map((part) => ({ ...part, column: part.columns.metrics.get(metric) }));
  const counts = columns.map(({ column, rows }) =>
    column === undefined
      ? new Float64Array(rows.count)
      : countByGroup(column.rows, column.values.length, rows),
  );
  const sizes = new Float64Array(log.keys.length);
  for (const [part, { groupNumbers }] of columns.entries())
    for (const [group, number] of groupNumbers.entries())
      sizes[number] = (sizes[number] ?? 0) + (counts[part]?.[group] ?? 0);
  const ends = accumulate(sizes);
  const values = new Float64Array(ends.at(-1) ?? 0);
  const cursors = ends.map((end, group) => end - (sizes[group] ?? 0));
  for (const { column, rows, groupNumbers } of columns) {
    if (column === undefined) continue;
    const places = Float64Array.from(groupNumbers, (number) => cursors[number] ?? 0);
    placeByGroup(column, rows, places, values);
    for (const [group, number] of groupNumbers.entries()) cursors[number] = places[group] ?? 0;
  }
  return Array.from(ends, (end, group) => values.subarray(end - (sizes[group] ?? 0), end));
};

const accumulate = (sizes: Float64Array): Float64Array => {
  let end = 0;
  return sizes.map((size) => {
    end += size;
    return end;
  });
};

const countByGroup = (
  named: Uint32Array | null,
  length: number,
  { groupOf, count }: GroupedRows,
): Float64Array => {
  const counts = new Float64Array(count);
  for (let index = 0; index < length; index += 1) {
    const group = groupOf[named === null ? index : (named[index] ?? 0)] ?? -1;
    if (group >= 0) counts[group] = (counts[group] ?? 0) + 1;
  }
  return counts;
};

const placeByGroup = (
  column: { readonly rows: Uint32Array | null; readonly values: Float64Array },
  { groupOf }: GroupedRows,
  places: Float64Array,
  into: Float64Array,
): void => {
  const { rows: named, values } = column;
  for (let index = 0; index < values.length; index += 1) {
    const group = groupOf[named === null ? index : (named[index] ?? 0)] ?? -1;
    if (group < 0) continue;
    const place = places[group] ?? 0;
    into[place] = values[index] ?? 0;
    places[group] = place + 1;
  }
};

/** The raw values by group and metric, in the order of the log; a metric that a group lacks is not in its map. */
export const gatherValues = (parts: readonly LogPart[], query: MetricsQuery): GroupValues[] => {
  const log = groupLog(parts, query);
  const metrics = listMetrics(parts, query).map((metric) => ({ metric, values: gatherMetric(log, metric) }));
  return log.keys.map((key, group) => ({
    key,
    metrics: new Map(
      metrics.flatMap(({ metric, values }) => {
        const found = values[group];
        return found === undefined || found.length === 0 ? [] : [[metric, found] as const];
      }),
    ),
  }));
};
