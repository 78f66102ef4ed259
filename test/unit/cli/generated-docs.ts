import { commandTable, findCommand } from '../../../src/cli/command-table.ts';
import { createContext } from '../../../src/cli/context.ts';
import { formatRootHelp } from '../../../src/cli/root-help.ts';
import { run } from '../../../src/cli/run.ts';
import { errorKinds } from '../../../src/errors.ts';
import { createTestIo } from './testing.ts';

/** docs/errors.md: every error of the table with its exit code, message and hint, details left as `{name}`. */
export const formatErrorsPage = (): string => {
  const rows = Object.entries(errorKinds).map(
    ([code, { exitCode, message, hint }]) =>
      `| \`${code}\` | ${exitCode} | ${cell(message(placeholders))} | ${cell(hint(placeholders))} |`,
  );
  return `# Errors

Generated from the tables in \`src/errors/\`; \`UPDATE_DOCS=1 npm test\` writes it anew.

A command that fails leaves stdout empty and says on stderr what happened and what to type next. With \`--json\` the
last line of stderr is one object, \`{"error":{"code","message","hint","details"?}}\`; \`details\` has the values that
stand in braces below. The codes are stable.

| exit code | means |
|---|---|
| 0 | done, also if there was nothing to do |
| 1 | the world is in the way: git, the network, a lock, another's change |
| 2 | the command line or a file of yours is wrong, unknown names and versions too |
| 3 | a check said no (\`diff --exit-code\`: there is a difference) |
| 70 | a bug in promptv |
| 130 | interrupted |

| code | exit code | message | hint |
|---|---|---|---|
${rows.join('\n')}
`;
};

const placeholders = new Proxy<Record<string, unknown>>({}, { get: (_, name) => `{${String(name)}}` });

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

/** docs/commands.md: the help of every command, as it is printed. */
export const formatCommandsPage = async (): Promise<string> => {
  const sections: string[] = [];
  for (const { name, summary, isHidden } of commandTable) {
    if (isHidden) continue;
    sections.push(`## promptv ${name}\n\n${capitalize(summary)}.\n\n${fence(await helpOf(name))}`);
    for (const verb of await verbsOf(name))
      sections.push(`### promptv ${name} ${verb}\n\n${fence(await helpOf(name, verb))}`);
  }
  return `# Commands

Generated from the definitions of the commands; \`UPDATE_DOCS=1 npm test\` writes it anew. The fields of \`--json\`
are in [json.md](json.md), the errors in [errors.md](errors.md). The global options stand before or after the name
of every command.

${fence(formatRootHelp())}

${sections.join('\n\n')}
`;
};

/** The verbs of a group of commands; none of a command. */
export const verbsOf = async (name: string): Promise<string[]> => {
  const command = await findCommand(name)?.load(createContext(createTestIo(), '1.2.3'));
  return (command?.commands ?? []).map((verb) => verb.name());
};

const helpOf = async (...words: readonly string[]): Promise<string> => {
  const io = createTestIo({ columns: 100 });
  await run([...words, '--help'], io, '0.0.0');
  return io.out().replace(/\nGlobal options:\n(?: {2}.*\n)+/, '');
};

const fence = (text: string): string => `\`\`\`text\n${text.trimEnd()}\n\`\`\``;

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
