import { join, resolve } from 'node:path';
import type { MetricsSource } from '../../core/metrics/source.ts';
import { promptvError } from '../../errors.ts';
import type { LogLocation } from '../../store/metrics-log/open-log.ts';
import { openMetricsLog } from '../../store/metrics-log/source.ts';
import { spoolToFile } from '../../store/metrics-log/spool.ts';
import { fileExists } from '../../store/read-file.ts';
import type { Workspace } from '../workspace.ts';

/** What `--metrics` names: a file, or the records on stdin; absent: the log of the workspace. */
export interface LogRequest {
  readonly metrics?: string | AsyncIterable<string | Uint8Array>;
}

/** Where the workspace's log is: PROMPTV_METRICS_DIR, else `metrics.dir`, both relative to the workspace. */
export const metricsDirectory = ({ root, env, config }: Workspace): string =>
  resolve(root, env.PROMPTV_METRICS_DIR || config.metrics.dir);

/** A log that is being read. */
export interface ReadableLog {
  readonly source: MetricsSource;
  readonly location: LogLocation;
}

/** Opens the log that a request names, works with it and clears up. @throws FILE_NOT_FOUND */
export const withLog = async <Result>(
  workspace: Workspace,
  { metrics }: LogRequest,
  work: (log: ReadableLog) => Promise<Result>,
): Promise<Result> => {
  const cacheDirectory = join(workspace.root, '.promptv/cache');
  const options = { now: () => workspace.now().getTime() };
  if (metrics === undefined || typeof metrics === 'string') {
    const location = await locate(workspace, metrics);
    return work({ location, source: openMetricsLog(location, { ...options, cacheDirectory }) });
  }
  const spooled = await spoolToFile(metrics);
  try {
    const location = { file: spooled.path };
    return await work({ location, source: openMetricsLog(location, { ...options, cacheDirectory: null }) });
  } finally {
    await spooled.remove();
  }
};

const locate = async (workspace: Workspace, file: string | undefined): Promise<LogLocation> => {
  if (file === undefined) return { directory: metricsDirectory(workspace) };
  const path = resolve(workspace.cwd, file);
  if (!(await fileExists(path))) throw promptvError('FILE_NOT_FOUND', { path });
  return { file: path };
};
