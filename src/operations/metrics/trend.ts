import type { TrendBucket } from '../../core/metrics/bucket-place.ts';
import { compareErrorRates, compareFigures, type MetricComparison } from '../../core/metrics/judge.ts';
import { directionOf } from '../../core/metrics/names.ts';
import { parseEdge } from '../../core/metrics/period.ts';
import type { GroupSummary, MetricFigures, MetricsFilter, MetricsSource } from '../../core/metrics/source.ts';
import { createBucketNamer } from '../../core/metrics/time-buckets.ts';
import { fitTrend, mergePoint, type TrendLine, type TrendPoint } from '../../core/metrics/trend.ts';
import { promptvError } from '../../errors.ts';
import { list } from '../list.ts';
import type { Warning } from '../types.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { errorRate } from './compare.ts';
import { warnSkipped } from './judged-log.ts';
import { type LogRequest, withLog } from './open.ts';
import { figuresOf, inEnvironment, readSide, versionSide } from './sides.ts';

export interface MetricsTrendRequest extends LogRequest {
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
  readonly environment?: string;
  readonly confidence?: number;
}

export interface TrendSeries extends TrendLine {
  /** The type or version; null for the only line, and for records without one. */
  readonly key: string | null;
  readonly points: readonly TrendPoint[];
}

/** Where a version first appears, compared with the one that appeared before it. */
export interface VersionChange {
  readonly bucket: string;
  readonly version: string;
  readonly previousVersion: string;
  readonly comparison: MetricComparison;
}

export interface MetricsTrendResult {
  readonly prompt: string | null;
  readonly metric: string;
  readonly bucket: TrendBucket;
  readonly timeZone: string;
  /** ISO 8601 UTC. */
  readonly since: string;
  readonly until: string;
  readonly series: readonly TrendSeries[];
  /** In order of time; of one prompt only. */
  readonly changes: readonly VersionChange[];
  readonly warnings: readonly Warning[];
}

/**
 * How a metric went over time, with a straight line through it.
 * @throws TIME_INVALID, TIME_ZONE_UNKNOWN
 */
export const readTrend = async (
  workspace: Workspace,
  request: MetricsTrendRequest,
): Promise<MetricsTrendResult> => {
  const prompt = request.name === undefined ? null : promptNameFrom(workspace, request.name);
  const { bucket, metric, timeZone = 'UTC' } = request;
  assertTimeZone(timeZone);
  const now = workspace.now().getTime();
  const since = momentOf(request.since ?? '30d', now);
  const until = request.until === undefined ? now + 1 : momentOf(request.until, now);
  const where = inEnvironment(request.environment);
  const filter: MetricsFilter = { since, until, where, ...(prompt === null ? {} : { prompts: [prompt] }) };
  return withLog(workspace, request, async ({ source }) => {
    const { series, coverage } = await readSeries(workspace, source, { ...request, filter, timeZone });
    return {
      prompt,
      metric,
      bucket,
      timeZone,
      since: new Date(since).toISOString(),
      until: new Date(until).toISOString(),
      series,
      changes:
        prompt === null ? [] : await readChanges(workspace, source, { ...request, filter, prompt, timeZone }),
      warnings: warnSkipped(coverage),
    };
  });
};

const momentOf = (text: string, now: number): number => {
  const edge = parseEdge(text, now);
  if (edge === null) throw promptvError('TIME_INVALID', { time: text });
  return edge.time;
};

const assertTimeZone = (timeZone: string): void => {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch (cause) {
    throw promptvError('TIME_ZONE_UNKNOWN', { timeZone }, cause);
  }
};

interface SeriesRequest extends MetricsTrendRequest {
  readonly filter: MetricsFilter;
  readonly timeZone: string;
}

