import { computeTotals, type ValueTotals } from './exact-moments.ts';
import { type GroupedLog, gatherMetric, groupLog, type LogPart, listMetrics } from './gather.ts';
import { computeQuantiles } from './quantiles.ts';
import type { GroupSummary, GroupValues, MetricFigures, MetricsQuery } from './source.ts';

interface RecordCounts {
  readonly records: Float64Array;
  readonly errors: Float64Array;
  readonly firstTs: Float64Array;
  readonly lastTs: Float64Array;
}

/** Sums up parts of a log, given in the order of the log; the answer does not depend on how it is divided. */
export const summarizeParts = (parts: readonly LogPart[], query: MetricsQuery): GroupSummary[] => {
  const log = groupLog(parts, query);
  const counts = countRecords(log);
  const figures: [string, MetricFigures[]][] = [];
  for (const metric of listMetrics(parts, query)) {
    const values = gatherMetric(log, metric);
    const isUnknown = query.metrics === undefined && values.every(({ length }) => length === 0);
    if (isUnknown) continue;
    const ofGroups = values.map((found, group) => describeValues(found, counts.records[group] ?? 0, query));
    figures.push([metric, ofGroups]);
  }
  return log.keys.map((key, group) => ({
    key,
    records: counts.records[group] ?? 0,
    errors: counts.errors[group] ?? 0,
    firstTs: counts.firstTs[group] ?? 0,
    lastTs: counts.lastTs[group] ?? 0,
    metrics: Object.fromEntries(
      figures.flatMap(([metric, ofGroups]) => {
        const found = ofGroups[group];
        return found === undefined ? [] : [[metric, found]];
      }),
    ),
  }));
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

const countRecords = ({ keys, parts }: GroupedLog): RecordCounts => {
  const counts = {
    records: new Float64Array(keys.length),
    errors: new Float64Array(keys.length),
    firstTs: new Float64Array(keys.length).fill(Number.POSITIVE_INFINITY),
    lastTs: new Float64Array(keys.length).fill(Number.NEGATIVE_INFINITY),
  };
  for (const part of parts) addRecordCounts(counts, part);
  return counts;
};

const addRecordCounts = (
  { records, errors, firstTs, lastTs }: RecordCounts,
  { columns, rows, groupNumbers }: GroupedLog['parts'][number],
): void => {
  const status = columns.dimensions.get('status');
  const errorCode = (status?.dictionary.indexOf('error') ?? -1) + 1;
  const codes = errorCode > 0 ? status?.codes : undefined;
  for (let row = 0; row < rows.groupOf.length; row += 1) {
    const local = rows.groupOf[row] ?? -1;
    if (local < 0) continue;
    const group = groupNumbers[local] ?? 0;
    records[group] = (records[group] ?? 0) + 1;
    if (codes !== undefined && codes[row] === errorCode) errors[group] = (errors[group] ?? 0) + 1;
    const time = columns.times[row] ?? 0;
    if (time < (firstTs[group] ?? 0)) firstTs[group] = time;
    if (time > (lastTs[group] ?? 0)) lastTs[group] = time;
  }
};

const describeValues = (values: Float64Array, records: number, query: MetricsQuery): MetricFigures => {
  const totals = computeTotals(values);
  return {
    count: totals.count,
    missing: records - totals.count,
    ...describeMoments(totals),
    min: totals.count === 0 ? null : totals.min,
    max: totals.count === 0 ? null : totals.max,
    quantiles: computeQuantiles(values, totals, query.percentiles ?? []),
  };
};

const describeMoments = ({
  count,
  moments,
}: ValueTotals): Pick<MetricFigures, 'sum' | 'mean' | 'm2' | 'sd' | 'reason'> => {
  if (moments === null) return { sum: null, mean: null, m2: null, sd: null, reason: 'insufficient-data' };
  const sum = finiteOrNull(moments.sum);
  const mean = finiteOrNull(moments.mean);
  const m2 = finiteOrNull(moments.m2);
  const sd = m2 === null || count < 2 ? null : Math.sqrt(m2 / (count - 1));
  const isOverflow = sum === null || m2 === null;
  return { sum, mean, m2, sd, reason: isOverflow ? 'overflow' : count < 2 ? 'insufficient-data' : null };
};

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
