import type { TrendBucket } from '../../core/metrics/bucket-place.ts';
import { directionOf } from '../../core/metrics/names.ts';
import type {
  GroupSummary,
  LogCoverage,
  MetricsFilter,
  MetricsQuery,
  MetricsSource,
} from '../../core/metrics/source.ts';
import { listBuckets } from '../../core/metrics/time-buckets.ts';
import { describePoint, fitTrend, type TrendLine, type TrendPoint } from '../../core/metrics/trend.ts';
import { findVersionChanges, type VersionChange } from '../../core/metrics/version-changes.ts';
import { list } from '../list.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import {
  assertPromptsKnown,
  readFilter,
  readScope,
  readTimeZone,
  type ScopeRequest,
  warnCoverage,
  warnUnrecorded,
} from './filter.ts';
import { withLog } from './open.ts';

export interface MetricsTrendRequest extends ScopeRequest {
  /** Default: all prompts. */
  readonly name?: string;
  readonly metric: string;
  readonly bucket: TrendBucket;
  /** One line for each type of prompt, or version; default: one line. */
  readonly by?: 'type' | 'version';
  /** How many buckets to go on for. */
  readonly forecast?: number;
  /** IANA area of the buckets; default: UTC. */
  readonly timeZone?: string;
  /** A span ago or a moment; default: 30 days. */
  readonly since?: string;
  readonly until?: string;
  readonly confidence?: number;
}

export interface TrendSeries extends TrendLine {
  /** The type or version; null for the only line, and for records without one. */
  readonly key: string | null;
  /** Every bucket from the first record of any line to the last. */
  readonly points: readonly TrendPoint[];
}

export interface MetricsTrendResult {
  readonly prompt: string | null;
  readonly metric: string;
  readonly bucket: TrendBucket;
  readonly by: 'type' | 'version' | null;
  readonly timeZone: string;
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly until: string;
  /** The same as they were meant, with the local offset where none was given. */
  readonly sinceLocal: string;
  readonly untilLocal: string;
  readonly series: readonly TrendSeries[];
  /** In order of time; of one prompt only. */
  readonly changes: readonly VersionChange[];
  readonly coverage: LogCoverage;
  readonly warnings: readonly Warning[];
}

/**
 * How a metric went over time, with a straight line through it.
 * @throws TIME_INVALID, TIME_ZONE_UNKNOWN, METRICS_FIELD_TAKEN, PROMPT_NOT_FOUND
 */
export const readTrend = async (
  workspace: Workspace,
  request: MetricsTrendRequest,
): Promise<MetricsTrendResult> => {
  const { bucket, metric, name, by = null } = request;
  const timeZone = readTimeZone(request.timeZone);
  const now = new Date(workspace.now().getTime() + 1).toISOString();
  const { filter, since, until } = readFilter(workspace, {
    prompts: name === undefined ? [] : [name],
    since: request.since ?? '30d',
    until: request.until ?? now,
    where: readScope(request),
  });
  const prompt = filter.prompts?.[0] ?? null;
  const query: MetricsQuery = { ...filter, timeZone, metrics: [metric] };
  const trend = await withLog(workspace, request, ({ source }) =>
    readLines(workspace, source, { ...request, filter, query, prompt }),
  );
  if (trend.matched === 0) await assertPromptsKnown(workspace, filter.prompts ?? []);
  return {
    prompt,
    metric,
    bucket,
    by,
    timeZone,
    since: since?.utc ?? now,
    until: until?.utc ?? now,
    sinceLocal: since?.local ?? now,
    untilLocal: until?.local ?? now,
    series: trend.series,
    changes: trend.changes,
    coverage: trend.coverage,
    warnings: [...warnCoverage(trend.coverage, trend.matched), ...trend.warnings],
  };
};

interface LinesRequest extends MetricsTrendRequest {
  readonly filter: MetricsFilter;
  readonly query: MetricsQuery;
  readonly prompt: string | null;
}

const readLines = async (workspace: Workspace, source: MetricsSource, request: LinesRequest) => {
  const { bucket, metric, by, filter, query, prompt } = request;
  const field = by === 'type' ? ['prompt'] : by === 'version' ? ['version'] : [];
  const { groups, coverage } = await source.summarize({ ...query, by: [...field, bucket] });
  const bucketOf = ({ key }: GroupSummary): string => key[bucket] ?? '';
  const buckets = groups.length === 0 ? [] : listBuckets(bucket, spanOf(groups), query.timeZone);
  const types = by === 'type' ? await readTypes(workspace) : null;
  const keyed = groupBy(groups, ({ key }) =>
    types === null ? (key.version ?? null) : (types.get(key.prompt ?? '') ?? null),
  );
  const direction = directionOf(metric, workspace.config.metrics.directions);
  const alpha = 1 - (request.confidence ?? 0.95);
  const series = [...keyed].map(([key, members]): TrendSeries => {
    const here = groupBy(members, bucketOf);
    const points = buckets.map((name) => describePoint(name, here.get(name) ?? [], metric));
    return {
      key,
      points,
      ...fitTrend(points, { bucket, direction, alpha, forecast: request.forecast ?? 0 }),
    };
  });
  const versions =
    prompt === null ? [] : (await source.summarize({ ...query, by: ['version', bucket] })).groups;
  return {
    series: series.sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1)),
    changes: findVersionChanges(versions, buckets, { metric, direction, alpha, bucketOf }),
    coverage,
    warnings: series.some(({ points }) => points.some(({ value }) => value !== null))
      ? []
      : await warnUnrecorded(source, filter, metric),
    matched: groups.reduce((sum, { records }) => sum + records, 0),
  };
};

const spanOf = (groups: readonly GroupSummary[]) => ({
  from: groups.reduce((first, { firstTs }) => Math.min(first, firstTs), Number.POSITIVE_INFINITY),
  to: groups.reduce((last, { lastTs }) => Math.max(last, lastTs), Number.NEGATIVE_INFINITY),
});

/** Node 20 has no `Map.groupBy`. */
const groupBy = <Key>(groups: readonly GroupSummary[], keyOf: (group: GroupSummary) => Key) => {
  const found = new Map<Key, GroupSummary[]>();
  for (const group of groups) {
    const members = found.get(keyOf(group)) ?? [];
    found.set(keyOf(group), members);
    members.push(group);
  }
  return found;
};

const readTypes = async (workspace: Workspace): Promise<Map<string, string | null>> => {
  const { prompts } = await list(workspace, {});
  return new Map(prompts.map(({ prompt, type }) => [prompt, type]));
};
