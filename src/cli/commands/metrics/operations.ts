import type { MetricRecord } from '../../../core/metrics/record.ts';
import type { MetricsCheckRequest, MetricsCheckResult } from '../../../operations/metrics/check.ts';
import type { MetricsCompareRequest, MetricsCompareResult } from '../../../operations/metrics/compare.ts';
import type { MetricsErrorsResult } from '../../../operations/metrics/errors.ts';
import type { ExportedRecords, MetricsExportRequest } from '../../../operations/metrics/export.ts';
import type { FilterRequest } from '../../../operations/metrics/filter.ts';
import type { MetricsImportRequest, MetricsImportResult } from '../../../operations/metrics/import.ts';
import type { MetricsPruneRequest, MetricsPruneResult } from '../../../operations/metrics/prune.ts';
import type { MetricsRecordRequest, MetricsRecordResult } from '../../../operations/metrics/record.ts';
import type { MetricsRegressRequest, MetricsRegressResult } from '../../../operations/metrics/regress.ts';
import type { MetricsSummaryRequest, MetricsSummaryResult } from '../../../operations/metrics/summary.ts';
import type { MetricsTailRequest, TailedRecords } from '../../../operations/metrics/tail.ts';
import type { MetricsTrendRequest, MetricsTrendResult } from '../../../operations/metrics/trend.ts';
import type { Run } from '../../operations.ts';
import type { LoadFormat } from '../../reports.ts';

/** How the report of `metrics summary` is laid out. */
interface SummaryLayout {
  /** True when the metrics were chosen: then each has a table of its own. */
  readonly hasChosen: boolean;
}

interface MetricsOperations {
  readonly record: Run<MetricsRecordRequest, MetricsRecordResult>;
  readonly summary: Run<MetricsSummaryRequest, MetricsSummaryResult>;
  readonly errors: Run<FilterRequest, MetricsErrorsResult>;
  readonly tail: Run<MetricsTailRequest, TailedRecords>;
  readonly export: Run<MetricsExportRequest, ExportedRecords>;
  readonly import: Run<MetricsImportRequest, MetricsImportResult>;
  readonly prune: Run<MetricsPruneRequest, MetricsPruneResult>;
  readonly compare: Run<MetricsCompareRequest, MetricsCompareResult>;
  readonly regress: Run<MetricsRegressRequest, MetricsRegressResult>;
  readonly check: Run<MetricsCheckRequest, MetricsCheckResult>;
  readonly trend: Run<MetricsTrendRequest, MetricsTrendResult>;
}

interface MetricsReports {
  readonly record: LoadFormat<MetricsRecordResult>;
  readonly summary: LoadFormat<MetricsSummaryResult, SummaryLayout>;
  readonly errors: LoadFormat<MetricsErrorsResult>;
  readonly recordLine: LoadFormat<MetricRecord>;
  readonly import: LoadFormat<MetricsImportResult>;
  readonly prune: LoadFormat<MetricsPruneResult>;
  readonly compare: LoadFormat<MetricsCompareResult>;
  readonly regress: LoadFormat<MetricsRegressResult>;
  readonly check: LoadFormat<MetricsCheckResult>;
  readonly trend: LoadFormat<MetricsTrendResult>;
}

/** The operations on the metrics log; each module is imported when it is called. */
export const metricsOperations: MetricsOperations = {
  record: async (workspace, request) =>
    (await import('../../../operations/metrics/record.ts')).recordFromFlags(workspace, request),
  summary: async (workspace, request) =>
    (await import('../../../operations/metrics/summary.ts')).summarizeMetrics(workspace, request),
  errors: async (workspace, request) =>
    (await import('../../../operations/metrics/errors.ts')).listErrors(workspace, request),
  tail: async (workspace, request) =>
    (await import('../../../operations/metrics/tail.ts')).tailMetrics(workspace, request),
  export: async (workspace, request) =>
    (await import('../../../operations/metrics/export.ts')).exportMetrics(workspace, request),
  import: async (workspace, request) =>
    (await import('../../../operations/metrics/import.ts')).importMetrics(workspace, request),
  prune: async (workspace, request) =>
    (await import('../../../operations/metrics/prune.ts')).pruneMetrics(workspace, request),
  compare: async (workspace, request) =>
    (await import('../../../operations/metrics/compare.ts')).compareMetrics(workspace, request),
  regress: async (workspace, request) =>
    (await import('../../../operations/metrics/regress.ts')).detectRegression(workspace, request),
  check: async (workspace, request) =>
    (await import('../../../operations/metrics/check.ts')).checkMetrics(workspace, request),
  trend: async (workspace, request) =>
    (await import('../../../operations/metrics/trend.ts')).readTrend(workspace, request),
};

/** Their reports. */
export const metricsReports: MetricsReports = {
  record: async () => (await import('../../../report/metrics/record.ts')).formatMetricsRecord,
  summary: async () => (await import('../../../report/metrics/summary.ts')).formatMetricsSummary,
  errors: async () => (await import('../../../report/metrics/errors.ts')).formatMetricsErrors,
  recordLine: async () => (await import('../../../report/metrics/tail.ts')).formatMetricRecord,
  import: async () => (await import('../../../report/metrics/import.ts')).formatMetricsImport,
  prune: async () => (await import('../../../report/metrics/prune.ts')).formatMetricsPrune,
  compare: async () => (await import('../../../report/metrics/compare.ts')).formatMetricsCompare,
  regress: async () => (await import('../../../report/metrics/regress.ts')).formatMetricsRegress,
  check: async () => (await import('../../../report/metrics/check.ts')).formatMetricsCheck,
  trend: async () => (await import('../../../report/metrics/trend.ts')).formatMetricsTrend,
};
