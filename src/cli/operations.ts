import type { CheckReport } from '../core/checks/report.ts';
import type { AnnotateRequest, AnnotateResult } from '../operations/annotate.ts';
import type { DecideRequest, DecideResult } from '../operations/approval/decide.ts';
import type { PendingRequest, PendingResult } from '../operations/approval/pending.ts';
import type { ApprovalStatusRequest, ApprovalStatusResult } from '../operations/approval/status.ts';
import type { ApprovalResult, SubmitRequest } from '../operations/approval/submit.ts';
import type { AuditRequest, AuditResult } from '../operations/audit.ts';
import type { BenchRequest, BenchResult } from '../operations/bench.ts';
import type { BundleRequest, BundleResult } from '../operations/bundle.ts';
import type { ConfigShowResult } from '../operations/config-show.ts';
import type { Decided } from '../operations/decide-state.ts';
import type { Followed, FollowOptions, TellOptions, Told } from '../operations/delivery/follow-up.ts';
import type { WatchPass, WatchRequest } from '../operations/delivery/watch.ts';
import type { DiffRequest, DiffResult } from '../operations/diff.ts';
import type { DoctorRequest, DoctorResult } from '../operations/doctor.ts';
import type { EnvDiffRequest, EnvDiffResult } from '../operations/env/diff.ts';
import type { EnvHistoryRequest, EnvHistoryResult } from '../operations/env/history.ts';
import type { EnvListResult } from '../operations/env/list.ts';
import type { EnvReportRequest, EnvReportResult } from '../operations/env/report.ts';
import type { EnvShowRequest, EnvShowResult } from '../operations/env/show.ts';
import type { ExportRequest, ExportResult } from '../operations/export.ts';
import type { GetRequest, GetResult } from '../operations/get.ts';
import type { HooksRequest, HooksResult, InstallHooksRequest } from '../operations/hooks/install.ts';
import type { PostCommitResult } from '../operations/hooks/run.ts';
import type { InitRequest, InitResult } from '../operations/init.ts';
import type { LintRequest, LintResult } from '../operations/lint.ts';
import type { ListRequest, ListResult } from '../operations/list.ts';
import type { LogRequest, LogResult } from '../operations/log.ts';
import type { MetricsCheckRequest, MetricsCheckResult } from '../operations/metrics/check.ts';
import type { MetricsCompareRequest, MetricsCompareResult } from '../operations/metrics/compare.ts';
import type { MetricsRegressRequest, MetricsRegressResult } from '../operations/metrics/regress.ts';
import type { MetricsTrendRequest, MetricsTrendResult } from '../operations/metrics/trend.ts';
import type { NewPromptRequest, NewPromptResult } from '../operations/new-prompt.ts';
import type { PromoteRequest, PromoteResult } from '../operations/promote.ts';
import type { RenameRequest, RenameResult } from '../operations/rename.ts';
import type { RenderRequest, RenderResult } from '../operations/render.ts';
import type { RestoreRequest, RestoreResult } from '../operations/restore.ts';
import type { RollbackRequest, RollbackResult } from '../operations/rollback.ts';
import type { RollbackHistoryRequest, RollbackHistoryResult } from '../operations/rollback-history.ts';
import type { SaveRequest, SaveResult } from '../operations/save.ts';
import type { ShowRequest, ShowResult } from '../operations/show.ts';
import type { StatsRequest, StatsResult } from '../operations/stats.ts';
import type { StatusRequest, StatusResult } from '../operations/status.ts';
import type { SyncRequest, SyncResult } from '../operations/sync.ts';
import type { TestRequest, TestResult } from '../operations/test.ts';
import type { UnsaveRequest, UnsaveResult } from '../operations/unsave.ts';
import type { VerifyRequest, VerifyResult } from '../operations/verify.ts';
import type { Workspace } from '../operations/workspace.ts';
import type { ReporterName } from '../report/checks/reporters.ts';
import type { Display } from '../report/display.ts';

/** What the command line knows when it opens a workspace; `config` is as typed, `debug` takes one line. */
export interface WorkspaceOptions {
  readonly cwd: string;
  readonly config?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly debug?: (line: string) => void;
  /** Called when another promptv holds the lock of the clone. */
  readonly onWait: (message: string) => void;
}

/** An operation as a command calls it. */
export type Run<Request, Result> = (workspace: Workspace, request: Request) => Promise<Result>;

/** As `Run`, for an operation that can do without a repository: then the workspace is null. */
export type RunAnywhere<Request, Result> = (workspace: Workspace | null, request: Request) => Promise<Result>;

