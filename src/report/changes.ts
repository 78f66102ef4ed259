import { diffLines } from '../core/diff/text-diff.ts';
import type { Change, ChangeKind } from '../core/impact/change.ts';
import type { Display } from './display.ts';
import { createPaint, type Painter } from './paint.ts';
import { type Column, formatTable } from './table.ts';
import { truncateText } from './width.ts';

const columns: readonly Column[] = [
  { title: 'impact' },
  { title: 'kind' },
  { title: 'path', shrinksTo: 16 },
  { title: 'difference', shrinksTo: 16 },
];

/** The named differences, one a row: impact, kind, path and what became of what. */
export const formatChanges = (changes: readonly Change[], display: Display): string => {
  const paint = createPaint(display);
  const kinds: Readonly<Record<ChangeKind, Painter>> = {
    added: paint.good,
    removed: paint.bad,
    changed: paint.warn,
    renamed: paint.info,
    moved: paint.info,
  };
  const rows = changes.map((change) => [
    { text: change.impact, paint: paint.impact[change.impact] },
    { text: change.kind, paint: kinds[change.kind] },
    { text: change.path, paint: paint.strong },
    describeChange(change),
  ]);
  return formatTable(columns, rows, display, { header: false, indent: 2 });
};

/** What became of what, on one line. */
export const describeChange = ({ path, kind, before, after }: Change): string => {
  if (kind === 'renamed' || kind === 'moved') return `${describeName(before)} → ${describeName(after)}`;
  if (isVariable(path)) return describeVariableChange(before, after);
  if (kind === 'added') return describeValue(after);
  if (kind === 'removed') return describeValue(before);
  if (isProse(before) && isProse(after)) return countWords(before, after);
  return `${describeValue(before)} → ${describeValue(after)}`;
};

const describeName = (value: unknown): string => (typeof value === 'string' ? value : describeValue(value));

const isVariable = (path: string): boolean => /^variables(\.[^.[]+|\["[^"]*"\])$/.test(path);

const describeVariableChange = (before: unknown, after: unknown): string =>
  [before, after]
    .filter((side) => side !== null)
    .map((side) => describeVariable(new Map(entriesOf(side))))
    .join(' → ');

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const describeVariable = (variable: ReadonlyMap<string, unknown>): string => {
  const type = variable.get('type') ?? 'string';
  const hasDefault = variable.has('default');
  const isRequired = variable.get('required') ?? !hasDefault;
  const need = hasDefault
    ? `default ${describeValue(variable.get('default'))}`
    : isRequired
      ? 'required'
      : 'optional';
  const values = variable.has('enum') ? `, one of ${describeValue(variable.get('enum'))}` : '';
  return `${String(type)}, ${need}${values}`;
};

const longestValue = 60;

/** A value on one line as JSON, cut when it is long. */
export const describeValue = (value: unknown): string => {
  const json = Array.isArray(value) ? value.map(describeValue).join(', ') : JSON.stringify(value);
  return truncateText(json ?? 'nothing', longestValue);
};

const isProse = (value: unknown): value is string =>
  typeof value === 'string' && (value.includes('\n') || value.length > longestValue / 2);

/** How many words of running text came and went: `+12 -3 words`. */
const countWords = (before: string, after: string): string => {
  const count = (text: string) => text.match(/[\p{L}\p{M}\p{N}]+/gu)?.length ?? 0;
  let added = 0;
  let removed = 0;
  for (const block of diffLines(before, after).flatMap((hunk) => hunk.blocks)) {
    if (block.kind === 'same') continue;
    const words = block.words ?? [
      {
        changed: true,
        before: block.removed.map((line) => line.text).join('\n'),
        after: block.added.map((line) => line.text).join('\n'),
      },
    ];
    for (const word of words.filter((part) => part.changed)) {
      added += count(word.after);
      removed += count(word.before);
    }
  }
  const counts = [added > 0 ? `+${added}` : null, removed > 0 ? `-${removed}` : null].filter(
    (part) => part !== null,
  );
  const unit = added + removed === 1 ? 'word' : 'words';
  return counts.length === 0 ? 'white space or punctuation' : `${counts.join(' ')} ${unit}`;
};
