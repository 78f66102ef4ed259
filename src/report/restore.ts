import type { RestoreResult } from '../operations/restore.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { sanitizeLine } from './text.ts';

/** Which text the working file has now. */
export const formatRestore = (result: RestoreResult, display: Display): string => {
  const paint = createPaint(display);
  const prompt = sanitizeLine(result.prompt);
  const path = sanitizeLine(result.path);
  const version = result.version === null ? 'that revision' : paint.version(sanitizeLine(result.version));
  if (!result.changed) return `${path} has the text of ${version} already.`;
  if (result.dryRun) return `Would restore ${paint.strong(prompt)} ${version} to ${path}.`;
  const restored = `Restored ${paint.strong(prompt)} ${version} to ${path}.`;
  if (result.diffCommand === null) return restored;
  return `${restored}\nSee what differs from the latest version: ${paint.command(sanitizeLine(result.diffCommand))}`;
};
