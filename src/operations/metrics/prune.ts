import { parseSpan } from '../../core/since.ts';
import { promptvError } from '../../errors.ts';
import { findSegments } from '../../store/metrics-log/open-log.ts';
import { removeFile } from '../../store/write-file.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { metricsDirectory } from './open.ts';

export interface MetricsPruneRequest {
  /** A span such as `90d`. */
  readonly olderThan: string;
  /** Without it nothing is removed. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface MetricsPruneResult {
  readonly directory: string;
  /** `YYYY-MM-DD`: segments of days before it are old. */
  readonly before: string;
  readonly segments: readonly { readonly segment: string; readonly bytes: number }[];
  readonly bytes: number;
  readonly removed: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/** Removes whole segments whose day lies before the span, of every writer. @throws TIME_INVALID, FILE_ACCESS */
export const pruneMetrics = async (
  workspace: Workspace,
  { olderThan, force = false, dryRun = false }: MetricsPruneRequest,
): Promise<MetricsPruneResult> => {
  const span = parseSpan(olderThan);
  if (span === null || span === 0) throw promptvError('TIME_INVALID', { time: olderThan });
  const directory = metricsDirectory(workspace);
  const before = new Date(workspace.now().getTime() - span).toISOString().slice(0, 10);
  const old = (await findSegments({ directory })).filter(({ name }) => name.slice(0, 10) < before);
  const removed = force && !dryRun && old.length > 0;
  if (removed) for (const { path } of old) await removeFile(path);
  return {
    directory,
    before,
    segments: old.map(({ name, state }) => ({ segment: name, bytes: state.size })),
    bytes: old.reduce((sum, { state }) => sum + state.size, 0),
    removed,
    dryRun,
    warnings: [],
  };
};