const readSeries = async (workspace: Workspace, source: MetricsSource, request: SeriesRequest) => {
  const { bucket, metric, filter, timeZone, by } = request;
  const field = by === 'type' ? ['prompt'] : by === 'version' ? ['version'] : [];
  const isRate = metric === errorRate;
  const query = { ...filter, timeZone, metrics: isRate ? [] : [metric] };
  const { groups, coverage } = await source.summarize({
    ...query,
    by: [...field, bucket, ...(isRate ? ['status'] : [])],
  });
  const types = by === 'type' ? await readTypes(workspace) : null;
  const keyed = groupBy(groups, ({ key }) =>
    types === null ? (key.version ?? null) : (types.get(key.prompt ?? '') ?? null),
  );
  const options = {
    bucket,
    direction: directionOf(metric, workspace.config.metrics.directions),
    alpha: 1 - (request.confidence ?? 0.95),
    forecast: request.forecast ?? 0,
  };
  const series = [...keyed].map(([key, members]): TrendSeries => {
    const buckets = groupBy(members, (group) => group.key[bucket] ?? '');
    const points = [...buckets]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, some]) =>
        isRate
          ? ratePoint(name, some)
          : mergePoint(
              name,
              some.map((one) => figures(one, metric)),
            ),
      );
    return { key, points, ...fitTrend(points, options) };
  });
  return { series: series.sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1)), coverage };
};

/** Node 20 has no `Map.groupBy`. */
const groupBy = <Key>(groups: readonly GroupSummary[], keyOf: (group: GroupSummary) => Key) => {
  const found = new Map<Key, GroupSummary[]>();
  for (const group of groups) found.set(keyOf(group), [...(found.get(keyOf(group)) ?? []), group]);
  return found;
};

const figures = ({ metrics, records }: GroupSummary, metric: string): MetricFigures =>
  figuresOf({ metrics, side: { records } }, metric);

/** The share of failed records among those that say how they ended. */
const ratePoint = (bucket: string, groups: readonly GroupSummary[]): TrendPoint => {
  const count = (status: string | null) =>
    groups.filter(({ key }) => key.status === status).reduce((sum, { records }) => sum + records, 0);
  const [errors, successes] = [count('error'), count('success')];
  const all = errors + successes;
  return { bucket, value: all === 0 ? null : errors / all, count: all, missing: count(null) };
};

const readTypes = async (workspace: Workspace): Promise<Map<string, string | null>> => {
  const { prompts } = await list(workspace, {});
  return new Map(prompts.map(({ prompt, type }) => [prompt, type]));
};

const readChanges = async (
  workspace: Workspace,
  source: MetricsSource,
  { prompt, metric, bucket, filter, timeZone, confidence }: SeriesRequest & { readonly prompt: string },
): Promise<VersionChange[]> => {
  const { groups } = await source.summarize({ ...filter, by: ['version'], metrics: [] });
  const seen = groups
    .flatMap(({ key, firstTs }) =>
      typeof key.version === 'string' ? [{ version: key.version, firstTs }] : [],
    )
    .sort((a, b) => a.firstTs - b.firstTs);
  const nameOf = createBucketNamer(bucket, timeZone);
  const direction = directionOf(metric, workspace.config.metrics.directions);
  const options = { metric, direction, alpha: 1 - (confidence ?? 0.95) };
  const period = { since: toIso(filter.since), until: toIso(filter.until) };
  const metrics = metric === errorRate ? [] : [metric];
  const read = (version: string) =>
    readSide(source, { ...versionSide(version), ...period }, { prompt, where: filter.where ?? [], metrics });
  const changes: VersionChange[] = [];
  for (const [at, { version, firstTs }] of seen.entries()) {
    const previous = seen[at - 1];
    if (previous === undefined) continue;
    const [a, b] = [await read(previous.version), await read(version)];
    const comparison =
      metric === errorRate
        ? compareErrorRates(a.errorCounts, b.errorCounts, options)
        : compareFigures(figuresOf(a, metric), figuresOf(b, metric), options);
    changes.push({ bucket: nameOf(firstTs), version, previousVersion: previous.version, comparison });
  }
  return changes;
};

const toIso = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();
