import { commandTable } from './command-table.ts';
import { globalOptions } from './global-option-table.ts';

type Line = readonly [term: string, description: string];

const ownOptions: readonly Line[] = [
  ['-V, --version', 'print the version'],
  ['-h, --help', 'show this help'],
];

/** The help of `promptv` itself: every command in its group, and the options that all of them take. */
export const formatRootHelp = (): string => {
  const commands = commandTable.filter(({ isHidden }) => isHidden !== true);
  const groups = [...new Set(commands.map(({ group }) => group))];
  const sections = [
    'Usage: promptv [global options] <command> [arguments]',
    'Versions, review, delivery and measurement for prompts, with git alone.',
    ...groups.map((group) =>
      formatSection(
        group,
        commands
          .filter((entry) => entry.group === group)
          .map(({ name, alias, summary }) => [alias === undefined ? name : `${name}, ${alias}`, summary]),
      ),
    ),
    formatSection(
      'Global options:',
      globalOptions.map(({ flags, description }) => [flags, description]),
    ),
    formatSection('Options:', ownOptions),
    'Type "promptv help <command>" for its options and examples.',
  ];
  return `${sections.join('\n\n')}\n`;
};

const formatSection = (title: string, lines: readonly Line[]): string =>
  [title, ...lines.map(([term, description]) => `  ${term.padEnd(18)}${description}`)].join('\n');
