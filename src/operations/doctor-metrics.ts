import type { Diagnosis } from './doctor.ts';
import { warnCoverage } from './metrics/filter.ts';
import { withLog } from './metrics/open.ts';
import type { Workspace } from './workspace.ts';

/** What is wrong with the metrics log: lines that cannot be read. */
export const metricsChecks = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const coverage = await withLog(workspace, {}, ({ source }) => source.coverage());
  const found = warnCoverage(coverage, coverage.records).find(({ code }) => code === 'METRICS_LINES_SKIPPED');
  if (found === undefined) return [];
  return [
    {
      id: 'METRICS_LINES_INVALID',
      severity: 'warning',
      message: found.message,
      fix: 'They are left out of every figure; correct or remove them where they stand.',
    },
  ];
};
