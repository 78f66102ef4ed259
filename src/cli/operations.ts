import type { AnnotateRequest, AnnotateResult } from '../operations/annotate.ts';
import type { AuditRequest, AuditResult } from '../operations/audit.ts';
import type { BenchRequest, BenchResult } from '../operations/bench.ts';
import type { BundleRequest, BundleResult } from '../operations/bundle.ts';
import type { ConfigShowResult } from '../operations/config-show.ts';
import type { Decided } from '../operations/decide-state.ts';
import type { Followed, FollowOptions } from '../operations/delivery/follow-up.ts';
import type { WatchRequest } from '../operations/delivery/watch.ts';
import type { DiffRequest, DiffResult } from '../operations/diff.ts';
import type { DoctorRequest, DoctorResult } from '../operations/doctor.ts';
import type { ExportRequest, ExportResult } from '../operations/export.ts';
import type { GetRequest, GetResult } from '../operations/get.ts';
import type { HooksRequest, HooksResult, InstallHooksRequest } from '../operations/hooks/install.ts';
import type { PostCommitResult } from '../operations/hooks/run.ts';
import type { InitRequest, InitResult } from '../operations/init.ts';
import type { LintRequest, LintResult } from '../operations/lint.ts';
import type { ListRequest, ListResult } from '../operations/list.ts';
import type { LogRequest, LogResult } from '../operations/log.ts';
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

/** What the command line knows when it opens a workspace; `config` is as typed, `debug` takes one line. */
export interface WorkspaceOptions {
  readonly cwd: string;
  readonly config?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly debug?: (line: string) => void;
  /** Called when another promptv holds the lock of the clone. */
  readonly onWait: (message: string) => void;
  /** With this a configuration that is not valid gives way to the one last committed. */
  readonly onCommittedConfig?: (path: string) => void;
}

/** An operation as a command calls it. */
export type Run<Request, Result> = (workspace: Workspace, request: Request) => Promise<Result>;

/** As `Run`, for an operation that can do without a repository: then the workspace is null. */
export type RunAnywhere<Request, Result> = (workspace: Workspace | null, request: Request) => Promise<Result>;

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
  readonly showConfig: Run<object, ConfigShowResult>;
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

/** What can stand behind `NAME@`, the highest version first, for the completion of a shell. */
export const listSelectors = async (workspace: Workspace, prompt: string): Promise<readonly string[]> => {
  const { promptNameFrom } = await import('../operations/workspace.ts');
  const { Versions } = await import('../operations/versions.ts');
  const refs = await new Versions(workspace).refsOf(promptNameFrom(workspace, prompt));
  const environments = workspace.config.environments.map(({ name }) => name);
  return [...refs.map(({ version }) => version), 'latest', 'next', 'working', ...environments];
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
