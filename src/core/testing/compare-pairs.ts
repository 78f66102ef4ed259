import { type Direction, leastValues, type Verdict } from '../metrics/judge.ts';
import type { Interval } from '../stats/estimate.ts';
import { testDiscordantPairs } from '../stats/mcnemar.ts';
import { comparePairs } from '../stats/paired.ts';

/** One metric of two texts on the same cases, b over a; a rate for `passed`. */
export interface PairedMetric {
  readonly metric: string;
  readonly direction: Direction;
  readonly test: 'mcnemar' | 'paired-t';
  readonly pairs: number;
  /** Cases of which one side has no value: in no pair. */
  readonly unpaired: number;
  readonly a: number | null;
  readonly b: number | null;
  readonly change: number | null;
  readonly interval: Interval | null;
  readonly p: number | null;
  readonly verdict: Verdict;
}

/** A case's values on both sides; null where there is none. */
export type Pair = readonly [a: number | null, b: number | null];

const alpha = 0.05;

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Compares a metric case by case: `passed` (0 or 1) by McNemar's exact test, others by Student's test of the
 * differences. A difference is one beyond chance (p < 0.05); that there is none takes at least ten pairs.
 */
export const comparePaired = (
  metric: string,
  direction: Direction,
  values: readonly Pair[],
): PairedMetric => {
  const pairs = values.filter(
    (pair): pair is readonly [number, number] => pair[0] !== null && pair[1] !== null,
  );
  const [a, b] = [pairs.map(([value]) => value), pairs.map(([, value]) => value)];
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const change = meanA === null || meanB === null ? null : meanB - meanA;
  const { p, interval } = metric === 'passed' ? testPassed(a, b) : testMeans(a, b);
  return {
    metric,
    direction,
    test: metric === 'passed' ? 'mcnemar' : 'paired-t',
    pairs: pairs.length,
    unpaired: values.length - pairs.length,
    a: meanA,
    b: meanB,
    change,
    interval,
    p,
    verdict: judge({ p, change, direction, pairs: pairs.length }),
  };
};

interface Tested {
  readonly p: number | null;
  readonly interval: Interval | null;
}

const testPassed = (a: readonly number[], b: readonly number[]): Tested => {
  const onlyA = a.filter((value, i) => value > (b[i] ?? 0)).length;
  const onlyB = a.filter((value, i) => value < (b[i] ?? 0)).length;
  // Without a pair that differs nothing speaks for a difference.
  return { p: a.length === 0 ? null : (testDiscordantPairs(onlyA, onlyB).p ?? 1), interval: null };
};

const testMeans = (a: readonly number[], b: readonly number[]): Tested => {
  const { p, ci, reason, meanDiff } = comparePairs(a, b, alpha);
  // Equal differences in every case: none at all, or a plain one.
  if (reason === 'zero-variance') return { p: meanDiff === 0 ? 1 : 0, interval: null };
  return { p, interval: ci };
};

const judge = ({
  p,
  change,
  direction,
  pairs,
}: {
  readonly p: number | null;
  readonly change: number | null;
  readonly direction: Direction;
  readonly pairs: number;
}): Verdict => {
  if (p === null || change === null) return 'insufficient';
  if (p < alpha && change !== 0) return change > 0 === (direction === 'higher') ? 'better' : 'worse';
  return pairs < leastValues ? 'insufficient' : 'no difference';
};
