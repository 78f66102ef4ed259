import { countErrors, type ErrorCounts } from '../../core/metrics/judge.ts';
import { type Period, parsePeriod } from '../../core/metrics/period.ts';
import {
  type FieldCondition,
  figuresIn,
  type LogCoverage,
  type MetricFigures,
  type MetricsFilter,
  type MetricsSource,
} from '../../core/metrics/source.ts';
import { parseSelector } from '../../core/version/reference.ts';
import { promptvError } from '../../errors.ts';
import { resolveSavedVersion } from '../resolve-ref.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { assertFieldFree } from './filter.ts';

/** A set of records of one prompt to be judged: those of a version, or those of a period. */
export interface Side {
  /** `1.2.0`, or the period with its offsets. */
  readonly label: string;
  readonly version: string | null;
  /** ISO 8601 UTC; null for a version. */
  readonly since: string | null;
  readonly until: string | null;
}

/** How many records a side has in the log, and how many of them say that they failed. */
export interface CountedSide extends Side {
  readonly records: number;
  readonly errors: number;
}

export interface SideFigures {
  readonly side: CountedSide;
  readonly errorCounts: ErrorCounts;
  readonly metrics: Readonly<Record<string, MetricFigures>>;
  readonly coverage: LogCoverage;
}

/** What of a prompt's records is looked at on both sides. */
export interface SideScope {
  readonly prompt: string;
  readonly where?: readonly FieldCondition[];
}

/**
 * What a side is called: a period (`7d`, `2026-03-01..2026-03-08`), an exact version, which the log may know
 * without git, or any other selector of a saved version.
 * `now` (epoch milliseconds) is one moment for both sides, so that `14d..7d` ends where `7d` begins.
 * @throws METRICS_FIELD_TAKEN, as `resolveSavedVersion`
 */
export const resolveSide = async (
  workspace: Workspace,
  source: MetricsSource,
  { text, now, ...scope }: SideScope & { readonly text: string; readonly now: number },
): Promise<Side> => {
  const period = parsePeriod(text, now);
  if (period !== null) return periodSide(period);
  assertFieldFree(scope.where ?? [], 'version');
  if (text.includes('..') || /^\d{4}-\d{2}-\d{2}/.test(text))
    throw promptvError('PERIOD_INVALID', { period: text });
  const selector = parseSelector(text);
  if (selector.kind === 'version') {
    const side = versionSide(selector.version);
    const found = await source.summarize({
      ...filterOf(side, { prompt: scope.prompt }),
      metrics: [],
    });
    if (found.groups.length > 0) return side;
  }
  const ref = `${scope.prompt}@${text}`;
  return versionSide((await resolveSavedVersion(workspace, new Versions(workspace), { ref })).version);
};

export const versionSide = (version: string): Side => ({ label: version, version, since: null, until: null });

const periodSide = ({ label, since, until }: Period): Side => ({
  label,
  version: null,
  since: new Date(since).toISOString(),
  until: new Date(until).toISOString(),
});

/** The records of a side. */
export const filterOf = (
  { version, since, until }: Side,
  { prompt, where = [] }: SideScope,
): MetricsFilter => ({
  prompts: [prompt],
  where: version === null ? where : [...where, { field: 'version', value: version }],
  ...(since === null ? {} : { since: Date.parse(since) }),
  ...(until === null ? {} : { until: Date.parse(until) }),
});

/** A side's figures, of the metrics named or of all. */
export const readSide = async (
  source: MetricsSource,
  side: Side,
  { metrics, ...scope }: SideScope & { readonly metrics?: readonly string[] },
): Promise<SideFigures> => {
  const filter = filterOf(side, scope);
  const { groups, coverage } = await source.summarize({ ...filter, ...(metrics ? { metrics } : {}) });
  const [group] = groups;
  const { records, errors } = group ?? { records: 0, errors: 0 };
  return {
    side: { ...side, records, errors },
    errorCounts: countErrors(group),
    metrics: group?.metrics ?? {},
    coverage,
  };
};

/** A side's figures of a metric, which may be of no value at all. */
export const figuresOf = ({ metrics, side }: SideFigures, metric: string): MetricFigures =>
  figuresIn({ metrics, records: side.records }, metric);
