import type { SyncResult } from '../operations/sync.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { type Cell, formatTable } from './table.ts';
import { formatCount, joinLines, sanitizeLine } from './text.ts';

const columns = [
  { title: 'action' },
  { title: 'prompt' },
  { title: 'versions' },
  { title: 'reason', shrinksTo: 20 },
];

/** Which versions came, which of one's own got another number, and which differ and need a person. */
export const formatSync = (result: SyncResult, display: Display): string => {
  const paint = createPaint(display);
  const remote = sanitizeLine(result.remote);
  const rows = [
    ...result.fetched.map((tag): Cell[] => [
      { text: result.dryRun ? 'to fetch' : 'fetched', paint: paint.good },
      tag,
    ]),
    ...result.renumbered.map(({ prompt, from, to }): Cell[] => [
      { text: result.dryRun ? 'to renumber' : 'renumbered', paint: paint.warn },
      ...[prompt, { text: `${from} → ${to}`, paint: paint.version }],
    ]),
    ...result.conflicts.map(({ prompt, version, reason }): Cell[] => [
      { text: 'conflict', paint: paint.bad },
      ...[prompt, { text: version, paint: paint.version }, reason],
    ]),
  ];
  if (rows.length === 0) return `Every version agrees with ${remote}.`;
  const conflicts = result.conflicts.length;
  return joinLines([
    formatTable(columns, rows, display, { header: false }),
    conflicts === 0
      ? null
      : `${formatCount(conflicts, 'version')} left alone. Find out more: ${paint.command('promptv doctor')}`,
    result.dryRun ? paint.dim('Dry run: nothing was changed.') : null,
  ]);
};
