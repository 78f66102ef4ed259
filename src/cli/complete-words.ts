import type { Command, Option } from 'commander';
import { commandTable, findCommand } from './command-table.ts';
import type { OpenContext } from './context.ts';
import { createProgram, loadCommand } from './program.ts';

/** One way to go on: what the word becomes, and what it means. */
export interface Completion {
  readonly value: string;
  readonly description: string;
}

/** The arguments that take a prompt which is there, and of them those that take `NAME@SELECTOR`. */
const promptArguments = new Set(['prompt', 'prompts', 'ref', 'refs', 'old', 'operands']);
const referenceArguments = new Set(['ref', 'refs', 'operands']);

/** The arguments that take a configured environment, as the option `--env` does. */
const environmentArguments = new Set(['environment', 'other-environment']);

/** What names are read of; selectors are those of one prompt. */
export type NameKind = 'prompts' | 'environments' | 'experiments' | { readonly selectorsOf: string };

/** Reads the names that a word can become. */
export type ReadNames = (kind: NameKind) => Promise<readonly string[]>;

/**
 * What the last of the words can become: a command, an option, a choice, a prompt's name. Only the module of
 * the command that stands in the words is imported, and names are read only where one can stand.
 */
export const completeWords = async (
  context: OpenContext,
  words: readonly string[],
  readNames: ReadNames,
): Promise<readonly Completion[]> => {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const program = createProgram(context);
  const { operands, unknown } = program.parseOptions([...before]);
  const entry = findCommand(operands[0]);
  const found =
    entry === undefined
      ? completeRoot(program, current, operands)
      : await completeCommand(await loadCommand(program, entry, context), unknown, current, readNames);
  return found.filter(({ value }) => value.startsWith(current));
};

const completeRoot = (
  program: Command,
  current: string,
  operands: readonly string[],
): readonly Completion[] => {
  if (current.startsWith('-')) return listOptions(program);
  if (operands.length > 0 && operands[0] !== 'help') return [];
  return commandTable
    .filter(({ isHidden }) => isHidden !== true)
    .map(({ name, summary }) => ({ value: name, description: summary }));
};

const completeCommand = async (
  command: Command,
  before: readonly string[],
  current: string,
  readNames: ReadNames,
): Promise<readonly Completion[]> => {
  const subcommand = command.commands.find((each) => each.name() === before[0]);
  if (subcommand !== undefined) return completeCommand(subcommand, before.slice(1), current, readNames);
  const open = findOpenOption(command, before.at(-1));
  if (open !== undefined) {
    if (open.long === '--experiment') return toCompletions(await readNames('experiments'));
    if (open.long === '--env' || open.long === '--promote')
      return toCompletions(await readNames('environments'));
    return toCompletions(open.long === '--prompt' ? await readNames('prompts') : (open.argChoices ?? []));
  }
  if (current.startsWith('-') && !before.includes('--')) return listOptions(command);
  if (command.commands.length > 0) return command.commands.map(describe);
  const { operands } = command.parseOptions([...before]);
  const argument = command.registeredArguments[operands.length] ?? findVariadic(command);
  if (argument === undefined) return [];
  const name = argument.name();
  if (promptArguments.has(name))
    return toCompletions(await readReferences({ name, operands, current }, readNames));
  if (environmentArguments.has(name)) return toCompletions(await readNames('environments'));
  if (name === 'experiment') return toCompletions(await readNames('experiments'));
  return toCompletions(argument.argChoices ?? []);
};

interface ReferenceWord {
  /** Of the argument. */
  readonly name: string;
  readonly operands: readonly string[];
  readonly current: string;
}

/** Prompts; behind an `@` the selectors of that prompt, and behind `diff NAME` those that stand alone. */
const readReferences = async (
  { name, operands, current }: ReferenceWord,
  readNames: ReadNames,
): Promise<readonly string[]> => {
  const [first] = operands;
  if (name === 'operands' && first !== undefined && !first.includes('@'))
    return readNames({ selectorsOf: first });
  const at = current.indexOf('@');
  if (at < 1 || !referenceArguments.has(name)) return readNames('prompts');
  const prompt = current.slice(0, at);
  return (await readNames({ selectorsOf: prompt })).map((selector) => `${prompt}@${selector}`);
};

/** The option that waits for its value. */
const findOpenOption = (command: Command, word: string | undefined): Option | undefined =>
  word === undefined
    ? undefined
    : command.options.find(({ required, short, long }) => required && (word === short || word === long));

const findVariadic = (command: Command) => command.registeredArguments.find(({ variadic }) => variadic);

const listOptions = (command: Command): readonly Completion[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, flags, description }) => ({ value: long ?? flags, description }));

const describe = (command: Command): Completion => ({
  value: command.name(),
  description: command.summary(),
});

const toCompletions = (values: readonly string[]): readonly Completion[] =>
  values.map((value) => ({ value, description: '' }));
