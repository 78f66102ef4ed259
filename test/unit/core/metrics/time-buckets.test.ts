import { describe, expect, it } from 'vitest';
import { createBucketNamer, type TimeBucket } from '../../../../src/core/metrics/time-buckets.ts';

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