/** A report as a command calls it: the result's text for a person. */
export type Format<Result, Options = undefined> = (
  result: Result,
  display: Display,
  options?: Options,
) => string;

/** How the report of `diff` is laid out. */
export interface DiffLayout {
  readonly format?: 'text' | 'markdown';
  readonly stat?: boolean;
  readonly word?: boolean;
  readonly sideBySide?: boolean;
}

/** How the report of `log` is laid out. */
interface LogLayout {
  /** False when a range or a limit left versions out. */
  readonly complete: boolean;
}

/** How the report of `list` is laid out. */
interface ListLayout {
  /** True when a filter left prompts out. */
  readonly filtered: boolean;
}

/** How the report of `render` is laid out. */
export interface RenderLayout {
  readonly format: 'text' | 'messages';
}

interface Operations {
  readonly init: Run<InitRequest, InitResult>;
  readonly newPrompt: Run<NewPromptRequest, NewPromptResult>;
  readonly save: Run<SaveRequest, SaveResult>;
  readonly unsave: Run<UnsaveRequest, UnsaveResult>;
  readonly rename: Run<RenameRequest, RenameResult>;
  readonly sync: Run<SyncRequest, SyncResult>;
  readonly status: Run<StatusRequest, StatusResult>;
  readonly list: Run<ListRequest, ListResult>;
  readonly log: Run<LogRequest, LogResult>;
  readonly show: Run<ShowRequest, ShowResult>;
  readonly diff: Run<DiffRequest, DiffResult>;
  readonly restore: Run<RestoreRequest, RestoreResult>;
  readonly render: Run<RenderRequest, RenderResult>;
  readonly lint: Run<LintRequest, LintResult>;
  readonly installHooks: Run<InstallHooksRequest, HooksResult>;
  readonly uninstallHooks: Run<HooksRequest, HooksResult>;
  readonly hooksStatus: Run<object, HooksResult>;
  readonly versionCommit: Run<object, PostCommitResult>;
  readonly submitApproval: Run<SubmitRequest & TellOptions, Decided<ApprovalResult> & Told>;
  readonly decideApproval: Run<DecideRequest, Decided<DecideResult>>;
  readonly approvalStatus: Run<ApprovalStatusRequest, ApprovalStatusResult>;
  readonly pendingApprovals: Run<PendingRequest & TellOptions, PendingResult & Told>;
  readonly annotate: Run<AnnotateRequest, Decided<AnnotateResult>>;
  readonly audit: Run<AuditRequest, AuditResult>;
  readonly promote: Run<PromoteRequest & FollowOptions, Decided<PromoteResult> & Followed>;
  readonly rollback: Run<RollbackRequest & FollowOptions, Decided<RollbackResult> & Followed>;
  readonly watch: Run<WatchRequest, { readonly hasAlerts: boolean }>;
  readonly rollbackHistory: Run<RollbackHistoryRequest, RollbackHistoryResult>;
  readonly get: Run<GetRequest, GetResult>;
  readonly bundle: Run<BundleRequest, BundleResult>;
  readonly exportFlags: Run<ExportRequest, ExportResult>;
  readonly test: Run<TestRequest, TestResult>;
  readonly bench: Run<BenchRequest, BenchResult>;
  readonly doctor: Run<DoctorRequest, DoctorResult>;
  readonly envList: Run<object, EnvListResult>;
  readonly envShow: Run<EnvShowRequest, EnvShowResult>;
  readonly envHistory: Run<EnvHistoryRequest, EnvHistoryResult>;
  readonly envDiff: Run<EnvDiffRequest, EnvDiffResult>;
  readonly envReport: Run<EnvReportRequest, EnvReportResult>;
  readonly metricsCompare: Run<MetricsCompareRequest, MetricsCompareResult>;
  readonly metricsRegress: Run<MetricsRegressRequest, MetricsRegressResult>;
  readonly metricsCheck: Run<MetricsCheckRequest, MetricsCheckResult>;
  readonly metricsTrend: Run<MetricsTrendRequest, MetricsTrendResult>;
  readonly showConfig: Run<object, ConfigShowResult>;
}

/** Gives the report's function when it is needed, so that `--json` loads no table. */
export type LoadFormat<Result, Options = undefined> = () => Promise<Format<Result, Options>>;

