import { type Command, Option } from 'commander';
import type { FieldCondition, LogCoverage } from '../../../core/metrics/source.ts';
import type { FilterRequest, ScopeRequest } from '../../../operations/metrics/filter.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { parseText, textOption, usageError } from '../../options.ts';

/** The flags of every command that reads the log. */
export interface LogFlags {
  readonly where?: readonly FieldCondition[];
  readonly metrics?: string;
  readonly strict?: boolean;
}

/** Those of a command that lists or sums up what it chooses. */
export interface FilterFlags extends LogFlags {
  readonly since?: string;
  readonly until?: string;
}

/** Those of a command that judges what it chooses. */
export interface ScopeFlags extends LogFlags {
  readonly env?: string;
}

/** Adds `--since`, `--until`, `--where`, `--metrics` and `--strict`. */
export const addFilterOptions = (command: Command): Command =>
  addLogOptions(
    command
      .addOption(textOption('--since <time>', 'from then on: 7d, 24h, a date, a local time or ISO 8601'))
      .addOption(textOption('--until <time>', 'before then')),
  );

/** Adds `--env`, `--where`, `--metrics` and `--strict`. */
export const addScopeOptions = (command: Command): Command =>
  addLogOptions(command.addOption(textOption('--env <environment>', 'only records of this environment')));

const addLogOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--where <field=value>',
        'only such records, such as environment=production or meta.team=a; may be repeated',
      ).argParser(collectCondition),
    )
    .addOption(textOption('--metrics <file>', 'read this file of records instead of the log; - is stdin'))
    .option('--strict', 'end with 3 when a line of the log cannot be read');

/** The records that the flags choose. */
export const filterOf = (
  context: Context,
  prompts: readonly string[],
  { since, until, where, metrics }: FilterFlags,
): FilterRequest => ({ prompts, since, until, where, metrics: logOf(context, metrics) });

/** The same, where records are judged. */
export const scopeOf = (context: Context, { env, where, metrics }: ScopeFlags): ScopeRequest => ({
  environment: env,
  where,
  metrics: logOf(context, metrics),
});

/** What `--metrics` names: the file, or stdin. */
export const logOf = (context: Context, metrics: string | undefined): ScopeRequest['metrics'] =>
  metrics === '-' ? context.stdin : metrics;

/** With `--strict`, ends with 3 where lines were skipped. */
export const checkStrictly = (
  context: Context,
  { strict = false }: LogFlags,
  { skipped }: Pick<LogCoverage, 'skipped'>,
): void => {
  if (strict && skipped > 0) context.exitCode = exitCodes.refused;
};

/** `field=` asks for records without the field. */
const collectCondition = (entry: string, before: readonly FieldCondition[] = []): FieldCondition[] => {
  const end = entry.indexOf('=');
  if (end > 0) {
    const value = entry.slice(end + 1);
    return [...before, { field: entry.slice(0, end), value: value === '' ? null : value }];
  }
  throw usageError(
    `The --where entry ${entry} is not valid.`,
    'Write --where FIELD=VALUE, for example --where environment=production.',
  );
};

/** Names in a list: `a,b` and repeated. */
export const collectNames = (entry: string, before: readonly string[] = []): string[] => [
  ...before,
  ...parseText(entry)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
];
