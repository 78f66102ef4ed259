import type { Moment } from '../moment.ts';
import { parseSince, parseSpan } from '../since.ts';

/** A stretch of time, epoch milliseconds; `until` is not included. */
export interface Period {
  readonly since: number;
  readonly until: number;
  /** As it was meant, with offsets: `2026-03-01T00:00:00+01:00..2026-03-08T00:00:00+01:00`. */
  readonly label: string;
}

/**
 * A period: the last `7d`; `FROM..TO`, each a moment or a span ago, without TO until now; a day `2026-03-01`.
 * Null for a text that is none.
 */
export const parsePeriod = (text: string, now: number): Period | null => {
  const at = text.indexOf('..');
  if (at >= 0) return joinEdges(parseSince(text.slice(0, at), now), parseEnd(text.slice(at + 2), now));
  const start = parseSince(text, now);
  if (start === null) return null;
  if (parseSpan(text) !== null) return joinEdges(start, parseEnd('', now));
  return /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? joinEdges(start, nextDay(start)) : null;
};

const parseEnd = (text: string, now: number): Moment | null =>
  text === ''
    ? { utc: new Date(now + 1).toISOString(), local: new Date(now).toISOString() }
    : parseSince(text, now);

/** The next local midnight: a day has 23 or 25 hours where the clocks change. */
const nextDay = ({ utc }: Moment): Moment | null => {
  const day = new Date(utc);
  const text = new Date(Date.UTC(day.getFullYear(), day.getMonth(), day.getDate() + 1)).toISOString();
  return parseSince(text.slice(0, 10), day.getTime());
};

const joinEdges = (start: Moment | null, end: Moment | null): Period | null => {
  if (start === null || end === null || start.utc >= end.utc) return null;
  const [since, until] = [Date.parse(start.utc), Date.parse(end.utc)];
  return { since, until, label: `${start.local}..${end.local}` };
};
