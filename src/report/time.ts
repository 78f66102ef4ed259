import type { Display } from './display.ts';

const units: readonly (readonly [name: string, seconds: number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['min', 60],
];

/** A moment (ISO 8601) for the reader: `3 days ago` on a terminal, unchanged in a pipe and where it is no past moment. */
export const formatTime = (time: string, display: Display): string => {
  const seconds = (display.now.getTime() - Date.parse(time)) / 1_000;
  // Clocks of two machines differ a little: a moment slightly ahead is now.
  if (display.columns === null || Number.isNaN(seconds) || seconds < -60) return time;
  const unit = units.find(([, length]) => seconds >= length);
  if (unit === undefined) return 'just now';
  const count = Math.floor(seconds / unit[1]);
  return `${count} ${unit[0]}${count === 1 || unit[0] === 'min' ? '' : 's'} ago`;
};

/** The day of a moment, `2026-01-02`, in UTC; a text that is no moment stays as it is. */
export const formatDay = (time: string): string =>
  Number.isNaN(Date.parse(time)) ? time : new Date(time).toISOString().slice(0, 10);

/** A span of time for the reader, in the largest unit that it fills: `3.5 s`, `12 min`, `2.1 days`. */
export const formatDuration = (durationMs: number): string => {
  const seconds = durationMs / 1000;
  const [name, length] = units.find(([, each]) => seconds >= each) ?? ['s', 1];
  const count = seconds / length;
  const shown = count < 10 ? Math.round(count * 10) / 10 : Math.round(count);
  return `${shown} ${name}${name === 's' || name === 'min' || shown === 1 ? '' : 's'}`;
};
