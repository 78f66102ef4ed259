import { parseMoment } from '../moment.ts';

/** A stretch of time, epoch milliseconds; `until` is not included. */
export interface Period {
  readonly since: number;
  readonly until: number;
  /** As it was meant, with offsets: `2026-03-01T00:00:00+01:00..2026-03-08T00:00:00+01:00`. */
  readonly label: string;
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of `90m`, `24h`, `7d`, `2w`; null for anything else. */
const parseSpan = (text: string): number | null => {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * (unitsMs[unit] ?? 0);
};

interface Edge {
  readonly time: number;
  readonly label: string;
}

/** A moment in ISO 8601 (local without an offset), or a span ago such as `7d`; null for anything else. */
export const parseEdge = (text: string, now: number): Edge | null => {
  const span = parseSpan(text);
  if (span !== null) return { time: now - span, label: new Date(now - span).toISOString() };
  const moment = parseMoment(text);
  return moment && { time: Date.parse(moment.utc), label: moment.local };
};

/**
 * A period: the last `7d`; `FROM..TO`, each a moment or a span ago, without TO until now; a day `2026-03-01`.
 * Null for a text that is none.
 */
export const parsePeriod = (text: string, now: number): Period | null => {
  const at = text.indexOf('..');
  if (at >= 0) return joinEdges(parseEdge(text.slice(0, at), now), parseEnd(text.slice(at + 2), now));
  const start = parseEdge(text, now);
  if (start === null) return null;
  if (parseSpan(text) !== null) return joinEdges(start, parseEnd('', now));
  return /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? joinEdges(start, nextDay(start)) : null;
};

const parseEnd = (text: string, now: number): Edge | null =>
  text === '' ? { time: now + 1, label: new Date(now).toISOString() } : parseEdge(text, now);

/** The next local midnight: a day has 23 or 25 hours where the clocks change. */
const nextDay = ({ time }: Edge): Edge | null => {
  const day = new Date(time);
  const text = new Date(Date.UTC(day.getFullYear(), day.getMonth(), day.getDate() + 1)).toISOString();
  return parseEdge(text.slice(0, 10), time);
};

const joinEdges = (start: Edge | null, end: Edge | null): Period | null =>
  start === null || end === null || start.time >= end.time
    ? null
    : { since: start.time, until: end.time, label: `${start.label}..${end.label}` };
