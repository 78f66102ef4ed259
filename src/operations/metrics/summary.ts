import { drawSample } from '../../core/metrics/draw-sample.ts';
import { countErrors } from '../../core/metrics/judge.ts';
import { directionOf } from '../../core/metrics/names.ts';
import { type LatencySample, type ModelRanking, rankModels } from '../../core/metrics/rank-models.ts';
import type {
  GroupKey,
  GroupSummary,
  LogCoverage,
  MetricFigures,
  MetricsQuery,
  MetricsSource,
  MetricsSummary,
} from '../../core/metrics/source.ts';
import type { VersionStatus, Warning } from '../types.ts';
import { readVersionFacts } from '../version-facts.ts';
import type { Workspace } from '../workspace.ts';
import { assertPromptsKnown, type FilterRequest, readFilter, readTimeZone, warnCoverage } from './filter.ts';
import { withLog } from './open.ts';

export interface MetricsSummaryRequest extends FilterRequest {
  /** Default: `prompt`. `version` and `variant` of several prompts are grouped by prompt too. */
  readonly by?: readonly string[];
  /** Default: every metric that was recorded. */
  readonly only?: readonly string[];
  /** IANA area of days and other buckets; default: UTC. */
  readonly timeZone?: string;
}

/** The figures of one metric in one group; `reason` says why some are null. */
export interface SummaryFigures {
  readonly count: number;
  /** Records of the group without this metric. */
  readonly missing: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly min: number | null;
  readonly p25: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly sum: number | null;
  readonly direction: 'higher' | 'lower';
  readonly reason: 'insufficient-data' | 'overflow' | null;
}

export interface SummaryGroup {
  readonly key: GroupKey;
  readonly count: number;
  readonly errors: number;
  /** Runs that do not say how they ended: no part of the rates. */
  readonly withoutStatus: number;
  /** Of the runs with a status; null when there are none. */
  readonly errorRate: number | null;
  readonly successRate: number | null;
  readonly totalCostUsd: number | null;
  readonly meanCostUsd: number | null;
  /** ISO 8601 UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Of the version, where the group is one. */
  readonly status: VersionStatus | null;
  readonly metrics: Readonly<Record<string, SummaryFigures>>;
}

export interface MetricsSummaryResult {
  /** ISO 8601 UTC; null without a limit. */
  readonly since: string | null;
  readonly until: string | null;
  /** The same as they were meant, with the local offset where none was given. */
  readonly sinceLocal: string | null;
  readonly untilLocal: string | null;
  readonly timeZone: string;
  readonly by: readonly string[];
  readonly groups: readonly SummaryGroup[];
  /** With `model` in `by`; else null. */
  readonly models: readonly ModelRanking[] | null;
  readonly coverage: LogCoverage;
  readonly warnings: readonly Warning[];
}

const percentiles = [0.25, 0.5, 0.75, 0.95, 0.99];

/**
 * Summarises the log by groups.
 * @throws METRICS_FIELD_UNKNOWN, TIME_INVALID, TIME_ZONE_UNKNOWN, PROMPT_NOT_FOUND, FILE_NOT_FOUND, FILE_ACCESS
 */
export const summarizeMetrics = async (
  workspace: Workspace,
  request: MetricsSummaryRequest,
): Promise<MetricsSummaryResult> => {
  const { filter, since, until } = readFilter(workspace, request);
  const { prompts = [] } = filter;
  const timeZone = readTimeZone(request.timeZone);
  const by = groupFields(request.by, prompts);
  const query: MetricsQuery = { ...filter, by, percentiles, timeZone, ...queryMetrics(request.only) };
  const [{ groups, coverage, models }, statusOf] = await Promise.all([
    withLog(workspace, request, async ({ source }) => {
      const summary = await source.summarize(query);
      return { ...summary, models: by.includes('model') ? await readRanking(source, query, summary) : null };
    }),
    by.includes('version') ? readStatuses(workspace, prompts) : () => null,
  ]);
  if (groups.length === 0) await assertPromptsKnown(workspace, prompts);
  const matched = groups.reduce((sum, { records }) => sum + records, 0);
  return {
    since: since?.utc ?? null,
    until: until?.utc ?? null,
    sinceLocal: since?.local ?? null,
    untilLocal: until?.local ?? null,
    timeZone,
    by,
    groups: groups.map((group) => describeGroup(workspace, group, { only: request.only, statusOf })),
    models,
    coverage,
    warnings: warnCoverage(coverage, matched),
  };
};

