import type { DimensionColumn } from './columns.ts';
import type { MetricRecord } from './record.ts';

/** A condition on one field: `prompt`, `environment`, `unit`, `meta.KEY` …; `null` means that the field is absent. */
export interface FieldCondition {
  readonly field: string;
  readonly value: string | null;
}

/** Which records are meant. Several conditions on one field: any of them; on different fields: all of them. */
export interface MetricsFilter {
  readonly prompts?: readonly string[];
  /** Epoch milliseconds, included. */
  readonly since?: number;
  /** Epoch milliseconds, not included. */
  readonly until?: number;
  readonly where?: readonly FieldCondition[];
}

export interface MetricsQuery extends MetricsFilter {
  /** Fields as in `where`, or the buckets `hour`, `day`, `week`, `month`. */
  readonly by?: readonly string[];
  /** Default: every metric that a matching record has. */
  readonly metrics?: readonly string[];
  /** Probabilities from 0 to 1 of the type-7 quantiles wanted. */
  readonly percentiles?: readonly number[];
  /** IANA area of the time buckets; default UTC. */
  readonly timeZone?: string;
}

export type GroupKey = Readonly<Record<string, string | null>>;

/**
 * One metric of one group. `sum`, `mean` and `m2` (the sum of squared deviations) are the exact values of the
 * doubles recorded, rounded once, so they do not depend on the order of the records.
 */
export interface MetricFigures {
  readonly count: number;
  /** Records of the group without this metric. */
  readonly missing: number;
  readonly sum: number | null;
  readonly mean: number | null;
  readonly m2: number | null;
  readonly sd: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** In the order of the query's `percentiles`. */
  readonly quantiles: readonly (number | null)[];
  /** Why a figure is null; null when none is. */
  readonly reason: 'insufficient-data' | 'overflow' | null;
}

export interface GroupSummary {
  readonly key: GroupKey;
  readonly records: number;
  readonly errors: number;
  /** Records that do not say how they ended: neither errors nor successes, so no part of any rate. */
  readonly withoutStatus: number;
  /** Epoch milliseconds of the earliest and latest record. */
  readonly firstTs: number;
  readonly lastTs: number;
  readonly metrics: Readonly<Record<string, MetricFigures>>;
}

/** A group's figures of a metric, which may be of no value at all. */
export const figuresIn = (
  { metrics, records }: Pick<GroupSummary, 'metrics' | 'records'>,
  metric: string,
): MetricFigures =>
  (Object.hasOwn(metrics, metric) ? metrics[metric] : undefined) ?? { ...noFigures, missing: records };

/** The figures of no value at all. */
export const noFigures: MetricFigures = {
  count: 0,
  missing: 0,
  sum: null,
  mean: null,
  m2: null,
  sd: null,
  min: null,
  max: null,
  quantiles: [],
  reason: 'insufficient-data',
};

/** A line that was skipped, named by its segment, its number (from 1) and the offset of its first byte. */
export interface LineProblem {
  readonly segment: string;
  readonly line: number;
  readonly offset: number;
  readonly reason: string;
}

/** What was read to answer, whatever the filter: `problems` holds the first hundred of a segment. */
export interface LogCoverage {
  readonly segments: number;
  /** Records that count: valid, and the first of their id and day. */
  readonly records: number;
  readonly duplicates: number;
  readonly skipped: number;
  readonly problems: readonly LineProblem[];
}

export interface MetricsSummary {
  /** Ordered by key; one group without key values when nothing is grouped and a record matches. */
  readonly groups: readonly GroupSummary[];
  readonly coverage: LogCoverage;
}

/** The raw values of one group, in the order of the log (segments by name, lines as written). */
export interface GroupValues {
  readonly key: GroupKey;
  readonly metrics: ReadonlyMap<string, Float64Array>;
}

/** What is read of an experiment: its records, and by what they belong together. */
export interface ObservationsQuery extends MetricsFilter {
  readonly subject: 'unit' | 'case';
  readonly metrics: readonly string[];
}

/** Matching records row by row, in the order of the log, for what is added up by unit or by case. */
export interface Observations {
  readonly rows: number;
  /** Epoch milliseconds. */
  readonly times: Float64Array;
  readonly variants: DimensionColumn;
  readonly statuses: DimensionColumn;
  /** The number of the row's unit or case, from 1 to `subjectCount`; 0 where the record has none. */
  readonly subjects: Uint32Array;
  readonly subjectCount: number;
  /** A value a row, NaN where the record has none; a metric that no record has is not in the map. */
  readonly metrics: ReadonlyMap<string, Float64Array>;
  readonly coverage: LogCoverage;
}

/** The one interface to a metrics log; the JSON lines of a directory are its first implementation. */
export interface MetricsSource {
  summarize(query: MetricsQuery): Promise<MetricsSummary>;
  values(query: MetricsQuery): Promise<readonly GroupValues[]>;
  observations(query: ObservationsQuery): Promise<Observations>;
  /**
   * Version → how many units have it among the matching records, of a large log in a sample of the units. Records without
   * either do not count. Conditions are on dimensions alone.
   * @throws METRICS_FIELD_UNKNOWN
   */
  unitCounts(filter: MetricsFilter): Promise<ReadonlyMap<string, number>>;
  /** Every matching record, in the order of the log. */
  records(filter: MetricsFilter): AsyncIterable<MetricRecord>;
  coverage(): Promise<LogCoverage>;
}
