import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../../src/cli/command-table.ts';
import { formatCommandsPage, formatErrorsPage, verbsOf } from './generated-docs.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const pages = [
  ['docs/errors.md', formatErrorsPage],
  ['docs/commands.md', formatCommandsPage],
] as const;

describe('a generated page', () => {
  for (const [path, format] of pages) {
    it(`${path} is up to date`, async () => {
      const expected = await format();
      if (process.env.UPDATE_DOCS) writeFileSync(new URL(path, root), expected);
      expect(read(path)).toBe(expected);
    });
  }
});

it('the README names every command that the help names', () => {
  const [, table = ''] = /^## Commands\n(.*?)^## /ms.exec(read('README.md')) ?? [];
  const unnamed = commandTable.filter(
    ({ name, isHidden }) => isHidden !== true && !new RegExp(`\`${name}\\b`).test(table),
  );
  expect(unnamed.map(({ name }) => name)).toEqual([]);
});

/** The names of the fields of every `…Result` in an operation's file, those of its own first level. */
const resultFields = (source: string): string[] =>
  [...source.matchAll(/export interface \w+Result(?: extends \w+)? \{\n(.*?)\n\}/gs)].flatMap(
    ([, body = '']) => [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = '']) => name),
  );

/** Which command prints an operation's result. */
const commandOf = (file: string): string =>
  ({
    'config-show': 'config show',
    'new-prompt': 'new',
    'approval/decide': 'approval approve',
    'rollout/change': 'rollout pause',
  })[file] ?? file.replace(/[\\/]/, ' ');

describe('docs/json.md', () => {
  const sections = new Map(
    read('docs/json.md')
      .split('\n## ')
      .map((section) => [section.split('\n')[0]?.replaceAll('`', '') ?? '', section]),
  );

  for (const { name, isHidden } of commandTable) {
    if (isHidden) continue;
    it(`has a section on ${name}, or on each of its verbs`, async () => {
      const verbs = await verbsOf(name);
      const titles = verbs.length === 0 ? [name] : verbs.map((verb) => `${name} ${verb}`);
      expect([...sections.keys()]).toEqual(expect.arrayContaining(titles));
    });
  }

  for (const file of readdirSync(new URL('src/operations/', root), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const fields = resultFields(read(`src/operations/${file}`)).filter((field) => field !== 'raw');
    if (fields.length === 0) continue;
    const title = commandOf(file.replace(/\.ts$/, ''));
    it(`names the fields of ${title}: ${fields.join(', ')}`, () => {
      const named = fields.filter((field) => sections.get(title)?.includes(`| \`${field}\``));
      expect(named).toEqual(fields);
    });
  }
});
