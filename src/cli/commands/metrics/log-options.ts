import { type Command, Option } from 'commander';
import type { FieldCondition } from '../../../core/metrics/source.ts';
import type { FilterRequest } from '../../../operations/metrics/filter.ts';
import type { Context } from '../../context.ts';
import { textOption, usageError } from '../../options.ts';

/** The flags by which a command chooses records. */
export interface FilterFlags {
  readonly since?: string;
  readonly until?: string;
  readonly where?: readonly FieldCondition[];
  readonly metrics?: string;
}

/** Adds `--since`, `--until`, `--where` and `--metrics`. */
export const addFilterOptions = (command: Command): Command =>
  command
    .addOption(textOption('--since <time>', 'from then on: 7d, 24h, a date, a local time or ISO 8601'))
    .addOption(textOption('--until <time>', 'before then'))
    .addOption(
      new Option(
        '--where <field=value>',
        'only such records, such as environment=production or meta.team=a; may be repeated',
      ).argParser(collectCondition),
    )
    .addOption(textOption('--metrics <file>', 'read this file of records instead of the log; - is stdin'));

/** The records that the flags choose. */
export const filterOf = (
  context: Context,
  prompts: readonly string[],
  { since, until, where, metrics }: FilterFlags,
): FilterRequest => ({
  prompts,
  since,
  until,
  where,
  metrics: metrics === '-' ? context.stdin : metrics,
});

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
  ...entry
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
];