interface Reports {
  readonly init: LoadFormat<InitResult>;
  readonly newPrompt: LoadFormat<NewPromptResult>;
  readonly save: LoadFormat<SaveResult>;
  readonly unsave: LoadFormat<UnsaveResult>;
  readonly rename: LoadFormat<RenameResult>;
  readonly sync: LoadFormat<SyncResult>;
  readonly status: LoadFormat<StatusResult>;
  readonly list: LoadFormat<ListResult, ListLayout>;
  readonly log: LoadFormat<LogResult, LogLayout>;
  readonly changelog: LoadFormat<LogResult>;
  readonly show: LoadFormat<ShowResult>;
  readonly diff: LoadFormat<DiffResult, DiffLayout>;
  readonly restore: LoadFormat<RestoreResult>;
  readonly render: LoadFormat<RenderResult, RenderLayout>;
  readonly hooks: LoadFormat<HooksResult>;
  readonly postCommit: LoadFormat<PostCommitResult>;
  readonly checkReport: LoadFormat<CheckReport, ReporterName>;
  readonly checkSummary: LoadFormat<CheckReport>;
  readonly submitApproval: LoadFormat<Decided<ApprovalResult>>;
  readonly decideApproval: LoadFormat<Decided<DecideResult>>;
  readonly approvalStatus: LoadFormat<ApprovalStatusResult>;
  readonly pendingApprovals: LoadFormat<PendingResult>;
  readonly annotate: LoadFormat<Decided<AnnotateResult>>;
  readonly audit: LoadFormat<AuditResult>;
  readonly auditCsv: LoadFormat<AuditResult>;
  readonly promote: LoadFormat<Decided<PromoteResult> & Followed>;
  readonly rollback: LoadFormat<Decided<RollbackResult> & Followed>;
  readonly watchPass: LoadFormat<WatchPass>;
  readonly rollbackHistory: LoadFormat<RollbackHistoryResult>;
  readonly get: LoadFormat<GetResult>;
  readonly bundle: LoadFormat<BundleResult>;
  readonly exportFlags: LoadFormat<ExportResult>;
  readonly verify: LoadFormat<VerifyResult>;
  readonly testTables: LoadFormat<TestResult>;
  readonly bench: LoadFormat<BenchResult>;
  readonly doctor: LoadFormat<DoctorResult>;
  readonly envList: LoadFormat<EnvListResult>;
  readonly envShow: LoadFormat<EnvShowResult>;
  readonly envHistory: LoadFormat<EnvHistoryResult>;
  readonly envDiff: LoadFormat<EnvDiffResult>;
  readonly envReport: LoadFormat<EnvReportResult>;
  readonly metricsCompare: LoadFormat<MetricsCompareResult>;
  readonly metricsRegress: LoadFormat<MetricsRegressResult>;
  readonly metricsCheck: LoadFormat<MetricsCheckResult>;
  readonly metricsTrend: LoadFormat<MetricsTrendResult>;
  readonly showConfig: LoadFormat<ConfigShowResult>;
}

/** Opens the workspace that a command works in. */
export const openWorkspace = async ({ debug, onWait, ...options }: WorkspaceOptions): Promise<Workspace> => {
  const { openWorkspace: open } = await import('../operations/workspace.ts');
  return open({
    ...options,
    ...(debug ? { onGit: (args) => debug(`git ${args.join(' ')}`) } : {}),
    onWait: ({ pid, host }) => onWait(`waiting for another promptv (process ${pid} on ${host})`),
  });
};

/** The names of the prompts on disk, without asking git, for the completion of a shell. */
export const listPromptNames = async ({ root, config }: Workspace): Promise<readonly string[]> => {
  const { listPromptFiles } = await import('../store/prompt-files.ts');
  const { files } = await listPromptFiles(root, config.prompts);
  return files.map(({ name }) => name);
};

/** The ids of the experiments, for the completion of a shell. */
export const listExperimentIds = async (workspace: Workspace): Promise<readonly string[]> => {
  const { readExperimentIds } = await import('../operations/experiments.ts');
  return readExperimentIds(workspace);
};

