import type { UnsaveResult } from '../operations/unsave.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { sanitizeLine } from './text.ts';

/** Which version is no more. */
export const formatUnsave = (result: UnsaveResult, display: Display): string => {
  const paint = createPaint(display);
  const prompt = sanitizeLine(result.prompt);
  const subject = `${paint.strong(prompt)} ${paint.version(sanitizeLine(result.version))} (tag ${sanitizeLine(result.tag)})`;
  if (result.dryRun) return `Would remove ${subject}.`;
  const kept = result.hasFile ? 'Its file and commit are as they were.' : 'It has no file; its commit stays.';
  const again = result.saveCommand && `\nSave again: ${paint.command(sanitizeLine(result.saveCommand))}`;
  return `Removed ${subject}. ${kept}${again ?? ''}`;
};
