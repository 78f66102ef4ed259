import type { MetricsImportResult } from '../../operations/metrics/import.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Column, formatTable } from '../table.ts';
import { formatCount, joinLines } from '../text.ts';
import { formatWhole } from './figure.ts';

const columns: readonly Column[] = [{ title: 'place' }, { title: 'reason', shrinksTo: 20 }];
const shown = 20;

/** What was added and skipped, and of what was refused the first ones with the reason. */
export const formatMetricsImport = (result: MetricsImportResult, display: Display): string => {
  const { read, imported, duplicates, refusedCount, refused, computedCosts, dryRun } = result;
  const paint = createPaint(display);
  const listed = refused.slice(0, shown).map(({ place, reason }) => [place, reason]);
  const more = refusedCount - listed.length;
  return joinLines([
    `${dryRun ? 'Would import' : 'Imported'} ${formatWhole(imported)} of ${formatWhole(read)} ${read === 1 ? 'run' : 'runs'}.`,
    duplicates === 0 ? null : `${formatWhole(duplicates)} already in the log, skipped.`,
    computedCosts === 0 ? null : `${formatCount(computedCosts, 'cost')} computed from the prices.`,
    refusedCount === 0 ? null : `${paint.bad(`${formatWhole(refusedCount)} refused`)}:`,
    listed.length === 0 ? null : formatTable(columns, listed, display, { header: false, indent: 2 }),
    more > 0 ? paint.dim(`  and ${formatWhole(more)} more`) : null,
  ]);
};
