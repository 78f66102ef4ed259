import { join, resolve } from 'node:path';
import type { LogCoverage, MetricsSource } from '../../core/metrics/source.ts';
import { openMetricsLog } from '../../store/metrics-log/source.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** Which log a command reads. */
export interface JudgedLogOptions {
  /** `--metrics FILE`: a file of records in place of the log, relative to where the command was called. */
  readonly metrics?: string;
}

/** The log of a workspace: PROMPTV_METRICS_DIR, else `metrics.dir`, else the file asked for. */
export const openJudgedLog = (workspace: Workspace, { metrics }: JudgedLogOptions): MetricsSource => {
  const { cwd, root, config, env, now } = workspace;
  const directory = resolve(root, env.PROMPTV_METRICS_DIR || config.metrics.dir);
  return openMetricsLog(metrics === undefined ? { directory } : { file: resolve(cwd, metrics) }, {
    cacheDirectory: join(root, '.promptv/cache'),
    now: () => now().getTime(),
  });
};

/** One warning where lines of the log were skipped, naming the first. */
export const skippedWarning = ({ skipped, problems }: LogCoverage): Warning[] => {
  const [first] = problems;
  if (skipped === 0 || first === undefined) return [];
  const lines = skipped === 1 ? '1 line' : `${skipped} lines`;
  const message = `${lines} of the metrics log skipped; the first is ${first.segment}:${first.line}: ${first.reason}.`;
  return [{ code: 'METRICS_LINES_SKIPPED', message }];
};
