import { type Command, Option } from 'commander';
import type { MetricsRecordRequest } from '../../../operations/metrics/record.ts';
import type { Context } from '../../context.ts';
import { readInput } from '../../input.ts';
import { collectEntries, textOption, usageError } from '../../options.ts';

/** The flags of `metrics record`. */
export interface RecordFlags {
  readonly metric?: Readonly<Record<string, string>>;
  readonly meta?: Readonly<Record<string, string>>;
  readonly env?: string;
  readonly at?: string;
  readonly stdin?: boolean;
  readonly key?: string;
  readonly allowUnknown?: boolean;
  readonly dryRun?: boolean;
  /** The other options are fields of the record under their own names. */
  readonly [field: string]: unknown;
}

const fieldOptions = [
  ['error', '<class>', 'a short class of what failed; the status is then error'],
  ['unit', '<id>', 'the id that was assigned to a variant'],
  ['case', '<id>', 'the test case'],
  ['model', '<model>', 'the model'],
  ['provider', '<provider>', 'the provider of the model'],
  ['region', '<region>', 'where it ran'],
  ['experiment', '<id>', 'the experiment'],
  ['variant', '<name>', 'the variant of the experiment'],
  ['id', '<id>', 'the id of the run, unique within its UTC day (default: a random one)'],
] as const;

/** Adds the options that say what a record holds. */
export const addRecordOptions = (command: Command): Command => {
  command
    .addOption(metricOption())
    .addOption(new Option('--status <status>', 'how the run ended').choices(['success', 'error']))
    .addOption(textOption('--env <environment>', 'the environment it ran in'));
  for (const [name, value, description] of fieldOptions)
    command.addOption(textOption(`--${name} ${value}`, description));
  return command
    .addOption(
      new Option('--key <unit>', 'with --experiment: the unit, which tells prompt, version and variant'),
    )
    .addOption(new Option('--meta <key=value>', 'anything else; may be repeated').argParser(collectMeta))
    .addOption(textOption('--at <time>', 'when it ran: a date, a local time or ISO 8601 (default: now)'));
};

/** What the flags ask for, with the records on stdin. @throws USAGE where they do not go together */
export const toRecordRequest = async (
  context: Context,
  ref: string | undefined,
  { metric, meta, env: environment, at, stdin, key, allowUnknown, dryRun, ...flags }: RecordFlags,
): Promise<MetricsRecordRequest> => {
  const names = ['status', ...fieldOptions.map(([name]) => name)];
  const fields = Object.fromEntries(
    names.flatMap((name) => (typeof flags[name] === 'string' ? [[name, flags[name]]] : [])),
  );
  checkFlags(ref, { metric, stdin, key, ...fields });
  return {
    ref,
    environment,
    key,
    at,
    fields,
    metrics:
      metric && Object.fromEntries(Object.entries(metric).map(([name, text]) => [name, toNumber(text)])),
    meta,
    lines: stdin ? await readInput(context, undefined) : undefined,
    allowUnknown,
    dryRun,
  };
};

const checkFlags = (ref: string | undefined, flags: RecordFlags): void => {
  const { metric, stdin, status, error, id, key } = flags;
  const example = '"promptv metrics record NAME --metric latency_ms=812"';
  if (key !== undefined && flags.experiment === undefined)
    throw usageError('A --key belongs to an experiment.', 'Add --experiment ID, or say --unit ID alone.');
  if (key !== undefined && [ref, stdin, flags.variant, flags.unit].some((other) => other !== undefined))
    throw usageError(
      'A --key tells prompt, version, variant and unit.',
      'Leave out the prompt, --variant, --unit and --stdin, or leave out --key.',
    );
  if (ref === undefined && !stdin && key === undefined)
    throw usageError('The prompt is missing.', `Write ${example}, or give records with --stdin.`);
  if (!stdin && metric === undefined && status === undefined && error === undefined)
    throw usageError('There is nothing to record.', `Give a metric or --status: ${example}.`);
  if (status === 'success' && error !== undefined)
    throw usageError('A run with --error did not succeed.', 'Leave out --status success or --error.');
  if (stdin && id !== undefined)
    throw usageError('One --id cannot name every line.', 'Put the ids into the lines, or leave them out.');
};

/** A decimal number; anything else becomes NaN, which is then refused by name. */
const toNumber = (text: string): number =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;

const collectMetrics = collectEntries((entry, reason) =>
  usageError(
    `The --metric entry ${entry} is not valid: ${reason}.`,
    'Write --metric NAME=NUMBER, each name once.',
  ),
);

const collectMeta = collectEntries((entry, reason) =>
  usageError(`The --meta entry ${entry} is not valid: ${reason}.`, 'Write --meta KEY=VALUE, each key once.'),
);

const metricOption = (): Option =>
  new Option(
    '--metric <name=number>',
    'a figure: latency_ms, input_tokens, output_tokens, cost_usd, quality, or any other name; may be repeated',
  ).argParser(collectMetrics);
