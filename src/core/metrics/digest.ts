import { computeSums, type ExactSums } from './exact-moments.ts';
import { addExact, computeMoments } from './exact-sum.ts';
import { type GroupedLog, gatherMetric, groupLog, type LogPart, listMetrics } from './gather.ts';
import { addToWindows, computeQuantiles, type RankWindow, selectWindows } from './quantiles.ts';
import {
  type GroupKey,
  type GroupSummary,
  type MetricFigures,
  type MetricsQuery,
  noFigures,
} from './source.ts';

/** What is needed of a metric's values to answer, and to go on answering when a few more come. */
export interface MetricDigest extends ExactSums {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly windows: readonly RankWindow[];
}

export interface GroupDigest {
  readonly key: GroupKey;
  readonly records: number;
  readonly errors: number;
  readonly withoutStatus: number;
  readonly firstTs: number;
  readonly lastTs: number;
  readonly metrics: ReadonlyMap<string, MetricDigest>;
}

/** Ranks kept beside those of a quantile: so many more values can come before the columns are needed again. */
const marginOf = (count: number): number => Math.min(2000, Math.max(64, Math.ceil(count / 100)));

/** Digests parts of a log, given in the order of the log, into groups ordered by key. */
export const digestParts = (parts: readonly LogPart[], query: MetricsQuery): GroupDigest[] => {
  const log = groupLog(parts, query);
  const groups = countRecords(log);
  const metrics = log.keys.map(() => new Map<string, MetricDigest>());
  for (const metric of listMetrics(parts, query))
    for (const [group, values] of gatherMetric(log, metric).entries())
      if (values.length > 0) metrics[group]?.set(metric, digestValues(values, query));
  return groups.map((group, number) => ({ ...group, metrics: metrics[number] ?? new Map() }));
};

const digestValues = (values: Float64Array, query: MetricsQuery): MetricDigest => {
  const sums = computeSums(values);
  const probabilities = query.percentiles ?? [];
  const windows = selectWindows(values, { ...sums, probabilities, margin: marginOf(values.length) });
  return { count: values.length, ...sums, windows };
};

/** A digest of a log after `parts` have been added to it. */
export const addToDigest = (
  digest: readonly GroupDigest[],
  parts: readonly LogPart[],
  query: MetricsQuery,
): GroupDigest[] => {
  const log = groupLog(parts, query);
  const merged = new Map(digest.map((group) => [idOf(group), group]));
  const added = countRecords(log).map((group) => ({ ...group, metrics: new Map<string, MetricDigest>() }));
  for (const metric of listMetrics(parts, query))
    for (const [number, values] of gatherMetric(log, metric).entries()) {
      const group = added[number];
      if (group === undefined || values.length === 0) continue;
      const known = merged.get(idOf(group))?.metrics.get(metric);
      group.metrics.set(metric, known === undefined ? digestValues(values, query) : addValues(known, values));
    }
  for (const group of added) merged.set(idOf(group), addGroups(merged.get(idOf(group)), group));
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, group]) => group);
};

const idOf = ({ key }: GroupDigest): string => JSON.stringify(Object.values(key));

const addValues = (known: MetricDigest, values: Float64Array): MetricDigest => {
  const added = computeSums(values);
  return {
    count: known.count + values.length,
    min: Math.min(known.min, added.min),
    max: Math.max(known.max, added.max),
    sum: addExact(known.sum, added.sum),
    squares: addExact(known.squares, added.squares),
    windows: addToWindows(known.windows, known.count, values.slice().sort()),
  };
};

const addGroups = (known: GroupDigest | undefined, added: GroupDigest): GroupDigest =>
  known === undefined
    ? added
    : {
        key: known.key,
        records: known.records + added.records,
        errors: known.errors + added.errors,
        withoutStatus: known.withoutStatus + added.withoutStatus,
        firstTs: Math.min(known.firstTs, added.firstTs),
        lastTs: Math.max(known.lastTs, added.lastTs),
        metrics: new Map([...known.metrics, ...added.metrics]),
      };

