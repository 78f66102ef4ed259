import type { ExportResult } from '../operations/export.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { formatCount, sanitizeLine } from './text.ts';

/** Which file was written, and what is in it. */
export const formatExport = (
  { file, environment, flags, dryRun }: ExportResult,
  display: Display,
): string => {
  const paint = createPaint(display);
  const verb = dryRun ? 'Would write' : 'Wrote';
  return `${verb} ${paint.strong(sanitizeLine(file ?? '-'))}: ${formatCount(flags.length, 'flag')} of ${sanitizeLine(environment)}.`;
};
