import type { CheckReport } from '../core/checks/report.ts';
import type { AnnotateResult } from '../operations/annotate.ts';
import type { AuditResult } from '../operations/audit.ts';
import type { BenchResult } from '../operations/bench.ts';
import type { BundleResult } from '../operations/bundle.ts';
import type { ConfigShowResult } from '../operations/config-show.ts';
import type { Decided } from '../operations/decide-state.ts';
import type { Followed } from '../operations/delivery/follow-up.ts';
import type { WatchPass } from '../operations/delivery/watch.ts';
import type { DiffResult } from '../operations/diff.ts';
import type { DoctorResult } from '../operations/doctor.ts';
import type { ExportResult } from '../operations/export.ts';
import type { GetResult } from '../operations/get.ts';
import type { HooksResult } from '../operations/hooks/install.ts';
import type { PostCommitResult } from '../operations/hooks/run.ts';
import type { InitResult } from '../operations/init.ts';
import type { ListResult } from '../operations/list.ts';
import type { LogResult } from '../operations/log.ts';
import type { NewPromptResult } from '../operations/new-prompt.ts';
import type { PromoteResult } from '../operations/promote.ts';
import type { RenameResult } from '../operations/rename.ts';
import type { RenderResult } from '../operations/render.ts';
import type { RestoreResult } from '../operations/restore.ts';
import type { RollbackResult } from '../operations/rollback.ts';
import type { RollbackHistoryResult } from '../operations/rollback-history.ts';
import type { SaveResult } from '../operations/save.ts';
import type { ShowResult } from '../operations/show.ts';
import type { StatusResult } from '../operations/status.ts';
import type { SyncResult } from '../operations/sync.ts';
import type { TestResult } from '../operations/test.ts';
import type { UnsaveResult } from '../operations/unsave.ts';
import type { VerifyResult } from '../operations/verify.ts';
import type { ReporterName } from '../report/checks/reporters.ts';
import type { Display } from '../report/display.ts';

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
  readonly annotate: LoadFormat<Decided<AnnotateResult>>;
  readonly audit: LoadFormat<AuditResult>;
  readonly auditCsv: LoadFormat<AuditResult>;
  readonly promote: LoadFormat<Decided<PromoteResult> & Followed>;
  readonly rollback: LoadFormat<Decided<RollbackResult> & Followed>;
  readonly watchPass: LoadFormat<WatchPass, { readonly before: WatchPass | null }>;
  readonly rollbackHistory: LoadFormat<RollbackHistoryResult>;
  readonly get: LoadFormat<GetResult>;
  readonly bundle: LoadFormat<BundleResult>;
  readonly exportFlags: LoadFormat<ExportResult>;
  readonly verify: LoadFormat<VerifyResult>;
  readonly testTables: LoadFormat<TestResult>;
  readonly bench: LoadFormat<BenchResult>;
  readonly doctor: LoadFormat<DoctorResult>;
  readonly showConfig: LoadFormat<ConfigShowResult>;
}

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
  showConfig: async () => (await import('../report/config-show.ts')).formatConfigShow,
};