const countRecords = ({ keys, parts }: GroupedLog): Omit<GroupDigest, 'metrics'>[] => {
  const counts: RecordCounts = {
    records: new Float64Array(keys.length),
    errors: new Float64Array(keys.length),
    withoutStatus: new Float64Array(keys.length),
    firstTs: new Float64Array(keys.length).fill(Number.POSITIVE_INFINITY),
    lastTs: new Float64Array(keys.length).fill(Number.NEGATIVE_INFINITY),
  };
  for (const part of parts) addRecordCounts(counts, part);
  return keys.map((key, group) => ({
    key,
    records: counts.records[group] ?? 0,
    errors: counts.errors[group] ?? 0,
    withoutStatus: counts.withoutStatus[group] ?? 0,
    firstTs: counts.firstTs[group] ?? 0,
    lastTs: counts.lastTs[group] ?? 0,
  }));
};

interface RecordCounts {
  readonly records: Float64Array;
  readonly errors: Float64Array;
  readonly withoutStatus: Float64Array;
  readonly firstTs: Float64Array;
  readonly lastTs: Float64Array;
}

const addRecordCounts = (
  { records, errors, withoutStatus, firstTs, lastTs }: RecordCounts,
  { columns, rows, groupNumbers }: GroupedLog['parts'][number],
): void => {
  const status = columns.dimensions.get('status');
  const errorCode = (status?.dictionary.indexOf('error') ?? -1) + 1;
  const codes = status?.codes;
  for (let row = 0; row < rows.groupOf.length; row += 1) {
    const local = rows.groupOf[row] ?? -1;
    if (local < 0) continue;
    const group = groupNumbers[local] ?? 0;
    records[group] = (records[group] ?? 0) + 1;
    const code = codes === undefined ? 0 : (codes[row] ?? 0);
    if (code === 0) withoutStatus[group] = (withoutStatus[group] ?? 0) + 1;
    else if (code === errorCode) errors[group] = (errors[group] ?? 0) + 1;
    const time = columns.times[row] ?? 0;
    if (time < (firstTs[group] ?? 0)) firstTs[group] = time;
    if (time > (lastTs[group] ?? 0)) lastTs[group] = time;
  }
};

/** The figures of a digest; null when too much was added to it, so that a quantile lies outside of what it kept. */
export const describeDigest = (
  digest: readonly GroupDigest[],
  query: MetricsQuery,
): GroupSummary[] | null => {
  const found = query.metrics ?? digest.flatMap(({ metrics }) => [...metrics.keys()]);
  const names = [...new Set(found)].sort();
  const groups: GroupSummary[] = [];
  for (const { metrics, ...group } of digest) {
    const figures = names.map(
      (name) => [name, describeMetric(metrics.get(name), group.records, query)] as const,
    );
    const known = figures.filter((entry): entry is [string, MetricFigures] => entry[1] !== null);
    if (known.length < figures.length) return null;
    groups.push({ ...group, metrics: Object.fromEntries(known) });
  }
  return groups;
};

const describeMetric = (
  digest: MetricDigest | undefined,
  records: number,
  query: MetricsQuery,
): MetricFigures | null => {
  const wanted = query.percentiles ?? [];
  if (digest === undefined) return { ...noFigures, missing: records, quantiles: wanted.map(() => null) };
  const { count, min, max } = digest;
  const quantiles = computeQuantiles(digest.windows, count, wanted);
  if (quantiles === null) return null;
  const moments = computeMoments(count, digest.sum, digest.squares);
  const sum = finiteOrNull(moments.sum);
  const mean = finiteOrNull(moments.mean);
  const m2 = finiteOrNull(moments.m2);
  const sd = m2 === null || count < 2 ? null : Math.sqrt(m2 / (count - 1));
  const isOverflow = sum === null || m2 === null;
  const reason = isOverflow ? 'overflow' : count < 2 ? 'insufficient-data' : null;
  return { count, missing: records - count, sum, mean, m2, sd, min, max, quantiles, reason };
};

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
