import type { DimensionColumn, RecordColumns, RowGroups } from './columns.ts';
import type { GroupKey, MetricsQuery } from './source.ts';
import { createBucketNamer, isTimeBucket } from './time-buckets.ts';

/** The groups of some rows and the key of each group, by group number. */
export interface GroupedRows extends RowGroups {
  readonly keys: readonly GroupKey[];
}

/**
 * Sorts rows into groups by the query. `columns.dimensions` must hold every field that the query names and a record
 * has; `isLeftOut` marks rows that count elsewhere.
 */
export const groupRows = (
  columns: RecordColumns,
  query: MetricsQuery,
  isLeftOut: ReadonlySet<number> = new Set(),
): GroupedRows => {
  const groupOf = new Int32Array(columns.rows);
  excludeRows(columns, query, groupOf);
  for (const row of isLeftOut) groupOf[row] = -1;
  let keys: GroupKey[] = [{}];
  for (const field of query.by ?? []) keys = splitGroups(columns, query, { groupOf, keys }, field);
  return dropEmptyGroups(groupOf, keys);
};

const excludeRows = (columns: RecordColumns, query: MetricsQuery, groupOf: Int32Array): void => {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
  if (query.since !== undefined || query.until !== undefined)
    for (let row = 0; row < columns.rows; row += 1) {
      const time = columns.times[row] ?? 0;
      if (time < since || time >= until) groupOf[row] = -1;
    }
  for (const [field, values] of allowedValues(query)) {
    const column = columns.dimensions.get(field);
    if (column !== undefined) excludeByCode(column, values, groupOf);
    else if (!values.has(null)) groupOf.fill(-1);
  }
};

/** Field → the values that pass; `null` stands for an absent field. */
const allowedValues = (query: MetricsQuery): Map<string, Set<string | null>> => {
  const allowed = new Map<string, Set<string | null>>();
  for (const { field, value } of query.where ?? []) {
    const values = allowed.get(field) ?? new Set();
    allowed.set(field, values.add(value));
  }
  if (query.prompts !== undefined && query.prompts.length > 0) {
    const both = allowed.get('prompt');
    const named = query.prompts.filter((prompt) => both === undefined || both.has(prompt));
    allowed.set('prompt', new Set(named));
  }
  return allowed;
};

const excludeByCode = (
  { codes, dictionary }: DimensionColumn,
  values: ReadonlySet<string | null>,
  groupOf: Int32Array,
): void => {
  const passes = Uint8Array.from([null, ...dictionary], (value) => (values.has(value) ? 1 : 0));
  if (!passes.includes(0)) return;
  for (let row = 0; row < groupOf.length; row += 1) if (passes[codes[row] ?? 0] === 0) groupOf[row] = -1;
};

const splitGroups = (
  columns: RecordColumns,
  query: MetricsQuery,
  { groupOf, keys }: { groupOf: Int32Array; keys: readonly GroupKey[] },
  field: string,
): GroupKey[] => {
  const column = isTimeBucket(field)
    ? encodeTimes(columns.times, createBucketNamer(field, query.timeZone))
    : columns.dimensions.get(field);
  if (column === undefined) return keys.map((key) => ({ ...key, [field]: null }));
  const width = column.dictionary.length + 1;
  const numbers = new Map<number, number>();
  const split: GroupKey[] = [];
  let lastPair = -1;
  let lastNumber = -1;
  for (let row = 0; row < groupOf.length; row += 1) {
    const group = groupOf[row] ?? -1;
    if (group < 0) continue;
    const code = column.codes[row] ?? 0;
    const pair = group * width + code;
    if (pair !== lastPair) {
      lastPair = pair;
      lastNumber = numbers.get(pair) ?? split.length;
      if (lastNumber === split.length) {
        numbers.set(pair, lastNumber);
        split.push({ ...keys[group], [field]: code === 0 ? null : (column.dictionary[code - 1] ?? null) });
      }
    }
    groupOf[row] = lastNumber;
  }
  return split;
};

const encodeTimes = (times: Float64Array, nameOf: (time: number) => string): DimensionColumn => {
  const codes = new Uint32Array(times.length);
  const numbers = new Map<string, number>();
  let lastName = '';
  let lastCode = 0;
  for (let row = 0; row < times.length; row += 1) {
    const name = nameOf(times[row] ?? 0);
    if (name !== lastName) {
      lastName = name;
      lastCode = numbers.get(name) ?? numbers.size + 1;
      numbers.set(name, lastCode);
    }
    codes[row] = lastCode;
  }
  return { dictionary: [...numbers.keys()], codes };
};

/** Without grouping there is one group from the start, which may have no row. */
const dropEmptyGroups = (groupOf: Int32Array, keys: readonly GroupKey[]): GroupedRows => {
  const first = keys[0];
  if (keys.length === 1 && first !== undefined && !groupOf.some((group) => group >= 0))
    return { groupOf, keys: [], count: 0 };
  return { groupOf, keys, count: keys.length };
};
