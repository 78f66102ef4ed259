import { describe, expect, it } from 'vitest';
import { placeOfBucket, type TrendBucket } from '../../../../src/core/metrics/bucket-place.ts';
import { createBucketNamer } from '../../../../src/core/metrics/time-buckets.ts';
import { fitTrend, type TrendPoint } from '../../../../src/core/metrics/trend.ts';
import { drawSparkline } from '../../../../src/report/metrics/trend.ts';

const day = 86_400_000;

const points = (...values: readonly (number | null)[]): TrendPoint[] =>
  values.map((value, index) => ({
    bucket: `2026-03-${String(index + 1).padStart(2, '0')}`,
    value,
    count: value === null ? 0 : 5,
    missing: 0,
  }));

const options = { bucket: 'day', direction: 'lower', alpha: 0.05, forecast: 0 } as const;

describe('the place of a bucket', () => {
  it.each<[TrendBucket, number, string]>([
    ['hour', 3_600_000, 'Asia/Kolkata'],
    ['hour', 3_600_000, 'Europe/Berlin'],
    ['day', day, 'UTC'],
    ['week', 7 * day, 'UTC'],
  ])('of %s grows by one from each to the next, over years and changes of the clock', (bucket, span, area) => {
    const nameOf = createBucketNamer(bucket, area);
    for (const start of [
      '2025-12-20T00:30:00Z',
      '2026-03-28T20:30:00Z',
      '2026-10-24T20:30:00Z',
      '2027-12-27T12:30:00Z',
    ])
      for (let step = 0; step < 12; step += 1) {
        const [one, next] = [0, 1].map((more) => nameOf(Date.parse(start) + (step + more) * span));
        expect([one, placeOfBucket(bucket, next ?? '') - placeOfBucket(bucket, one ?? '')]).toEqual([one, 1]);
      }
  });
});

describe('a trend', () => {
  it.each([
    ['rising', points(1, 2.1, 2.9, 4.1, 5), 'worsening'],
    ['falling', points(5, 4.1, 2.9, 2.1, 1), 'improving'],
    ['going nowhere', points(3, 1, 4, 1, 5, 2), 'no trend'],
    ['flat', points(2, 2, 2), 'no trend'],
    ['of two buckets', points(1, 2), 'insufficient'],
    ['of nothing', points(null, null), 'insufficient'],
  ])('%s is judged', (_, given, verdict) => {
    expect(fitTrend(given, options).verdict).toBe(verdict);
  });

  it('leaves gaps out where it could count them as 0', () => {
    const { slope } = fitTrend(points(1, null, 3.1, null, 4.9, 6), options);
    expect(slope).toBeCloseTo(0.985, 2);
  });

  it('goes on with an interval that widens', () => {
    const { forecast } = fitTrend(points(1, 2.1, 2.9, 4.1, 5), { ...options, forecast: 2 });
    expect(forecast.map(({ ahead }) => ahead)).toEqual([1, 2]);
    const widths = forecast.map(({ interval }) => (interval === null ? 0 : interval[1] - interval[0]));
    expect(widths[1]).toBeGreaterThan(widths[0] ?? 0);
    expect(forecast[0]?.value).toBeCloseTo(6.02, 1);
  });
});

describe('a sparkline', () => {
  it('has the lowest and the highest tick at the ends, gaps as spaces, and the newest values', () => {
    expect(drawSparkline([0, 1, null, 7])).toBe('▁▂ █');
    expect(drawSparkline([4, 4])).toBe('▅▅');
  });
});
