import type { MetricsRecordResult } from '../../operations/metrics/record.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { formatCount, joinLines } from '../text.ts';

/** What was recorded, in a line or two. */
export const formatMetricsRecord = (
  { recorded, computedCosts, dryRun }: MetricsRecordResult,
  display: Display,
): string =>
  joinLines([
    `${dryRun ? 'Would record' : 'Recorded'} ${formatCount(recorded, 'run')}.`,
    computedCosts === 0
      ? null
      : createPaint(display).dim(
          `The cost of ${computedCosts === 1 && recorded === 1 ? 'it' : computedCosts} was computed from the prices.`,
        ),
  ]);
