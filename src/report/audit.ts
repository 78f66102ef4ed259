import type { AuditEntry } from '../core/audit.ts';
import type { AuditResult } from '../operations/audit.ts';
import type { Display } from './display.ts';
import { createPaint, type Paint, type Painter } from './paint.ts';
import { type Cell, type Column, formatTable } from './table.ts';
import { sanitize } from './text.ts';
import { formatTime } from './time.ts';

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

/** The trail as a table, newest first. */
export const formatAudit = (result: AuditResult, display: Display): string => {
  if (result.entries.length === 0) return 'Nothing is recorded that matches.';
  const paint = createPaint(display);
  const isPipe = display.columns === null;
  const rows = result.entries.map((entry): Cell[] => [
    { text: formatTime(entry.at, display), paint: paint.dim },
    { text: entry.what, paint: paintOf(entry, paint) },
    { text: entry.prompt ?? '', paint: paint.strong },
    { text: entry.version ?? '', paint: paint.version },
    [entry.environment, entry.stage].filter((name) => name !== null).join('/'),
    isPipe ? entry.by : entry.by.replace(/\s*<[^<>]*>$/, ''),
    entry.why ?? '',
    { text: isPipe ? entry.commit : entry.commit.slice(0, 7), paint: paint.dim },
    { text: entry.signature, paint: entry.signature === 'other' ? paint.bad : paint.dim },
  ]);
  return formatTable(columns, rows, display);
};

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
