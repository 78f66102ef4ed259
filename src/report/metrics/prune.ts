import type { MetricsPruneResult } from '../../operations/metrics/prune.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Column, formatTable } from '../table.ts';
import { formatCount, joinLines, sanitizeLine } from '../text.ts';
import { formatWhole } from './figure.ts';

const columns: readonly Column[] = [{ title: 'segment' }, { title: 'bytes', align: 'right' }];

/** The segments that are old, and whether they were removed. */
export const formatMetricsPrune = (result: MetricsPruneResult, display: Display): string => {
  const { segments, bytes, before, removed, directory } = result;
  if (segments.length === 0) return `Nothing in ${sanitizeLine(directory)} is from before ${before}.`;
  const rows = segments.map(({ segment, bytes: size }) => [
    segment,
    display.columns === null ? String(size) : formatWhole(size),
  ]);
  const what = `${formatCount(segments.length, 'segment')} from before ${before}, ${formatWhole(bytes)} bytes`;
  return joinLines([
    `${removed ? 'Removed' : 'Would remove'} ${what}:`,
    formatTable(columns, rows, display, { header: false, indent: 2 }),
    removed ? null : createPaint(display).dim('Nothing was removed; --force removes them for good.'),
  ]);
};
