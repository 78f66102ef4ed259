import type { ConfigShowResult } from '../operations/config-show.ts';
import type { DiffRequest, DiffResult } from '../operations/diff.ts';
import type { DoctorRequest, DoctorResult } from '../operations/doctor.ts';
import type { InitRequest, InitResult } from '../operations/init.ts';
import type { ListRequest, ListResult } from '../operations/list.ts';
import type { LogRequest, LogResult } from '../operations/log.ts';
import type { NewPromptRequest, NewPromptResult } from '../operations/new-prompt.ts';
import type { RenameRequest, RenameResult } from '../operations/rename.ts';
import type { RenderRequest, RenderResult } from '../operations/render.ts';
import type { RestoreRequest, RestoreResult } from '../operations/restore.ts';
import type { SaveRequest, SaveResult } from '../operations/save.ts';
import type { ShowRequest, ShowResult } from '../operations/show.ts';
import type { StatusRequest, StatusResult } from '../operations/status.ts';
import type { SyncRequest, SyncResult } from '../operations/sync.ts';
import type { UnsaveRequest, UnsaveResult } from '../operations/unsave.ts';
import type { Display } from './context.ts';

/** An opened workspace, handed on to an operation unread. */
export type Workspace = object;

/** What the command line knows when it opens a workspace; `config` is as typed, `debug` takes one line. */
export interface WorkspaceOptions {
  readonly cwd: string;
  readonly config?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly debug?: (line: string) => void;
  /** Aborted by Ctrl-C: from then on nothing more should be started. */
  readonly signal: AbortSignal;
}

/** An operation as a command calls it. */
export type Run<Request, Result> = (workspace: Workspace, request: Request) => Promise<Result>;

/** A report as a command calls it: the result's text for a person. */
export type Format<Result, Options = undefined> = (
  result: Result,
  display: Display,
  options?: Options,
) => string;

/** How the report of `diff` is laid out. */
export interface DiffLayout {
  readonly stat?: boolean;
  readonly word?: boolean;
  readonly sideBySide?: boolean;
}

/** How the report of `log` is laid out. */
export interface LogLayout {
  readonly format: 'table' | 'markdown';
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
  readonly doctor: Run<DoctorRequest, DoctorResult>;
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
  readonly list: LoadFormat<ListResult>;
  readonly log: LoadFormat<LogResult, LogLayout>;
  readonly show: LoadFormat<ShowResult>;
  readonly diff: LoadFormat<DiffResult, DiffLayout>;
  readonly restore: LoadFormat<RestoreResult>;
  readonly render: LoadFormat<RenderResult, RenderLayout>;
  readonly doctor: LoadFormat<DoctorResult>;
  readonly showConfig: LoadFormat<ConfigShowResult>;
}

const notWired = async (): Promise<never> => {
  throw new Error('not wired');
};

/** Opens the workspace that a command works in. */
export const openWorkspace: (options: WorkspaceOptions) => Promise<Workspace> = notWired;

/** The names of the prompts on disk, without asking git, for the completion of a shell. */
export const listPromptNames: (workspace: Workspace) => Promise<readonly string[]> = notWired;

/** Every operation; its module is imported when it is called. */
export const operations: Operations = {
  init: notWired,
  newPrompt: notWired,
  save: notWired,
  unsave: notWired,
  rename: notWired,
  sync: notWired,
  status: notWired,
  list: notWired,
  log: notWired,
  show: notWired,
  diff: notWired,
  restore: notWired,
  render: notWired,
  doctor: notWired,
  showConfig: notWired,
};

/** Every report; its module is imported when it is asked for. */
export const reports: Reports = {
  init: notWired,
  newPrompt: notWired,
  save: notWired,
  unsave: notWired,
  rename: notWired,
  sync: notWired,
  status: notWired,
  list: notWired,
  log: notWired,
  show: notWired,
  diff: notWired,
  restore: notWired,
  render: notWired,
  doctor: notWired,
  showConfig: notWired,
};
