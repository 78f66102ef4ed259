import { type ColumnMoments, computeColumnMoments } from './column-moments.ts';
import type { RecordColumns } from './columns.ts';
import { addExact, computeMoments, type ExactNumber, exactZero } from './exact-sum.ts';
import { type GroupedRows, groupRows } from './group-rows.ts';
import { computeQuantiles } from './quantiles.ts';
import type { GroupKey, GroupSummary, GroupValues, MetricFigures, MetricsQuery } from './source.ts';

/** One stretch of the log to be summed up, and the rows of it that are copies of records elsewhere. */
export interface LogPart {
  readonly columns: RecordColumns;
  readonly leftOut?: ReadonlySet<number>;
}

interface MetricTotals {
  count: number;
  min: number;
  max: number;
  sum: ExactNumber;
  squares: ExactNumber;
}

interface GroupTotals {
  readonly key: GroupKey;
  records: number;
  errors: number;
  firstTs: number;
  lastTs: number;
  readonly metrics: Map<string, MetricTotals>;
}

/** Sums up parts of a log, given in the order of the log; the answer does not depend on how it is divided. */
export const summarizeParts = (parts: readonly LogPart[], query: MetricsQuery): GroupSummary[] => {
  const groups = new Map<string, GroupTotals>();
  const grouped = parts.map((part) => groupPart(part, query));
  for (const { part, rows } of grouped) addPart(groups, part.columns, rows, query);
  const metrics = query.metrics ?? [...new Set([...groups.values()].flatMap((g) => [...g.metrics.keys()]))];
  const quantiles = new Map(
    metrics.map((metric) => [metric, quantilesByGroup(gatherMetric(grouped, metric), query)]),
  );
  return [...groups.entries()].sort(byKey).map(([id, totals]) => ({
    key: totals.key,
    records: totals.records,
    errors: totals.errors,
    firstTs: totals.firstTs,
    lastTs: totals.lastTs,
    metrics: Object.fromEntries(
      [...metrics]
        .sort()
        .map((metric) => [metric, finishMetric(totals, metric, quantiles.get(metric)?.get(id), query)]),
    ),
  }));
};

/** The raw values by group and metric, in the order of the log. */
export const gatherValues = (parts: readonly LogPart[], query: MetricsQuery): GroupValues[] => {
  const grouped = parts.map((part) => groupPart(part, query));
  const keys = new Map(grouped.flatMap(({ rows }) => rows.keys.map((key) => [keyId(key), key] as const)));
  const names = new Set(query.metrics ?? parts.flatMap(({ columns }) => [...columns.metrics.keys()]));
  const byMetric = [...names].sort().map((metric) => ({ metric, values: gatherMetric(grouped, metric) }));
  return [...keys.entries()].sort(byKey).map(([id, key]) => ({
    key,
    metrics: new Map(
      byMetric.flatMap(({ metric, values }) => {
        const found = values.get(id);
        return found === undefined ? [] : [[metric, found] as const];
      }),
    ),
  }));
};

interface GroupedPart {
  readonly part: LogPart;
  readonly rows: GroupedRows;
}

const groupPart = (part: LogPart, query: MetricsQuery): GroupedPart => ({
  part,
  rows: groupRows(part.columns, query, part.leftOut),
});

const keyId = (key: GroupKey): string => JSON.stringify(Object.values(key));

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;

const addPart = (
  groups: Map<string, GroupTotals>,
  columns: RecordColumns,
  rows: GroupedRows,
  query: MetricsQuery,
): void => {
  const totals = rows.keys.map((key) => findTotals(groups, key));
  countRecords(columns, rows, totals);
  for (const [metric, column] of columns.metrics) {
    if (query.metrics !== undefined && !query.metrics.includes(metric)) continue;
    const moments = computeColumnMoments(column, rows);
    for (const [group, total] of totals.entries()) addMoments(total, metric, moments, group);
  }
};

const findTotals = (groups: Map<string, GroupTotals>, key: GroupKey): GroupTotals => {
  const id = keyId(key);
  const known = groups.get(id);
  if (known !== undefined) return known;
  const created: GroupTotals = {
    key,
    records: 0,
    errors: 0,
    firstTs: Number.POSITIVE_INFINITY,
    lastTs: Number.NEGATIVE_INFINITY,
    metrics: new Map(),
  };
  groups.set(id, created);
  return created;
};

