import { type Command, InvalidArgumentError, Option } from 'commander';
import { type PromptvError, promptvError } from '../errors.ts';

/** Takes any text but an empty one: an unset shell variable is not an answer. */
export const parseText = (value: string): string => {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
  return value;
};

/** Takes a whole number from 1. */
export const parseCount = (value: string): number => {
  const count = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError('Give a whole number from 1.');
  }
  return count;
};

type Entries = Readonly<Record<string, string>>;

/** Gathers `KEY=VALUE` entries of a repeated option; refuses one without a key, a second of one key, `__proto__`. */
export const collectEntries =
  (refuse: (entry: string, reason: string) => PromptvError) =>
  (entry: string, before: Entries = {}): Entries => {
    const end = entry.indexOf('=');
    const key = entry.slice(0, end);
    if (end < 0) throw refuse(entry, 'it has no "="');
    if (key.trim() === '') throw refuse(entry, 'nothing stands before its "="');
    if (key === '__proto__') throw refuse(entry, `"${key}" is no name`);
    if (Object.hasOwn(before, key)) throw refuse(entry, `"${key}" is given twice`);
    return { ...before, [key]: entry.slice(end + 1) };
  };

/** A refused combination of flags; the hint says what to type instead. */
export const usageError = (message: string, hint: string): PromptvError =>
  promptvError('USAGE', { message, hint });

/** An option with a value that must not be empty. */
export const textOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(parseText);

const collectVariables = collectEntries((entry, reason) =>
  usageError(`The --var entry ${entry} is not valid: ${reason}.`, 'Write --var NAME=VALUE, each name once.'),
);

/** `--var NAME=VALUE`, repeated: texts that are converted by the declared type. */
export const variableOption = (): Option =>
  new Option('--var <name=value>', 'the value of a variable; may be repeated').argParser(collectVariables);

export const dryRunOption = (): Option => new Option('--dry-run', 'say what would happen and change nothing');

export const remoteOption = (): Option =>
  textOption('--remote <name>', 'the git remote (default: push.remote of the configuration)');

/** As git has it, every further `-m` is a paragraph of its own. */
const collectParagraphs = (text: string, before?: string): string =>
  [before, parseText(text)].filter((part) => part !== undefined).join('\n\n');

/** Adds what `save` and `rename` share: the commit they make, its push, and `--dry-run`. */
export const addCommitOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '-m, --message <text>',
        'what changed and why; a second one is a second paragraph',
      ).argParser(collectParagraphs),
    )
    .addOption(textOption('--author <author>', 'the commit\'s author: "Name <email>"'))
    .option('--push', 'push what was written, all or nothing')
    .addOption(remoteOption())
    .option('--no-verify', "skip the repository's commit hooks")
    .addOption(dryRunOption());

/** The help's last paragraph: two command lines to copy. */
export const formatExamples = (...examples: readonly string[]): string =>
  ['', 'Examples:', ...examples.map((example) => `  $ ${example}`)].join('\n');

/** Adds what every command that writes state takes. */
export const addStateOptions = (command: Command): Command =>
  command
    .addOption(textOption('--branch <name>', 'write the state to this branch, once (for a pull request)'))
    .option('--push', 'push what was written')
    .addOption(remoteOption())
    .addOption(dryRunOption());

/** An option of commands that only read the state. */
export const readBranchOption = (): Option =>
  textOption('--branch <name>', 'read the state from this branch');

/** An option that names the environment. */
export const environmentOption = (): Option =>
  textOption('--env <environment>', 'the environment').makeOptionMandatory();
