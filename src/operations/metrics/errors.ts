import { classifyErrors, type ErrorClass } from '../../core/metrics/error-classes.ts';
import { countErrors } from '../../core/metrics/judge.ts';
import type { LogCoverage } from '../../core/metrics/source.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { assertPromptsKnown, type FilterRequest, readFilter, warnCoverage } from './filter.ts';
import { withLog } from './open.ts';

export interface MetricsErrorsResult {
  /** ISO 8601 UTC; null without a limit. */
  readonly since: string | null;
  readonly until: string | null;
  readonly sinceLocal: string | null;
  readonly untilLocal: string | null;
  /** Of all that match, with or without error. */
  readonly records: number;
  readonly errorCount: number;
  /** Records that do not say how they ended. */
  readonly withoutStatus: number;
  /** Of the runs that say how they ended. */
  readonly errorRate: number | null;
  /** Most frequent first. */
  readonly errors: readonly ErrorClass[];
  readonly coverage: LogCoverage;
  readonly warnings: readonly Warning[];
}

/** The classes of errors in the log. @throws METRICS_FIELD_UNKNOWN, TIME_INVALID, PROMPT_NOT_FOUND, FILE_NOT_FOUND */
export const listErrors = async (
  workspace: Workspace,
  request: FilterRequest,
): Promise<MetricsErrorsResult> => {
  const { filter, since, until } = readFilter(workspace, request);
  const [all, failed] = await withLog(workspace, request, async ({ source }) => [
    await source.summarize({ ...filter, by: [], metrics: [] }),
    await source.summarize({
      ...filter,
      where: [...(filter.where ?? []), { field: 'status', value: 'error' }],
      by: ['error', 'prompt', 'version', 'region'],
      metrics: [],
    }),
  ]);
  const records = all.groups[0]?.records ?? 0;
  const { x, n, missing } = countErrors(all.groups[0]);
  if (records === 0) await assertPromptsKnown(workspace, filter.prompts ?? []);
  return {
    since: since?.utc ?? null,
    until: until?.utc ?? null,
    sinceLocal: since?.local ?? null,
    untilLocal: until?.local ?? null,
    records,
    errorCount: x,
    withoutStatus: missing,
    errorRate: n === 0 ? null : x / n,
    errors: classifyErrors(failed.groups),
    coverage: all.coverage,
    warnings: warnCoverage(all.coverage, records),
  };
};
