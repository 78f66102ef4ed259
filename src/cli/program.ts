import { Command } from 'commander';
import { type CommandEntry, commandTable, findCommand } from './command-table.ts';
import { isInsideOwnCommit, type OpenContext } from './context.ts';
import { addGlobalOptions } from './global-options.ts';
import { formatRootHelp } from './root-help.ts';

/**
 * Parses the command line and runs its command, importing that command's module alone. Throws commander's
 * errors for a wrong command line and for help that was asked for, else what the command throws.
 */
export const runProgram = async (context: OpenContext, argv: readonly string[]): Promise<void> => {
  const program = createProgram(context);
  const { operands, unknown } = program.parseOptions([...argv]);
  const [name = '--help', ...rest] =
    operands[0] === 'help' ? askForHelp(operands) : [...operands, ...unknown];
  const entry = findCommand(name);
  if (entry === undefined) {
    await program.parseAsync(name.startsWith('-') ? [name, ...rest] : [name], { from: 'user' });
  } else if (!entry.isChange || !isInsideOwnCommit(context)) {
    context.commandLine = `promptv ${entry.name}`;
    const command = await loadCommand(program, entry, context);
    if (command.commands.some((verb) => verb.name() === rest[0])) context.commandLine += ` ${rest[0]}`;
    await command.parseAsync(rest, { from: 'user' });
  }
};

/** `help save` is `save --help`. */
const askForHelp = ([, ...words]: readonly string[]): string[] => [
  ...words.filter((word) => !word.startsWith('-')),
  '--help',
];

/** The root: its options, and the name of every command, without loading one. */
export const createProgram = (context: OpenContext): Command => {
  const program = new Command('promptv')
    .version(context.version, '-V, --version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    // Commander takes the codes out again where there is no colour.
    .configureHelp({ styleTitle: (title) => `\u001b[1m${title}\u001b[22m` })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Help of a group called without its subcommand; errors are written by writeFailure.
      writeErr: (text) => context.stdout.write(text),
      outputError: () => {},
      getOutHelpWidth: () => context.stdout.columns || 100,
      getErrHelpWidth: () => context.stdout.columns || 100,
      getOutHasColors: () => context.color,
      getErrHasColors: () => context.color,
    });
  program.helpInformation = formatRootHelp;
  for (const entry of commandTable) program.addCommand(describe(entry, new Command(entry.name)), hide(entry));
  return addGlobalOptions(program, context);
};

const hide = ({ isHidden = false }: CommandEntry): { hidden: boolean } => ({ hidden: isHidden });

const describe = ({ alias, summary }: CommandEntry, command: Command): Command => {
  if (alias !== undefined) command.alias(alias);
  return command.summary(summary);
};

/** Imports a command and joins it to the root, whose settings and global options it takes. */
export const loadCommand = async (
  program: Command,
  entry: CommandEntry,
  context: OpenContext,
): Promise<Command> => {
  const command = describe(entry, await entry.load(context));
  command.parent = program;
  command.hook('preAction', () => {
    context.isParsed = true;
  });
  for (const each of [command, ...command.commands]) {
    addGlobalOptions(each.copyInheritedSettings(program).helpCommand(false), context);
  }
  return command;
};