/** Every operation; its module is imported when it is called. */
export const operations: Operations = {
  init: async (workspace, request) => (await import('../operations/init.ts')).init(workspace, request),
  newPrompt: async (workspace, request) =>
    (await import('../operations/new-prompt.ts')).newPrompt(workspace, request),
  save: async (workspace, request) => (await import('../operations/save.ts')).save(workspace, request),
  unsave: async (workspace, request) => (await import('../operations/unsave.ts')).unsave(workspace, request),
  rename: async (workspace, request) => (await import('../operations/rename.ts')).rename(workspace, request),
  sync: async (workspace, request) => (await import('../operations/sync.ts')).sync(workspace, request),
  status: async (workspace, request) => (await import('../operations/status.ts')).status(workspace, request),
  list: async (workspace, request) => (await import('../operations/list.ts')).list(workspace, request),
  log: async (workspace, request) => (await import('../operations/log.ts')).log(workspace, request),
  show: async (workspace, request) => (await import('../operations/show.ts')).show(workspace, request),
  diff: async (workspace, request) => (await import('../operations/diff.ts')).diff(workspace, request),
  restore: async (workspace, request) =>
    (await import('../operations/restore.ts')).restore(workspace, request),
  render: async (workspace, request) => (await import('../operations/render.ts')).render(workspace, request),
  installHooks: async (workspace, request) =>
    (await import('../operations/hooks/install.ts')).installHooks(workspace, request),
  uninstallHooks: async (workspace, request) =>
    (await import('../operations/hooks/install.ts')).uninstallHooks(workspace, request),
  hooksStatus: async (workspace) => (await import('../operations/hooks/install.ts')).hooksStatus(workspace),
  versionCommit: async (workspace) => (await import('../operations/hooks/run.ts')).versionCommit(workspace),
  lint: async (workspace, request) => (await import('../operations/lint.ts')).lint(workspace, request),
  submitApproval: async (workspace, request) =>
    (await import('../operations/approval/tell.ts')).submitAndTell(workspace, request),
  decideApproval: async (workspace, request) =>
    (await import('../operations/approval/decide.ts')).decideApproval(workspace, request),
  approvalStatus: async (workspace, request) =>
    (await import('../operations/approval/status.ts')).approvalStatus(workspace, request),
  pendingApprovals: async (workspace, request) =>
    (await import('../operations/approval/tell.ts')).pendingAndTell(workspace, request),
  annotate: async (workspace, request) =>
    (await import('../operations/annotate.ts')).annotate(workspace, request),
  audit: async (workspace, request) => (await import('../operations/audit.ts')).audit(workspace, request),
  promote: async (workspace, request) =>
    (await import('../operations/delivery/follow-up.ts')).promoteAndFollow(workspace, request),
  rollback: async (workspace, request) =>
    (await import('../operations/delivery/follow-up.ts')).rollbackAndFollow(workspace, request),
  watch: async (workspace, request) =>
    (await import('../operations/delivery/watch.ts')).watchEnvironment(workspace, request),
  rollbackHistory: async (workspace, request) =>
    (await import('../operations/rollback-history.ts')).rollbackHistory(workspace, request),
  get: async (workspace, request) => (await import('../operations/get.ts')).get(workspace, request),
  exportFlags: async (workspace, request) =>
    (await import('../operations/export.ts')).exportFlags(workspace, request),
  bundle: async (workspace, request) => (await import('../operations/bundle.ts')).bundle(workspace, request),
  test: async (workspace, request) => (await import('../operations/test.ts')).test(workspace, request),
  bench: async (workspace, request) => (await import('../operations/bench.ts')).bench(workspace, request),
  doctor: async (workspace, request) => (await import('../operations/doctor.ts')).doctor(workspace, request),
  envList: async (workspace, request) =>
    (await import('../operations/env/list.ts')).listEnvironments(workspace, request),
  envShow: async (workspace, request) =>
    (await import('../operations/env/show.ts')).showEnvironment(workspace, request),
  envHistory: async (workspace, request) =>
    (await import('../operations/env/history.ts')).readHistory(workspace, request),
  envDiff: async (workspace, request) =>
    (await import('../operations/env/diff.ts')).diffEnvironments(workspace, request),
  envReport: async (workspace, request) =>
    (await import('../operations/env/report.ts')).reportEnvironments(workspace, request),
  metricsCompare: async (workspace, request) =>
    (await import('../operations/metrics/compare.ts')).compareMetrics(workspace, request),
  metricsRegress: async (workspace, request) =>
    (await import('../operations/metrics/regress.ts')).detectRegression(workspace, request),
  metricsCheck: async (workspace, request) =>
    (await import('../operations/metrics/check.ts')).checkMetrics(workspace, request),
  metricsTrend: async (workspace, request) =>
    (await import('../operations/metrics/trend.ts')).readTrend(workspace, request),
  showConfig: async (workspace) => (await import('../operations/config-show.ts')).showConfig(workspace),
};

