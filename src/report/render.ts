import type { RenderResult } from '../operations/render.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { sanitize, sanitizeLine } from './text.ts';

interface RenderReportOptions {
  /** Default: `text`. A prompt with `content` has no messages and is always text. */
  readonly format?: 'text' | 'messages';
}

/** The filled prompt as text, or each message below its role. */
export const formatRender = (
  result: RenderResult,
  display: Display,
  options: RenderReportOptions = {},
): string => {
  if (options.format !== 'messages' || result.messages === null) return withoutLastEnd(sanitize(result.text));
  const paint = createPaint(display);
  return result.messages
    .map(({ role, content }) => `${paint.info(sanitizeLine(role))}\n${withoutLastEnd(sanitize(content))}`)
    .join('\n\n');
};

const withoutLastEnd = (text: string): string => text.replace(/\r?\n$/, '');
