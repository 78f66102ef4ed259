import type { Interval } from '../stats/estimate.ts';
import { emptyMoments, type Moments, mergeMoments } from '../stats/moments.ts';
import { compareRates } from '../stats/proportions.ts';
import type { Reason } from '../stats/reason.ts';
import { compareMeans, compareMeansRelatively } from '../stats/welch.ts';
import type { Rate } from '../stats/wilson.ts';
import type { GroupSummary, MetricFigures } from './source.ts';

/** The name under which the share of failed records is judged, beside the recorded metrics. */
export const errorRate = 'error_rate';

export type Direction = 'higher' | 'lower';
export type Verdict = 'better' | 'worse' | 'no difference' | 'insufficient';

/** Fewer values than this on a side may show a difference but never rule one out. */
export const leastValues = 10;

/** One side of a comparison: how many values there are, and how many records have none. */
export interface ComparedSide {
  readonly count: number;
  readonly missing: number;
  readonly mean: number | null;
  readonly sd: number | null;
}

/** One metric of two sets of records compared, b over a, in the metric's units; rates are shares of 1. */
export interface MetricComparison {
  readonly metric: string;
  readonly direction: Direction;
  readonly test: 'welch' | 'proportions';
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  readonly change: number | null;
  readonly interval: Interval | null;
  /** `change / |mean of a|`: 0.05 is 5 % more. */
  readonly relativeChange: number | null;
  readonly relativeInterval: Interval | null;
  readonly p: number | null;
  readonly verdict: Verdict;
  /** Why a figure is null, or the verdict insufficient; null when none is. */
  readonly reason: Reason | 'overflow' | null;
}

/** What is compared, and how sure to be. */
export interface JudgeOptions {
  readonly metric: string;
  readonly direction: Direction;
  /** 1 - confidence. */
  readonly alpha: number;
}

/**
 * A verdict from the interval of the change, never from its size: a difference only where the interval leaves out 0.
 * Without an interval, or without difference among fewer than `leastValues` values, the data is insufficient.
 */
const judgeInterval = (interval: Interval | null, direction: Direction, leastCount: number): Verdict => {
  if (interval === null) return 'insufficient';
  const [low, high] = interval;
  if (low > 0) return direction === 'higher' ? 'better' : 'worse';
  if (high < 0) return direction === 'higher' ? 'worse' : 'better';
  return leastCount < leastValues ? 'insufficient' : 'no difference';
};

/** What a comparison needs of a metric's figures. */
type JudgedFigures = Pick<MetricFigures, 'count' | 'missing' | 'mean' | 'm2' | 'sd'>;

/** The moments of a metric's figures; null where a sum was too large to be a number. */
export const momentsOf = ({ count, mean, m2 }: JudgedFigures): Moments | null => {
  if (count === 0) return { n: 0, mean: 0, M2: 0 };
  return mean === null || m2 === null ? null : { n: count, mean, M2: m2 };
};

const noComparison = {
  change: null,
  interval: null,
  relativeChange: null,
  relativeInterval: null,
  p: null,
  verdict: 'insufficient',
} as const;

const sideOf = ({ count, missing, mean, sd }: JudgedFigures): ComparedSide => ({ count, missing, mean, sd });

/** Figures of several groups as those of one, by Chan's rule. */
export const mergeFigures = (all: readonly MetricFigures[]): JudgedFigures => {
  const moments = all.map(momentsOf);
  const missing = all.reduce((sum, figures) => sum + figures.missing, 0);
  const count = all.reduce((sum, figures) => sum + figures.count, 0);
  const known = moments.filter((one) => one !== null);
  if (count === 0 || known.length < moments.length) return { count, missing, mean: null, m2: null, sd: null };
  const { mean, M2: m2 } = known.reduce(mergeMoments, emptyMoments);
  return { count, missing, mean, m2, sd: count < 2 ? null : Math.sqrt(m2 / (count - 1)) };
};

/** Compares the means of a metric by Welch's test, from moments alone. */
export const compareFigures = (
  a: JudgedFigures,
  b: JudgedFigures,
  { metric, direction, alpha }: JudgeOptions,
): MetricComparison => {
  const base = { metric, direction, test: 'welch', a: sideOf(a), b: sideOf(b) } as const;
  const [momentsA, momentsB] = [momentsOf(a), momentsOf(b)];
  if (momentsA === null || momentsB === null) return { ...base, ...noComparison, reason: 'overflow' };
  const means = compareMeans(momentsA, momentsB, alpha);
  const relative = compareMeansRelatively(momentsA, momentsB, alpha);
  const leastCount = Math.min(a.count, b.count);
  // Equal values on either side: no interval, but of enough of them the difference is plain.
  const isPlain = means.reason === 'zero-variance' && means.diff !== null && leastCount >= leastValues;
  const interval: Interval | null = isPlain ? [means.diff, means.diff] : means.ci;
  const verdict = judgeInterval(interval, direction, leastCount);
  return {
    ...base,
    change: means.diff,
    interval: means.ci,
    relativeChange: relative.estimate,
    relativeInterval: relative.ci,
    p: means.p,
    verdict,
    reason: means.reason ?? relative.reason ?? (verdict === 'insufficient' ? 'insufficient-data' : null),
  };
};

/** Errors among the records that say how they ended; `missing` do not. */
export interface ErrorCounts extends Rate {
  readonly missing: number;
}

/** The errors of groups of records, which may be none. */
export const countErrors = (...groups: readonly (GroupSummary | undefined)[]): ErrorCounts => {
  const sum = (of: (group: GroupSummary) => number): number =>
    groups.reduce((total, group) => total + (group === undefined ? 0 : of(group)), 0);
  const missing = sum(({ withoutStatus }) => withoutStatus);
  return { x: sum(({ errors }) => errors), n: sum(({ records }) => records) - missing, missing };
};

const rateSide = ({ x, n, missing }: ErrorCounts): ComparedSide => ({
  count: n,
  missing,
  mean: n === 0 ? null : x / n,
  sd: null,
});

/** Compares the error rates of two sides, as proportions: Newcombe's interval decides. */
export const compareErrorRates = (
  a: ErrorCounts,
  b: ErrorCounts,
  { metric, direction, alpha }: JudgeOptions,
): MetricComparison => {
  const rates = compareRates(a, b, alpha);
  const verdict = judgeInterval(rates.ciNewcombe, direction, Math.min(a.n, b.n));
  return {
    metric,
    direction,
    test: 'proportions',
    a: rateSide(a),
    b: rateSide(b),
    change: rates.diff,
    interval: rates.ciNewcombe,
    relativeChange: rates.relativeLift,
    relativeInterval: null,
    p: rates.p,
    verdict,
    reason: verdict === 'insufficient' ? 'insufficient-data' : rates.reason,
  };
};