/** `get --bundle FILE`: neither a repository nor git is needed. */
export const getFromBundle = async (path: string, request: GetRequest): Promise<GetResult> =>
  (await import('../operations/get.ts')).getFromBundle(path, request);

/** `verify`: in a repository against git, elsewhere without a workspace. */
export const verify = async (workspace: Workspace | null, request: VerifyRequest): Promise<VerifyResult> =>
  (await import('../operations/verify.ts')).verify(workspace, request);

/** `stats`: neither a repository nor git is needed. */
export const runStats = async (request: StatsRequest): Promise<StatsResult> =>
  (await import('../operations/stats.ts')).runStats(request);

/** Every report; its module is imported when it is asked for. */
export const reports: Reports = {
  init: async () => (await import('../report/init.ts')).formatInit,
  newPrompt: async () => (await import('../report/new-prompt.ts')).formatNewPrompt,
  save: async () => (await import('../report/save.ts')).formatSave,
  unsave: async () => (await import('../report/unsave.ts')).formatUnsave,
  rename: async () => (await import('../report/rename.ts')).formatRename,
  sync: async () => (await import('../report/sync.ts')).formatSync,
  status: async () => (await import('../report/status.ts')).formatStatus,
  list: async () => (await import('../report/list.ts')).formatList,
  log: async () => (await import('../report/log.ts')).formatLog,
  changelog: async () => (await import('../report/log.ts')).formatChangelog,
  show: async () => (await import('../report/show.ts')).formatShow,
  diff: async () => {
    const { formatDiff } = await import('../report/diff.ts');
    const { formatDiffMarkdown } = await import('../report/diff-markdown.ts');
    return (result, display, layout) =>
      layout?.format === 'markdown' ? formatDiffMarkdown(result) : formatDiff(result, display, layout);
  },
  restore: async () => (await import('../report/restore.ts')).formatRestore,
  render: async () => (await import('../report/render.ts')).formatRender,
  hooks: async () => (await import('../report/hooks.ts')).formatHooks,
  postCommit: async () => (await import('../report/hooks.ts')).formatPostCommit,
  checkReport: async () => (await import('../report/checks/reporters.ts')).formatCheckReport,
  checkSummary: async () => (await import('../report/checks/pretty.ts')).formatCheckSummary,
  submitApproval: async () => (await import('../report/approval/change.ts')).formatSubmit,
  decideApproval: async () => (await import('../report/approval/change.ts')).formatDecide,
  approvalStatus: async () => (await import('../report/approval/status.ts')).formatApprovalStatus,
  pendingApprovals: async () => (await import('../report/approval/pending.ts')).formatPending,
  annotate: async () => (await import('../report/annotate.ts')).formatAnnotate,
  audit: async () => (await import('../report/audit.ts')).formatAudit,
  auditCsv: async () => (await import('../report/audit.ts')).formatAuditCsv,
  promote: async () => (await import('../report/promote.ts')).formatPromote,
  rollback: async () => (await import('../report/rollback.ts')).formatRollback,
  watchPass: async () => (await import('../report/delivery/watch.ts')).formatWatchPass,
  rollbackHistory: async () => (await import('../report/rollback.ts')).formatRollbackHistory,
  get: async () => (await import('../report/render.ts')).formatRender,
  exportFlags: async () => (await import('../report/export.ts')).formatExport,
  bundle: async () => (await import('../report/bundle.ts')).formatBundleResult,
  verify: async () => (await import('../report/verify.ts')).formatVerify,
  testTables: async () => (await import('../report/test.ts')).formatTestTables,
  bench: async () => (await import('../report/bench.ts')).formatBench,
  doctor: async () => (await import('../report/doctor.ts')).formatDoctor,
  envList: async () => (await import('../report/env/list.ts')).formatEnvList,
  envShow: async () => (await import('../report/env/show.ts')).formatEnvShow,
  envHistory: async () => (await import('../report/env/history.ts')).formatEnvHistory,
  envDiff: async () => (await import('../report/env/diff.ts')).formatEnvDiff,
  envReport: async () => (await import('../report/env/report.ts')).formatEnvReport,
  metricsCompare: async () => (await import('../report/metrics/compare.ts')).formatMetricsCompare,
  metricsRegress: async () => (await import('../report/metrics/regress.ts')).formatMetricsRegress,
  metricsCheck: async () => (await import('../report/metrics/check.ts')).formatMetricsCheck,
  metricsTrend: async () => (await import('../report/metrics/trend.ts')).formatMetricsTrend,
  showConfig: async () => (await import('../report/config-show.ts')).formatConfigShow,
};
