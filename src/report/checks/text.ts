import type { CheckCase, CheckProblem } from '../../core/checks/report.ts';
import { formatCount, sanitizeLine } from '../text.ts';

/** `file:line:column`, as far as it is known; empty when nothing is. */
export const formatPlace = (place: {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}): string => shorten([place.file, place.line, place.column].filter((part) => part !== null).join(':'));

/** A problem's message where the name of its case stands already: without that name at its beginning. */
export const messageOf = ({ message }: CheckProblem, { name }: CheckCase): string =>
  message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;

/** `2 errors, 1 warning`; empty when there is nothing. */
export const formatProblemCounts = (totals: {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
}): string =>
  [
    totals.errors > 0 ? formatCount(totals.errors, 'error') : '',
    totals.warnings > 0 ? formatCount(totals.warnings, 'warning') : '',
    totals.notes > 0 ? formatCount(totals.notes, 'note') : '',
  ]
    .filter((count) => count !== '')
    .join(', ');

/** One sanitised line of at most `limit` characters: a line of a megabyte must not bury a report. */
export const shorten = (text: string, limit = 500): string => {
  const line = sanitizeLine(text.slice(0, 4 * limit));
  const isLong = line.length > limit || text.length > 4 * limit;
  return toWellFormed(isLong ? `${line.slice(0, limit)}…` : line);
};

/** The text with every half of a surrogate pair, which UTF-8 cannot hold, replaced. */
export const toWellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/gu, '\ufffd');

/** JSON for a file that may also be printed: no text in it steers a terminal or is a command to a CI's log. */
export const formatJsonText = (value: unknown): string => {
  const json = JSON.stringify(value, null, 2).replaceAll('##[', '##\\u005b');
  const unsafe = /[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
  return `${json.replace(unsafe, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
};
