import { describe, expect, it } from 'vitest';
import {
  createBucketNamer,
  listBuckets,
  type TimeBucket,
} from '../../../../src/core/metrics/time-buckets.ts';

const cases: readonly [string, TimeBucket, string | undefined, string][] = [
  ['2026-03-01T23:59:59.999Z', 'day', undefined, '2026-03-01'],
  ['2024-02-29T12:00:00Z', 'day', undefined, '2024-02-29'],
  ['2024-02-29T23:30:00Z', 'day', 'Europe/Berlin', '2024-03-01'],
  ['2026-01-01T00:30:00Z', 'day', 'America/New_York', '2025-12-31'],
  ['2026-03-29T00:59:59Z', 'hour', 'Europe/Berlin', '2026-03-29T01+01:00'],
  ['2026-03-29T01:00:00Z', 'hour', 'Europe/Berlin', '2026-03-29T03+02:00'],
  ['2026-10-25T00:30:00Z', 'hour', 'Europe/Berlin', '2026-10-25T02+02:00'],
  ['2026-10-25T01:30:00Z', 'hour', 'Europe/Berlin', '2026-10-25T02+01:00'],
  ['2026-10-24T22:00:00Z', 'day', 'Europe/Berlin', '2026-10-25'],
  ['2026-10-25T22:59:59Z', 'day', 'Europe/Berlin', '2026-10-25'],
  ['2026-10-25T23:00:00Z', 'day', 'Europe/Berlin', '2026-10-26'],
  ['2026-06-01T18:44:59Z', 'day', 'Asia/Kathmandu', '2026-06-02'],
  ['2026-06-01T18:14:59Z', 'day', 'Asia/Kathmandu', '2026-06-01'],
  ['2026-06-01T10:00:00Z', 'hour', 'Asia/Kathmandu', '2026-06-01T15+05:45'],
  ['2026-06-01T10:00:00Z', 'hour', undefined, '2026-06-01T10Z'],
  ['2026-01-01T12:00:00Z', 'week', undefined, '2026-W01'],
  ['2024-12-30T12:00:00Z', 'week', undefined, '2025-W01'],
  ['2021-01-03T12:00:00Z', 'week', undefined, '2020-W53'],
  ['2021-01-04T12:00:00Z', 'week', undefined, '2021-W01'],
  ['2026-02-28T23:59:59Z', 'month', undefined, '2026-02'],
  ['2026-02-28T23:59:59Z', 'month', 'Asia/Tokyo', '2026-03'],
];

describe('time buckets', () => {
  it.each(cases)('puts %s into the %s of %s: %s', (time, bucket, area, name) => {
    expect(createBucketNamer(bucket, area)(Date.parse(time))).toBe(name);
  });

  it('refuses an unknown area', () => {
    expect(() => createBucketNamer('day', 'Mars/Olympus')).toThrow(RangeError);
  });
});

describe('the buckets between two moments', () => {
  const list = (bucket: 'hour' | 'day' | 'week' | 'month', from: string, to: string, timeZone?: string) =>
    listBuckets(bucket, { from: Date.parse(from), to: Date.parse(to) }, timeZone);

  it.each([
    ['day', '2024-02-28T23:00Z', '2024-03-01T00:00Z', 'UTC', '2024-02-28 2024-02-29 2024-03-01'],
    ['day', '2026-03-28T23:30Z', '2026-03-30T00:00Z', 'Europe/Berlin', '2026-03-29 2026-03-30'],
    ['day', '2011-12-29T12:00Z', '2011-12-31T12:00Z', 'Pacific/Apia', '2011-12-29 2011-12-31 2012-01-01'],
    ['week', '2026-12-27T12:00Z', '2027-01-04T12:00Z', 'UTC', '2026-W52 2026-W53 2027-W01'],
    ['month', '2026-01-31T12:00Z', '2026-03-01T00:00Z', 'UTC', '2026-01 2026-02 2026-03'],
    [
      'hour',
      '2026-10-25T00:10Z',
      '2026-10-25T02:10Z',
      'Europe/Berlin',
      '2026-10-25T02+02:00 2026-10-25T02+01:00 2026-10-25T03+01:00',
    ],
    ['day', '2026-03-01T12:00Z', '2026-03-01T12:00Z', 'UTC', '2026-03-01'],
  ] as const)('every %s from %s to %s in %s, in order', (bucket, from, to, timeZone, names) => {
    expect(list(bucket, from, to, timeZone).join(' ')).toBe(names);
  });
});
