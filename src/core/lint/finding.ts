import type { DocumentPath } from '../prompt/document.ts';
import type { LintRuleId } from './rules.ts';

/** What a rule found, before it has a place in a file. */
export interface Finding {
  readonly ruleId: LintRuleId;
  readonly message: string;
  /** The key, item or text concerned. */
  readonly path: DocumentPath;
  /** The part of the text at `path` that is meant, in UTF-16 units; without it the key or item itself. */
  readonly range?: readonly [start: number, end: number];
  /** The variable that `lint --fix` may declare. */
  readonly declares?: string;
}

/** One text of a document, and where it stands. */
export interface ScannedText {
  readonly path: DocumentPath;
  readonly text: string;
}

/** A message's quotation of a text: one line, not long. */
export const quote = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return `"${line.length > 60 ? `${line.slice(0, 59)}…` : line}"`;
};
