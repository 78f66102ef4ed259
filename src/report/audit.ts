import type { AuditEntry } from '../core/audit.ts';
import type { AuditResult } from '../operations/audit.ts';
import type { Display } from './display.ts';
import { personName } from './env/person.ts';
import { createPaint, type Paint, type Painter } from './paint.ts';
import { type Cell, type Column, formatTable } from './table.ts';
import { indent, joinLines, sanitize, sanitizeLine } from './text.ts';
import { formatTime } from './time.ts';
import { truncateText, wrapText } from './width.ts';

const columns: readonly Column[] = [
  { title: 'when' },
  { title: 'what' },
  { title: 'prompt', shrinksTo: 16 },
  { title: 'version' },
  { title: 'environment' },
  { title: 'who', shrinksTo: 12 },
  { title: 'why', shrinksTo: 16 },
  { title: 'commit', optional: true },
  { title: 'signature', optional: true },
];

/** Fewer columns than this are too narrow for a reason beside a name: who and why then stand below each entry. */
const wide = 120;

/** The trail as a table, newest first; on a narrow terminal with who and why on lines of their own. */
export const formatAudit = (result: AuditResult, display: Display): string => {
  if (result.entries.length === 0) return 'Nothing is recorded that matches.';
  if (display.columns !== null && display.columns < wide)
    return formatStacked(result, display, display.columns);
  const paint = createPaint(display);
  const isPipe = display.columns === null;
  const rows = result.entries.map((entry): Cell[] => [
    { text: formatTime(entry.at, display), paint: paint.dim },
    { text: entry.what, paint: paintOf(entry, paint) },
    { text: entry.prompt ?? '', paint: paint.strong },
    { text: entry.version ?? '', paint: paint.version },
    placeOf(entry),
    isPipe ? entry.by : personName(entry.by),
    entry.why ?? '',
    { text: isPipe ? entry.commit : entry.commit.slice(0, 7), paint: paint.dim },
    { text: entry.signature, paint: entry.signature === 'other' ? paint.bad : paint.dim },
  ]);
  return formatTable(columns, rows, display);
};

const stackedColumns: readonly Column[] = [
  { title: 'when' },
  { title: 'what' },
  { title: 'prompt', shrinksTo: 40 },
  { title: 'environment', shrinksTo: 24 },
  { title: 'commit', optional: true },
  { title: 'signature', optional: true },
];

const formatStacked = ({ entries }: AuditResult, display: Display, width: number): string => {
  const paint = createPaint(display);
  const rows = entries.map((entry): Cell[] => [
    { text: formatTime(entry.at, display), paint: paint.dim },
    { text: entry.what, paint: paintOf(entry, paint) },
    { text: [entry.prompt, entry.version].filter((part) => part !== null).join(' '), paint: paint.strong },
    placeOf(entry),
    { text: entry.commit.slice(0, 7), paint: paint.dim },
    { text: entry.signature, paint: entry.signature === 'other' ? paint.bad : paint.dim },
  ]);
  const [header = '', ...lines] = formatTable(stackedColumns, rows, display).split('\n');
  const below = entries.map(({ by, why }) => {
    const text = sanitizeLine(joinLines([personName(by), why], ': '));
    const wrapped = wrapText(truncateText(text, 3 * (width - 4)), width - 4).split('\n');
    return indent(wrapped.map((line) => truncateText(line, width - 4)).join('\n'), 4);
  });
  return [header, ...lines.flatMap((line, index) => [line, below[index] ?? ''])].join('\n');
};

const placeOf = ({ environment, stage }: AuditEntry): string =>
  [environment, stage].filter((name) => name !== null).join('/');

const paintOf = ({ what }: AuditEntry, paint: Paint): Painter => {
  if (what === 'edit' || what === 'reject') return paint.bad;
  if (what === 'rollback') return paint.warn;
  return what === 'promote' || what === 'approve' ? paint.good : paint.info;
};

const fields = [
  'at',
  'by',
  'what',
  'prompt',
  'version',
  'environment',
  'stage',
  'why',
  'commit',
  'signature',
] as const;

/**
 * The trail as RFC 4180 has it, with a header; line breaks stay inside quotes. A cell that a spreadsheet would take for a
 * formula begins with an apostrophe.
 */
export const formatAuditCsv = (result: AuditResult): string =>
  [
    fields.join(','),
    ...result.entries.map((entry) => fields.map((name) => quote(entry[name] ?? '')).join(',')),
  ].join('\r\n');

const quote = (text: string): string => {
  const safe = sanitize(text).replace(/^(?=[=+\-@\t])/, "'");
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