const readRanking = async (
  source: MetricsSource,
  query: MetricsQuery,
  { groups }: MetricsSummary,
): Promise<ModelRanking[]> => {
  const metric = 'latency_ms';
  const found = await source.values({ ...query, metrics: [metric] });
  const samples = new Map(found.map(({ key, metrics }) => [JSON.stringify(key), metrics.get(metric)]));
  const none = new Float64Array();
  const latencies = groups.map((group): [GroupSummary, LatencySample] => {
    const id = JSON.stringify(group.key);
    const median = group.metrics[metric]?.quantiles[percentiles.indexOf(0.5)] ?? null;
    return [group, { median, values: drawSample(samples.get(id) ?? none, `models ${id}`) }];
  });
  return rankModels(groups, new Map(latencies));
};

/** Cost, latency and quality are read in any case: totals and rankings need them. */
const queryMetrics = (only: readonly string[] | undefined): Pick<MetricsQuery, 'metrics'> =>
  only === undefined ? {} : { metrics: [...new Set([...only, 'cost_usd', 'latency_ms', 'quality'])] };

/** A version or variant says something of its own prompt only. */
const groupFields = (by: readonly string[] = ['prompt'], prompts: readonly string[]): readonly string[] => {
  const fields = [...new Set(by)];
  const needsPrompt = fields.includes('version') || fields.includes('variant');
  return needsPrompt && prompts.length !== 1 && !fields.includes('prompt') ? ['prompt', ...fields] : fields;
};

type StatusOf = (key: GroupKey) => VersionStatus | null;

const readStatuses = async (workspace: Workspace, prompts: readonly string[]): Promise<StatusOf> => {
  const facts = await readVersionFacts(workspace);
  return ({ prompt = prompts.length === 1 ? prompts[0] : null, version }) =>
    typeof prompt === 'string' && typeof version === 'string' ? facts.statusOf(prompt, version) : null;
};

const describeGroup = (
  { config }: Workspace,
  group: GroupSummary,
  { only, statusOf }: { readonly only: readonly string[] | undefined; readonly statusOf: StatusOf },
): SummaryGroup => {
  const { key, records, errors, withoutStatus, firstTs, lastTs, metrics } = group;
  const { x, n } = countErrors(group);
  const shown = Object.entries(metrics).filter(([name]) => only === undefined || only.includes(name));
  return {
    key,
    count: records,
    errors,
    withoutStatus,
    errorRate: n === 0 ? null : x / n,
    successRate: n === 0 ? null : (n - x) / n,
    totalCostUsd: metrics.cost_usd?.sum ?? null,
    meanCostUsd: metrics.cost_usd?.mean ?? null,
    firstSeen: new Date(firstTs).toISOString(),
    lastSeen: new Date(lastTs).toISOString(),
    status: statusOf(key),
    metrics: Object.fromEntries(
      shown.map(([name, figures]) => [
        name,
        describeFigures(figures, directionOf(name, config.metrics.directions)),
      ]),
    ),
  };
};

const describeFigures = (figures: MetricFigures, direction: 'higher' | 'lower'): SummaryFigures => {
  const { count, missing, mean, sd, min, max, sum, reason } = figures;
  const [p25 = null, p50 = null, p75 = null, p95 = null, p99 = null] = figures.quantiles;
  return { count, missing, mean, sd, min, p25, p50, p75, p95, p99, max, sum, direction, reason };
};
