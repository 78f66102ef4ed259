import { type Moment, parseMoment } from '../moment.ts';

const unitsMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of `90m`, `24h`, `7d`, `2w`; null for anything else. */
export const parseSpan = (text: string): number | null => {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text.trim()) ?? [];
  return count === undefined ? null : Number(count) * (unitsMs[unit] ?? 0);
};

/** A span before `now` (epoch milliseconds), such as `7d`, or a moment, local without an offset; null for anything else. */
export const parseSince = (text: string, now: number): Moment | null => {
  const span = parseSpan(text);
  if (span === null) return parseMoment(text);
  const utc = new Date(now - span).toISOString();
  return { utc, local: utc };
};