const countRecords = (
  columns: RecordColumns,
  { groupOf, count }: GroupedRows,
  totals: readonly GroupTotals[],
): void => {
  const status = columns.dimensions.get('status');
  const errorCode = (status?.dictionary.indexOf('error') ?? -1) + 1;
  const records = new Float64Array(count);
  const errors = new Float64Array(count);
  const first = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < groupOf.length; row += 1) {
    const group = groupOf[row] ?? -1;
    if (group < 0) continue;
    records[group] = (records[group] ?? 0) + 1;
    if (errorCode > 0 && status?.codes[row] === errorCode) errors[group] = (errors[group] ?? 0) + 1;
    const time = columns.times[row] ?? 0;
    if (time < (first[group] ?? 0)) first[group] = time;
    if (time > (last[group] ?? 0)) last[group] = time;
  }
  for (const [group, total] of totals.entries()) {
    total.records += records[group] ?? 0;
    total.errors += errors[group] ?? 0;
    total.firstTs = Math.min(total.firstTs, first[group] ?? total.firstTs);
    total.lastTs = Math.max(total.lastTs, last[group] ?? total.lastTs);
  }
};

const addMoments = (total: GroupTotals, metric: string, moments: ColumnMoments, group: number): void => {
  const count = moments.counts[group] ?? 0;
  if (count === 0) return;
  const known = total.metrics.get(metric);
  total.metrics.set(metric, {
    count: (known?.count ?? 0) + count,
    min: Math.min(known?.min ?? Number.POSITIVE_INFINITY, moments.min[group] ?? 0),
    max: Math.max(known?.max ?? Number.NEGATIVE_INFINITY, moments.max[group] ?? 0),
    sum: addExact(known?.sum ?? exactZero, moments.sums[group] ?? exactZero),
    squares: addExact(known?.squares ?? exactZero, moments.squares[group] ?? exactZero),
  });
};

/** One metric's values by group, in the order of the log. */
const gatherMetric = (grouped: readonly GroupedPart[], metric: string): Map<string, Float64Array> => {
  const sizes = new Map<string, number>();
  const perPart = grouped.map(({ part, rows }) => {
    const column = part.columns.metrics.get(metric);
    const counts = new Float64Array(rows.count);
    if (column !== undefined)
      for (let index = 0; index < column.values.length; index += 1) {
        const group = rows.groupOf[column.rows === null ? index : (column.rows[index] ?? 0)] ?? -1;
        if (group >= 0) counts[group] = (counts[group] ?? 0) + 1;
      }
    const ids = rows.keys.map(keyId);
    for (const [group, id] of ids.entries()) sizes.set(id, (sizes.get(id) ?? 0) + (counts[group] ?? 0));
    return { column, rows, ids };
  });
  const gathered = new Map([...sizes].map(([id, size]) => [id, new Float64Array(size)]));
  const filled = new Map<string, number>();
  for (const { column, rows, ids } of perPart) {
    if (column === undefined) continue;
    const targets = ids.map((id) => gathered.get(id) ?? new Float64Array(0));
    const at = Float64Array.from(ids, (id) => filled.get(id) ?? 0);
    for (let index = 0; index < column.values.length; index += 1) {
      const group = rows.groupOf[column.rows === null ? index : (column.rows[index] ?? 0)] ?? -1;
      const target = group < 0 ? undefined : targets[group];
      if (target === undefined) continue;
      target[at[group] ?? 0] = column.values[index] ?? 0;
      at[group] = (at[group] ?? 0) + 1;
    }
    for (const [group, id] of ids.entries()) filled.set(id, at[group] ?? 0);
  }
  return gathered;
};

const quantilesByGroup = (
  values: ReadonlyMap<string, Float64Array>,
  query: MetricsQuery,
): Map<string, (number | null)[]> => {
  const wanted = query.percentiles ?? [];
  if (wanted.length === 0) return new Map();
  return new Map([...values].map(([id, found]) => [id, computeQuantiles(found, wanted)]));
};

const finishMetric = (
  group: GroupTotals,
  metric: string,
  quantiles: readonly (number | null)[] | undefined,
  query: MetricsQuery,
): MetricFigures => {
  const totals = group.metrics.get(metric);
  if (totals === undefined)
    return {
      count: 0,
      missing: group.records,
      sum: null,
      mean: null,
      m2: null,
      sd: null,
      min: null,
      max: null,
      quantiles: (query.percentiles ?? []).map(() => null),
      reason: 'insufficient-data',
    };
  const { count, min, max } = totals;
  const moments = computeMoments(count, totals.sum, totals.squares);
  const { sum, mean, m2 } = moments;
  const sd = count < 2 ? null : finiteOrNull(Math.sqrt(m2 / (count - 1)));
  const figures = [sum, mean, m2].map(finiteOrNull);
  return {
    count,
    missing: group.records - count,
    sum: figures[0] ?? null,
    mean: figures[1] ?? null,
    m2: figures[2] ?? null,
    sd,
    min,
    max,
    quantiles: quantiles ?? [],
    reason: count < 2 ? 'insufficient-data' : figures.includes(null) ? 'overflow' : null,
  };
};

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
