import type { NewPromptResult } from '../operations/new-prompt.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { sanitizeLine } from './text.ts';

/** Which file to edit, and how to save it. */
export const formatNewPrompt = (result: NewPromptResult, display: Display): string => {
  const paint = createPaint(display);
  const prompt = sanitizeLine(result.prompt);
  const subject = `${paint.strong(prompt)} in ${sanitizeLine(result.path)}.`;
  if (result.dryRun) return `Would create ${subject}`;
  return `Created ${subject}\nEdit it, then save its first version: ${paint.command(`promptv save ${prompt} -m MESSAGE`)}`;
};
