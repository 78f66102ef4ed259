import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { isPromptvError, type PromptvError, promptvError } from '../errors.ts';
import type { Context } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { paintFor } from './paint.ts';
import { formatJson, sanitize, sanitizeJson, sanitizeMessage } from './text.ts';

/**
 * Writes an error to stderr and answers its exit code. With `--json` its last line there is
 * `{"error":{code,message,hint,details?}}`, else it says `error: …` and `hint: …`; `--debug` puts the stack before.
 * A stream that a person ends says nothing. A check's refusal (exit 3) also is the answer on stdout, with `ok: false`.
 */
export const writeFailure = async (
  context: Context,
  error: unknown,
  argv: readonly string[],
): Promise<ExitCode> => {
  if (error instanceof CommanderError && isHelp(error)) return exitCodes.done;
  const failure = toPromptvError(context, error);
  if (context.debug) context.stderr.write(`${sanitize(inspect(error))}\n`);
  const isJson = context.json || isJsonAsked(context, argv);
  if (failure.code === 'INTERRUPTED' && context.isEndless && !isJson) return failure.exitCode;
  const said = isJson
    ? `${sanitizeJson(JSON.stringify({ error: serialize(failure) }))}\n`
    : await formatForPerson(context, failure);
  context.stderr.write(said);
  // A check's no is an answer, and a script reads answers from stdout.
  if (isJson && failure.exitCode === exitCodes.refused)
    context.stdout.write(formatJson({ schemaVersion: 1, ok: false, error: serialize(failure) }));
  return failure.exitCode;
};

/** Help and version were printed; a group without its subcommand (`promptv config`) prints help too. */
const isHelp = ({ code, exitCode }: CommanderError): boolean => exitCode === 0 || code === 'commander.help';

/** The parser stops at the first wrong word or value, perhaps before it comes to `--json`. */
const isJsonAsked = (context: Context, argv: readonly string[]): boolean =>
  !context.isParsed && argv.includes('--json');

const toPromptvError = (context: Context, error: unknown): PromptvError => {
  if (isPromptvError(error)) return error;
  if (error instanceof CommanderError) return usageError(context, error);
  return promptvError('INTERNAL', { reason: error instanceof Error ? error.message : String(error) }, error);
};

/** Commander says `error: unknown option '--x'` and perhaps `(Did you mean --y?)` on the next line. */
const usageError = (context: Context, error: CommanderError): PromptvError => {
  const [said = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const message = `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.?!]$/.test(said) ? '' : '.'}`;
  const nearest = suggestion === undefined ? '' : `${suggestion.replace(/^\((.*)\)$/, '$1')} `;
  return promptvError('USAGE', { message, hint: `${nearest}See "${context.commandLine} --help".` }, error);
};

const serialize = ({ code, message, hint, details }: PromptvError): object => ({
  code,
  message,
  hint,
  ...(code === 'USAGE' || Object.keys(details).length === 0 ? {} : { details }),
});

const formatForPerson = async (context: Context, failure: PromptvError): Promise<string> => {
  const paint = await paintFor(context.errorColor);
  const lines = [
    `${paint.red('error:')} ${sanitizeMessage(failure.message)}`,
    ...listProblems(failure.details),
    `${paint.cyan('hint:')} ${sanitizeMessage(failure.hint)}`,
  ];
  return `${lines.join('\n')}\n`;
};

const mostProblems = 20;

/** The places in a file that are wrong, where there are several: the hint names the first alone. */
const listProblems = ({ path, problems }: PromptvError['details']): string[] => {
  if (!Array.isArray(problems) || problems.length < 2 || !problems.every(isPlaced)) return [];
  const lines = problems
    .slice(0, mostProblems)
    .map(({ line, column, message }) => sanitizeMessage(`  ${path}:${line}:${column} ${message}`));
  const rest = problems.length - lines.length;
  return rest > 0 ? [...lines, `  and ${rest} more`] : lines;
};

const isPlaced = (
  problem: unknown,
): problem is { readonly line: number; readonly column: number; readonly message: string } =>
  typeof problem === 'object' &&
  problem !== null &&
  'line' in problem &&
  'column' in problem &&
  'message' in problem;
