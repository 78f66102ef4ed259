import type { PromptDocument, PromptVariable } from '../core/prompt/document.ts';
import type { ShowResult } from '../operations/show.ts';
import { describeValue } from './changes.ts';
import type { Display } from './display.ts';
import { createPaint, type Paint } from './paint.ts';
import { type Cell, type Column, formatTable } from './table.ts';
import { indent, joinLines, sanitize, sanitizeLine } from './text.ts';
import { formatTime } from './time.ts';

/** One prompt for a reader: what it is, where it comes from, its variables, then its text. */
export const formatShow = (result: ShowResult, display: Display): string => {
  const paint = createPaint(display);
  const { document } = result;
  const title = [
    paint.strong(sanitizeLine(result.prompt)),
    paint.version(result.version === null ? 'not a saved version' : sanitizeLine(result.version)),
    document.name === undefined ? '' : sanitizeLine(document.name),
  ];
  return joinLines(
    [
      title.join('  ').trimEnd(),
      document.description === undefined ? null : sanitize(document.description.trim()),
      formatFacts(result, display, paint),
      formatVariables(result.variables, display, paint),
      ...formatBody(document, display, paint),
    ],
    '\n\n',
  );
};

const factColumns: readonly Column[] = [{ title: 'key' }, { title: 'value', shrinksTo: 20 }];

/** Keys that stand elsewhere in the report. */
const shownElsewhere = new Set(['name', 'description', 'variables', 'content', 'messages']);

const formatFacts = (result: ShowResult, display: Display, paint: Paint): string => {
  const { saved, document } = result;
  const facts: [string, string][] = [
    ['file', result.path],
    ...(saved === null ? [] : savedFacts(saved, display)),
    ['content hash', result.contentHash],
    ...Object.entries(document)
      .filter(([key]) => !shownElsewhere.has(key))
      .flatMap(([key, value]) => flatten(key, value)),
  ];
  const rows = facts.map(([key, value]): Cell[] => [{ text: key, paint: paint.dim }, value]);
  return formatTable(factColumns, rows, display, { header: false, indent: 2 });
};

const savedFacts = (saved: NonNullable<ShowResult['saved']>, display: Display): [string, string][] => [
  ['saved', `${formatTime(saved.date, display)} by ${saved.author}`],
  ['commit', saved.commit],
  ...(saved.message.trim() === '' ? [] : [['message', saved.message.trim()] satisfies [string, string]]),
];

/** A mapping's entries each get a line; `tests` and other long lists are counted by their JSON, cut to fit. */
const flatten = (key: string, value: unknown): [string, string][] => {
  const isSmallMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isSmallMapping || key === 'jsonSchema' || key === 'responseFormat') {
    return [[key, typeof value === 'string' ? value : describeValue(value)]];
  }
  return Object.entries(value).map(([inner, item]) => [
    `${key}.${inner}`,
    typeof item === 'string' ? item : describeValue(item),
  ]);
};

const variableColumns: readonly Column[] = [
  { title: 'variable' },
  { title: 'type' },
  { title: 'value', shrinksTo: 20 },
  { title: 'allowed', shrinksTo: 12 },
  { title: 'description', shrinksTo: 16, optional: true },
];

const formatVariables = (
  variables: readonly PromptVariable[],
  display: Display,
  paint: Paint,
): string | null => {
  if (variables.length === 0) return null;
  const rows = variables.map((variable): Cell[] => [
    { text: variable.name, paint: paint.strong },
    variable.type ?? 'string',
    describeNeed(variable, paint),
    describeConstraints(variable),
    variable.description ?? '',
  ]);
  return formatTable(variableColumns, rows, display, { indent: 2 });
};

const describeNeed = (variable: PromptVariable, paint: Paint): Cell => {
  if (variable.required ?? variable.default === undefined) return { text: 'required', paint: paint.warn };
  if (variable.default === undefined) return 'optional';
  return `default ${describeValue(variable.default) || '[]'}`;
};

const describeConstraints = (variable: PromptVariable): string =>
  [
    variable.enum === undefined ? null : `one of ${describeValue(variable.enum)}`,
    variable.pattern === undefined ? null : `/${variable.pattern}/`,
    describeRange('length', variable.minLength, variable.maxLength),
    describeRange('from', variable.minimum, variable.maximum),
  ]
    .filter((part) => part !== null)
    .join(', ');

const describeRange = (what: string, least?: number, most?: number): string | null =>
  least === undefined && most === undefined ? null : `${what} ${least ?? ''}…${most ?? ''}`;

const formatBody = (document: PromptDocument, display: Display, paint: Paint): string[] => {
  const highlight = (text: string) => highlightVariables(sanitize(text.trimEnd()), document, paint);
  const margin = display.columns === null ? 0 : 2;
  if (document.messages === undefined) return [indent(highlight(document.content ?? ''), margin)];
  return document.messages.map(
    (message) => `${paint.info(sanitizeLine(message.role))}\n${indent(highlight(message.content), margin)}`,
  );
};

const placeholders = { mustache: /\{\{[^{}]*\}\}/g, fstring: /(?<!\{)\{\w+\}(?!\})/g };

const highlightVariables = (text: string, document: PromptDocument, paint: Paint): string => {
  const language = document.template ?? 'mustache';
  return language === 'none'
    ? text
    : text.replace(placeholders[language], (placeholder) => paint.version(placeholder));
};
