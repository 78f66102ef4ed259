import { errorRate } from '../../core/metrics/judge.ts';
import type { FieldCondition, LogCoverage, MetricsFilter, MetricsSource } from '../../core/metrics/source.ts';
import type { Moment } from '../../core/moment.ts';
import { promptvError } from '../../errors.ts';
import { sinceOf } from '../env/time.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { createUnknownFinder } from './known-prompts.ts';
import type { LogRequest } from './open.ts';

/** Which records a command reads. */
export interface FilterRequest extends LogRequest {
  /** Names, or paths of the prompts' files; none: all. */
  readonly prompts?: readonly string[];
  /** A span such as `7d`, or a moment, local without an offset; included. */
  readonly since?: string;
  /** The same; not included. */
  readonly until?: string;
  readonly where?: readonly FieldCondition[];
}

/** Which records a command judges, beside those that its sides or environment choose. */
export interface ScopeRequest extends LogRequest {
  readonly environment?: string;
  readonly where?: readonly FieldCondition[];
}

/** All conditions of a scope. @throws METRICS_FIELD_TAKEN where two of them would choose by one field */
export const readScope = ({ environment, where = [] }: ScopeRequest): readonly FieldCondition[] => {
  if (environment === undefined) return where;
  assertFieldFree(where, 'environment');
  return [...where, ...inEnvironment(environment)];
};

/** A condition on the environment; none without a name. */
export const inEnvironment = (environment: string | null | undefined): FieldCondition[] =>
  environment === null || environment === undefined ? [] : [{ field: 'environment', value: environment }];

/** @throws METRICS_FIELD_TAKEN for a condition on a field that something else chooses by: both together would mean either */
export const assertFieldFree = (where: readonly FieldCondition[], field: string): void => {
  if (where.some((one) => one.field === field)) throw promptvError('METRICS_FIELD_TAKEN', { field });
};

/** The filter, and its moments as they were meant. */
export interface ReadFilter {
  readonly filter: MetricsFilter;
  readonly since: Moment | null;
  readonly until: Moment | null;
}

/** @throws TIME_INVALID, NAME_INVALID, FILE_OUTSIDE */
export const readFilter = (workspace: Workspace, request: FilterRequest): ReadFilter => {
  const now = workspace.now().getTime();
  const since = sinceOf(request.since, now);
  const until = sinceOf(request.until, now);
  const prompts = request.prompts?.map((typed) => promptNameFrom(workspace, typed)) ?? [];
  return {
    since,
    until,
    filter: {
      ...(prompts.length === 0 ? {} : { prompts }),
      ...(since === null ? {} : { since: Date.parse(since.utc) }),
      ...(until === null ? {} : { until: Date.parse(until.utc) }),
      ...(request.where === undefined ? {} : { where: request.where }),
    },
  };
};

/** Throws for the first name without records that is no prompt either: it is a slip. @throws PROMPT_NOT_FOUND */
export const assertPromptsKnown = async (workspace: Workspace, prompts: readonly string[]): Promise<void> => {
  if (prompts.length === 0) return;
  const find = await createUnknownFinder(workspace, new Versions(workspace), prompts);
  for (const prompt of prompts) {
    const unknown = await find({ prompt });
    if (unknown !== null) throw unknown;
  }
};

/** A known IANA area. @throws TIME_ZONE_UNKNOWN */
export const readTimeZone = (timeZone = 'UTC'): string => {
  if (timeZone === 'UTC') return timeZone;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch (cause) {
    throw promptvError('TIME_ZONE_UNKNOWN', { timeZone }, cause);
  }
};

/** Says that no record which matches has the metric, and which there are: it may be a slip. */
export const warnUnrecorded = async (
  source: MetricsSource,
  filter: MetricsFilter,
  metric: string,
): Promise<Warning[]> => {
  const { groups } = await source.summarize(filter);
  const recorded = Object.keys(groups[0]?.metrics ?? {});
  if (groups.length === 0 || metric === errorRate || recorded.includes(metric)) return [];
  const others = recorded.length === 0 ? 'they have no metric' : `they have ${recorded.join(', ')}`;
  return [{ code: 'METRIC_NOT_RECORDED', message: `No record here has the metric ${metric}; ${others}.` }];
};

const shownProblems = 5;

/** What a reader must know of the log: that nothing matched, that lines were skipped and where. */
export const warnCoverage = (
  { segments, records, skipped, problems }: LogCoverage,
  matched: number,
): Warning[] => {
  const warnings: Warning[] = [];
  if (segments === 0)
    warnings.push({ code: 'METRICS_LOG_MISSING', message: 'There is no metrics log here yet.' });
  else if (matched === 0)
    warnings.push({
      code: 'METRICS_NO_RECORDS',
      message: records === 0 ? 'The metrics log has no records.' : 'No record of the metrics log matches.',
    });
  if (skipped > 0) {
    const places = problems
      .slice(0, shownProblems)
      .map(({ segment, line, reason }) => `${segment} line ${line} (${reason})`);
    const more = skipped > places.length ? `, and ${skipped - places.length} more` : '';
    const lines = skipped === 1 ? '1 line' : `${skipped} lines`;
    warnings.push({
      code: 'METRICS_LINES_SKIPPED',
      message: `${lines} of the metrics log could not be read: ${places.join(', ')}${more}.`,
    });
  }
  return warnings;
};
