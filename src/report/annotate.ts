import type { AnnotateResult } from '../operations/annotate.ts';
import type { Decided } from '../operations/decide-state.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { formatCommit } from './promote.ts';
import { indent, joinLines, sanitize, sanitizeLine } from './text.ts';

/** The remark as it was kept, and the mark that it sets or lifts. */
export const formatAnnotate = (result: Decided<AnnotateResult>, display: Display): string => {
  const paint = createPaint(display);
  const { prompt, version, mark, text } = result.annotation;
  const name = `${paint.strong(sanitizeLine(prompt))} ${paint.version(sanitizeLine(version))}`;
  const marked = mark === null ? 'Annotated' : mark === 'none' ? 'Lifted the mark of' : 'Marked';
  const words = result.unchanged ? 'Said already of' : result.dryRun ? 'Would write of' : marked;
  const end = mark === null || mark === 'none' ? ':' : ` as ${paint.warn(mark)}:`;
  return joinLines([`${words} ${name}${end}`, indent(sanitize(text), 2), formatCommit(result, display)]);
};
