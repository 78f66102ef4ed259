import { isPromptvError } from '../errors.ts';
import type { Warning } from '../operations/types.ts';
import type { Workspace } from '../operations/workspace.ts';
import { type Context, displayOf } from './context.ts';
import type { Run } from './operations.ts';
import { paintFor } from './paint.ts';
import { type ReportProgress, withProgress } from './progress.ts';
import type { LoadFormat } from './reports.ts';
import { formatJson, sanitizeMessage } from './text.ts';

/** Opens the workspace and runs an operation there, showing its progress on a terminal. */
export const perform = async <Request extends object, Result>(
  context: Context,
  run: Run<Request & { readonly onProgress?: ReportProgress }, Result>,
  request: Request,
  how: { readonly isEmergency?: boolean } = {},
): Promise<Result> => {
  const workspace = await context.openWorkspace(how);
  try {
    return await withProgress(context, (onProgress) => run(workspace, { ...request, onProgress }));
  } finally {
    await workspace.close();
  }
};

/** As `perform`, for an operation that also works where there is no repository or no git: then without a workspace. */
export const performAnywhere = async <Request, Result>(
  context: Context,
  run: (workspace: Workspace | null, request: Request) => Promise<Result>,
  request: Request,
): Promise<Result> => {
  const workspace = await context.openWorkspace().catch((error: unknown) => {
    if (isPromptvError(error) && withoutRepository.has(error.code)) return null;
    throw error;
  });
  try {
    return await run(workspace, request);
  } finally {
    await workspace?.close();
  }
};

const withoutRepository: ReadonlySet<string> = new Set([
  'NOT_A_REPOSITORY',
  'BARE_REPOSITORY',
  'GIT_MISSING',
]);

/** How a result is printed. */
export interface Printing<Result, Options> {
  readonly load: LoadFormat<Result, Options>;
  readonly options?: Options;
  /** The report of a change says nothing that `--quiet` must keep. */
  readonly isChange?: boolean;
  /** The fields of `--json`, where they are not those of the result. */
  readonly fields?: (result: Result) => object;
}

/**
 * Prints a result: warnings on stderr, then on stdout the report, or with `--json` one object with
 * `schemaVersion`, `ok` and the result's fields. Prints nothing after Ctrl-C.
 */
export const printResult = async <Result extends object, Options = undefined>(
  context: Context,
  result: Result,
  { load, options, isChange = false, fields = (it) => it }: Printing<Result, Options>,
): Promise<void> => {
  if (context.isInterrupted()) return;
  if (hasWarnings(result)) await printWarnings(context, result.warnings);
  if (context.json) return printJson(context, fields(result));
  if (context.quiet && isChange) return;
  const format = await load();
  printText(context, format(result, displayOf(context), options));
};

/** Prints one object with `schemaVersion: 1`, `ok: true` and the fields. */
export const printJson = (context: Context, fields: object): void => {
  printText(context, formatJson({ schemaVersion: 1, ok: true, ...fields }));
};

/** Prints a text that is the answer, with its last line ended; nothing after Ctrl-C. */
export const printText = (context: Context, text: string): void => {
  if (text !== '' && !context.isInterrupted()) context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
};

const hasWarnings = (result: object): result is { warnings: readonly Warning[] } =>
  'warnings' in result && Array.isArray(result.warnings) && result.warnings.length > 0;

/** Prints warnings on stderr, unless `--quiet`; nothing after Ctrl-C. */
export const printWarnings = async (context: Context, warnings: readonly Warning[]): Promise<void> => {
  if (context.quiet || context.isInterrupted()) return;
  const paint = await paintFor(context.errorColor);
  for (const { message } of warnings) {
    context.stderr.write(`${paint.yellow('warning:')} ${sanitizeMessage(message)}\n`);
  }
};
