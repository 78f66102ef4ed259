import type { TimeBucket } from './time-buckets.ts';

export type TrendBucket = Exclude<TimeBucket, 'month'>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The place of a bucket on a line where neighbours are 1 apart, from its name: whole hours since 1970, days, or
 * ISO weeks. Days and weeks count by the calendar, so one of 23 hours is as long as the others.
 */
export const placeOfBucket = (bucket: TrendBucket, name: string): number => {
  if (bucket === 'hour') return Date.parse(name.replace(/^(.{13})/, '$1:00')) / hourMs;
  if (bucket === 'day') return Date.parse(name) / dayMs;
  const [, year = '', week = ''] = /^(\d{4})-W(\d{2})$/.exec(name) ?? [];
  const january4 = Date.UTC(Number(year), 0, 4) / dayMs;
  const firstMonday = january4 - ((january4 + 3) % 7);
  return (firstMonday + 3) / 7 + Number(week) - 1;
};
