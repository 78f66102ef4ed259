import { computeCoMoments } from '../stats/co-moments.ts';
import type { Interval } from '../stats/estimate.ts';
import { fitLinearTrend, forecastTrend } from '../stats/linear-trend.ts';
import { placeOfBucket, type TrendBucket } from './bucket-place.ts';
import { countErrors, type Direction, errorRate, mergeFigures } from './judge.ts';
import { figuresIn, type GroupSummary } from './source.ts';

/** The mean of one bucket; `value` is null where no record of it has the metric. */
export interface TrendPoint {
  readonly bucket: string;
  readonly value: number | null;
  readonly count: number;
  readonly missing: number;
}

export interface TrendForecast {
  /** How many buckets after the last one. */
  readonly ahead: number;
  readonly value: number | null;
  readonly interval: Interval | null;
}

/** A straight line through the means of the buckets; the slope in units of the metric a bucket. */
export interface TrendLine {
  readonly slope: number | null;
  readonly interval: Interval | null;
  readonly p: number | null;
  readonly r2: number | null;
  readonly verdict: 'improving' | 'worsening' | 'no trend' | 'insufficient';
  readonly forecast: readonly TrendForecast[];
  readonly reason: string | null;
}

export interface TrendOptions {
  readonly bucket: TrendBucket;
  readonly direction: Direction;
  /** 1 - confidence. */
  readonly alpha: number;
  /** How many buckets to go on for. */
  readonly forecast: number;
}

/** Fewer buckets than this with values show no line that could be told from chance. */
const leastBuckets = 3;

/** Fits a line to the buckets that have a value; the others are left out, not taken as 0. */
export const fitTrend = (points: readonly TrendPoint[], options: TrendOptions): TrendLine => {
  const { bucket, direction, alpha, forecast } = options;
  const placed = points.flatMap(({ bucket: name, value }) =>
    value === null ? [] : [{ x: placeOfBucket(bucket, name), y: value }],
  );
  const pairs = computeCoMoments(
    placed.map(({ x }) => x),
    placed.map(({ y }) => y),
  );
  const { slope, slopeCi, p, r2, reason } = fitLinearTrend(pairs, alpha);
  const last = Math.max(...points.map(({ bucket: name }) => placeOfBucket(bucket, name)));
  const isFlat = reason === 'zero-variance' && slope === 0 && placed.length >= leastBuckets;
  const verdict = isFlat
    ? 'no trend'
    : placed.length < leastBuckets
      ? 'insufficient'
      : judgeSlope(slopeCi, direction);
  const ahead = Array.from({ length: points.length === 0 ? 0 : forecast }, (_, index) => index + 1);
  const read = forecastTrend(
    pairs,
    ahead.map((step) => last + step),
    alpha,
  );
  return {
    slope,
    interval: slopeCi,
    p,
    r2,
    verdict,
    forecast: ahead.map((step, at) => ({
      ahead: step,
      value: read[at]?.y ?? null,
      interval: read[at]?.ci ?? null,
    })),
    reason: verdict === 'insufficient' ? (reason ?? 'insufficient-data') : reason,
  };
};

const judgeSlope = (interval: Interval | null, direction: Direction): TrendLine['verdict'] => {
  if (interval === null) return 'insufficient';
  const [low, high] = interval;
  if (low > 0) return direction === 'higher' ? 'improving' : 'worsening';
  if (high < 0) return direction === 'higher' ? 'worsening' : 'improving';
  return 'no trend';
};

/** One bucket from the groups of its records: the mean of a metric, or the share that failed of those with a status. */
export const describePoint = (
  bucket: string,
  groups: readonly GroupSummary[],
  metric: string,
): TrendPoint => {
  if (metric === errorRate) {
    const { x, n, missing } = countErrors(...groups);
    return { bucket, value: n === 0 ? null : x / n, count: n, missing };
  }
  const { count, missing, mean } = mergeFigures(groups.map((group) => figuresIn(group, metric)));
  return { bucket, value: mean, count, missing };
};
