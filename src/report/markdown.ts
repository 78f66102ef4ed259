import { shorten, toWellFormed } from './checks/text.ts';
import { defuseCommands, sanitize } from './text.ts';

/** One short line in which every character that means something in Markdown or HTML stands for itself. */
export const escapeMarkdown = (text: string): string =>
  shorten(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()#+!|~@$:]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The same set as code: there a host makes no links, and a name behind an @ is told nothing. */
export const formatCode = (text: string): string => `<code>${escapeMarkdown(text)}</code>`;

/** A fenced block that its text cannot end, and in which no line is a command to a CI's log. */
export const formatFence = (text: string, language: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${defuseCommands(toWellFormed(sanitize(text)))}\n${fence}`;
};

/** A table below its heading; the cells are Markdown already. */
export const formatMarkdownTable = (
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): string => {
  const lines = [titles, titles.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};
