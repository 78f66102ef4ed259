import { durationPattern, parseDurationMs } from './config/duration.ts';
import { type Moment, parseMoment } from './moment.ts';

/** Milliseconds of `90m`, `24h`, `7d`, `2w`; null for anything else. */
export const parseSpan = (text: string): number | null =>
  durationPattern.test(text.trim()) ? parseDurationMs(text.trim()) : null;

/** A span before `now` (epoch milliseconds), such as `7d`, or a moment, local without an offset; null for anything else. */
export const parseSince = (text: string, now: number): Moment | null => {
  const span = parseSpan(text);
  if (span === null) return parseMoment(text);
  const start = new Date(now - span);
  if (Number.isNaN(start.getTime())) return null;
  return { utc: start.toISOString(), local: start.toISOString() };
};
