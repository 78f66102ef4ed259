import type { EnvDiffRequest, EnvDiffResult } from '../../../operations/env/diff.ts';
import type { EnvHistoryRequest, EnvHistoryResult } from '../../../operations/env/history.ts';
import type { EnvListResult } from '../../../operations/env/list.ts';
import type { EnvReportRequest, EnvReportResult } from '../../../operations/env/report.ts';
import type { EnvShowRequest, EnvShowResult } from '../../../operations/env/show.ts';
import type { Run } from '../../operations.ts';
import type { LoadFormat } from '../../reports.ts';

interface EnvOperations {
  readonly list: Run<object, EnvListResult>;
  readonly show: Run<EnvShowRequest, EnvShowResult>;
  readonly history: Run<EnvHistoryRequest, EnvHistoryResult>;
  readonly diff: Run<EnvDiffRequest, EnvDiffResult>;
  readonly report: Run<EnvReportRequest, EnvReportResult>;
}

interface EnvReports {
  readonly list: LoadFormat<EnvListResult>;
  readonly show: LoadFormat<EnvShowResult>;
  readonly history: LoadFormat<EnvHistoryResult>;
  readonly diff: LoadFormat<EnvDiffResult>;
  readonly report: LoadFormat<EnvReportResult>;
}

/** The operations that read environments; each module is imported when it is called. */
export const envOperations: EnvOperations = {
  list: async (workspace, request) =>
    (await import('../../../operations/env/list.ts')).listEnvironments(workspace, request),
  show: async (workspace, request) =>
    (await import('../../../operations/env/show.ts')).showEnvironment(workspace, request),
  history: async (workspace, request) =>
    (await import('../../../operations/env/history.ts')).readHistory(workspace, request),
  diff: async (workspace, request) =>
    (await import('../../../operations/env/diff.ts')).diffEnvironments(workspace, request),
  report: async (workspace, request) =>
    (await import('../../../operations/env/report.ts')).reportEnvironments(workspace, request),
};

/** Their reports. */
export const envReports: EnvReports = {
  list: async () => (await import('../../../report/env/list.ts')).formatEnvList,
  show: async () => (await import('../../../report/env/show.ts')).formatEnvShow,
  history: async () => (await import('../../../report/env/history.ts')).formatEnvHistory,
  diff: async () => (await import('../../../report/env/diff.ts')).formatEnvDiff,
  report: async () => (await import('../../../report/env/report.ts')).formatEnvReport,
};
