export { type AssignedExperiment, assign } from './core/experiment/assign.ts';
export type { Experiment } from './core/experiment/definition.ts';
export type { Change } from './core/impact/change.ts';
export type { Impact } from './core/impact/grade.ts';
export type { PromptDocument, PromptMessage, PromptVariable } from './core/prompt/document.ts';
export { isPromptvError, PromptvError } from './errors.ts';
export {
  type AbtestAssignRequest,
  type AbtestAssignResult,
  assignUnit,
} from './operations/abtest/assign.ts';
export {
  type AbtestCreateRequest,
  type AbtestCreateResult,
  createExperiment,
} from './operations/abtest/create.ts';
export {
  type AbtestListRequest,
  type AbtestListResult,
  listExperiments,
} from './operations/abtest/list.ts';
export {
  type AbtestResultsRequest,
  type AbtestResultsResult,
  readResults,
} from './operations/abtest/results.ts';
export {
  type AbtestSampleSizeRequest,
  type AbtestSampleSizeResult,
  computeSampleSize,
} from './operations/abtest/sample-size.ts';
export { type AbtestShowRequest, type AbtestShowResult, showExperiment } from './operations/abtest/show.ts';
export {
  type AbtestSimulateRequest,
  type AbtestSimulateResult,
  simulateAbtest,
} from './operations/abtest/simulate.ts';
export {
  type AbtestStartRequest,
  type AbtestStartResult,
  startExperiment,
} from './operations/abtest/start.ts';
export { type AbtestStopRequest, type AbtestStopResult, stopExperiment } from './operations/abtest/stop.ts';
export { type AbtestTickRequest, type AbtestTickResult, tickExperiments } from './operations/abtest/tick.ts';
export { type AbtestWatchRequest, watchResults } from './operations/abtest/watch.ts';
export { type AnnotateRequest, type AnnotateResult, annotate } from './operations/annotate.ts';
export { type DecideRequest, type DecideResult, decideApproval } from './operations/approval/decide.ts';
export { type PendingRequest, type PendingResult, pendingApprovals } from './operations/approval/pending.ts';
export {
  type ApprovalStatusRequest,
  type ApprovalStatusResult,
  approvalStatus,
} from './operations/approval/status.ts';
export { type ApprovalResult, type SubmitRequest, submitApproval } from './operations/approval/submit.ts';
export { type AuditRequest, type AuditResult, audit } from './operations/audit.ts';
export { type BenchRequest, type BenchResult, bench } from './operations/bench.ts';
export { type BundleRequest, type BundleResult, bundle } from './operations/bundle.ts';
export { showConfig } from './operations/config-show.ts';
export {
  type Followed,
  type FollowOptions,
  promoteAndFollow,
  rollbackAndFollow,
} from './operations/delivery/follow-up.ts';
export { type WatchPass, type WatchPassRequest, watchOnce } from './operations/delivery/watch.ts';
export { type WithRollbackRequest, withRollback } from './operations/delivery/with-rollback.ts';
export { type DiffRequest, type DiffResult, diff } from './operations/diff.ts';
export { type DoctorRequest, type DoctorResult, doctor } from './operations/doctor.ts';
export { diffEnvironments, type EnvDiffRequest, type EnvDiffResult } from './operations/env/diff.ts';
export { type EnvHistoryRequest, type EnvHistoryResult, readHistory } from './operations/env/history.ts';
export { type EnvListRequest, type EnvListResult, listEnvironments } from './operations/env/list.ts';
export { type EnvReportRequest, type EnvReportResult, reportEnvironments } from './operations/env/report.ts';
export { type EnvShowRequest, type EnvShowResult, showEnvironment } from './operations/env/show.ts';
export { type ExportRequest, type ExportResult, exportFlags } from './operations/export.ts';
export { type GetRequest, type GetResult, get } from './operations/get.ts';
export { type InitRequest, type InitResult, init } from './operations/init.ts';
export { type LintRequest, type LintResult, lint } from './operations/lint.ts';
export { type ListRequest, type ListResult, list } from './operations/list.ts';
export { type LogRequest, type LogResult, log } from './operations/log.ts';
export {
  checkMetrics,
  type MetricsCheckRequest,
  type MetricsCheckResult,
} from './operations/metrics/check.ts';
export {
  compareMetrics,
  type MetricsCompareRequest,
  type MetricsCompareResult,
} from './operations/metrics/compare.ts';
export { listErrors, type MetricsErrorsResult } from './operations/metrics/errors.ts';
export { exportMetrics, type MetricsExportRequest } from './operations/metrics/export.ts';
export {
  importMetrics,
  type MetricsImportRequest,
  type MetricsImportResult,
} from './operations/metrics/import.ts';
export {
  type MetricsPruneRequest,
  type MetricsPruneResult,
  pruneMetrics,
} from './operations/metrics/prune.ts';
export {
  type MetricsRecordResult,
  type NewMetricRecord,
  recordMetrics,
} from './operations/metrics/record.ts';
export {
  detectRegression,
  type MetricsRegressRequest,
  type MetricsRegressResult,
} from './operations/metrics/regress.ts';
export {
  type MetricsSummaryRequest,
  type MetricsSummaryResult,
  summarizeMetrics,
} from './operations/metrics/summary.ts';
export { type MetricsTailRequest, tailMetrics } from './operations/metrics/tail.ts';
export { type TrackedRun, type TrackOptions, trackRun } from './operations/metrics/track-run.ts';
export { type MetricsTrendRequest, type MetricsTrendResult, readTrend } from './operations/metrics/trend.ts';
export { type NewPromptRequest, type NewPromptResult, newPrompt } from './operations/new-prompt.ts';
export { type PromoteRequest, type PromoteResult, promote } from './operations/promote.ts';
export { type RenameRequest, type RenameResult, rename } from './operations/rename.ts';
export { type RenderRequest, type RenderResult, render } from './operations/render.ts';
export { type RestoreRequest, type RestoreResult, restore } from './operations/restore.ts';
export { type RollbackRequest, type RollbackResult, rollback } from './operations/rollback.ts';
export {
  type RollbackHistoryRequest,
  type RollbackHistoryResult,
  rollbackHistory,
} from './operations/rollback-history.ts';
export {
  applyRolloutVerb,
  type RolloutChangeRequest,
  type RolloutChangeResult,
} from './operations/rollout/change.ts';
export {
  type RolloutHistoryRequest,
  type RolloutHistoryResult,
  rolloutHistory,
} from './operations/rollout/history.ts';
export { listRollouts, type RolloutListRequest, type RolloutListResult } from './operations/rollout/list.ts';
export { type RolloutRunEnd, type RolloutRunRequest, runRollout } from './operations/rollout/run.ts';
export {
  type RolloutStatusRequest,
  type RolloutStatusResult,
  rolloutStatus,
} from './operations/rollout/status.ts';
export {
  type RolloutTickRequest,
  type RolloutTickResult,
  tickRollouts,
} from './operations/rollout/tick.ts';
export { type SaveRequest, type SaveResult, save } from './operations/save.ts';
export { type ShowRequest, type ShowResult, show } from './operations/show.ts';
export { type StatusRequest, type StatusResult, status } from './operations/status.ts';
export { type SyncRequest, type SyncResult, sync } from './operations/sync.ts';
export { type TestRequest, type TestResult, test } from './operations/test.ts';
export { type UnsaveRequest, type UnsaveResult, unsave } from './operations/unsave.ts';
export { type VerifyRequest, type VerifyResult, verify } from './operations/verify.ts';
export { type OpenOptions, openWorkspace, type Workspace } from './operations/workspace.ts';
