import type { Occurrence } from '../../core/metrics/error-classes.ts';
import type { MetricsErrorsResult } from '../../operations/metrics/errors.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Column, formatTable } from '../table.ts';
import { formatCount, joinLines } from '../text.ts';
import { formatTime } from '../time.ts';
import { formatShare, formatWhole } from './figure.ts';

const columns: readonly Column[] = [
  { title: 'error', shrinksTo: 12 },
  { title: 'runs', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'last seen' },
  { title: 'first seen', optional: true },
  { title: 'versions', shrinksTo: 20 },
  { title: 'regions', shrinksTo: 12, optional: true },
];

/** Classes of errors, most frequent first. */
export const formatMetricsErrors = (result: MetricsErrorsResult, display: Display): string => {
  const paint = createPaint(display);
  const rows = result.errors.map((each) => [
    { text: each.error ?? '(no class)', paint: paint.bad },
    formatWhole(each.count),
    formatShare(each.share),
    formatTime(each.lastSeen, display),
    formatTime(each.firstSeen, display),
    listOccurrences(each.versions),
    listOccurrences(each.regions),
  ]);
  const table = formatTable(columns, rows, display);
  if (display.columns === null) return table;
  const { errorCount, errorRate, records, withoutStatus, sinceLocal, untilLocal } = result;
  const limits = [sinceLocal && `since ${sinceLocal}`, untilLocal && `until ${untilLocal}`].filter(Boolean);
  const silent = withoutStatus === 0 ? '' : ' with a status';
  const runs = `${formatWhole(records - withoutStatus)} runs${silent}`;
  const rate = errorRate === null ? '' : `, ${formatShare(errorRate)} of ${runs}`;
  return joinLines(
    [
      `${formatCount(errorCount, 'error')}${rate}${limits.length === 0 ? '' : ` ${limits.join(', ')}`}.`,
      rows.length === 0 ? null : table,
    ],
    '\n\n',
  );
};

/** `a@1.0.0 (12), a@1.1.0 (3)`. */
const listOccurrences = (occurrences: readonly Occurrence[]): string =>
  occurrences
    .filter(({ value }) => value !== null)
    .map(({ value, count }) => `${value} (${count})`)
    .join(', ');
