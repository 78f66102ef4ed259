import { computeEffectSize } from '../stats/effect-size.ts';
import type { Interval } from '../stats/estimate.ts';
import { compareRanks } from '../stats/mann-whitney.ts';
import type { Moments } from '../stats/moments.ts';
import { compareMeans } from '../stats/welch.ts';
import { type Direction, leastValues } from './judge.ts';

export const regressionTests = ['welch', 'mann-whitney'] as const;
export type RegressionTest = (typeof regressionTests)[number];

/** Which change counts as a regression. */
export type RegressionDirection = 'increase' | 'decrease' | 'both';

export interface RegressionOptions {
  readonly metric: string;
  readonly direction: Direction;
  /** Undefined: the metric's bad direction. */
  readonly regressionDirection?: RegressionDirection | undefined;
  readonly tests: readonly RegressionTest[];
  readonly confidence: number;
  /** The least Cohen's d that counts. */
  readonly minEffect: number;
}

/** All values of a side as moments, and those that are tested by rank. */
export interface RegressionSample {
  readonly moments: Moments;
  readonly values: readonly number[];
}

/** One test of a change; `statistic` is t, or U of the current values. */
export interface TestOutcome {
  readonly test: RegressionTest;
  readonly statistic: number | null;
  readonly p: number | null;
  readonly significant: boolean;
  readonly change: 'increase' | 'decrease' | 'none';
  readonly reason: string | null;
}

export interface RegressionJudgement {
  readonly metric: string;
  readonly direction: Direction;
  readonly regressionDirection: RegressionDirection;
  readonly change: number | null;
  /** Of the change of the mean. */
  readonly interval: Interval | null;
  readonly cohensD: number | null;
  readonly hedgesG: number | null;
  readonly tests: readonly TestOutcome[];
  /** The test that decides. */
  readonly decidedBy: RegressionTest;
  /** Null when one test was made, else whether both say the same. */
  readonly agreement: boolean | null;
  readonly verdict: 'regression' | 'no regression' | 'insufficient';
  readonly recommendation: string;
}

const heavyTailed = new Set(['cost_usd', 'input_tokens', 'output_tokens', 'total_tokens']);

/** Whether a few values may outweigh all others, as in latencies, costs and tokens: then ranks decide, not the mean. */
const isHeavyTailed = (metric: string): boolean => heavyTailed.has(metric) || /_(ms|s|seconds)$/.test(metric);

/**
 * Whether a metric regressed from `baseline` to `current`: only when the test that decides finds a change in the
 * direction that counts, and the change is at least `minEffect` standard deviations large.
 */
export const judgeRegression = (
  baseline: RegressionSample,
  current: RegressionSample,
  options: RegressionOptions,
): RegressionJudgement => {
  const { metric, direction, tests: wanted, confidence } = options;
  const means = compareMeans(baseline.moments, current.moments, 1 - confidence);
  const { cohensD, hedgesG } = computeEffectSize(baseline.moments, current.moments);
  const tests = wanted.map((test) =>
    test === 'welch' ? welchOutcome(means, confidence) : rankOutcome(baseline, current, confidence),
  );
  const decidedBy = deciderOf(metric, wanted);
  const decider = tests.find(({ test }) => test === decidedBy) ?? tests[0];
  const regressionDirection =
    options.regressionDirection ?? (direction === 'lower' ? 'increase' : 'decrease');
  const least = Math.min(baseline.moments.n, current.moments.n);
  const judged: Judged = { options, regressionDirection, cohensD, decider, least, isShift: isShift(means) };
  const verdict = verdictOf(judged);
  const agreement = tests.length < 2 ? null : tests.every((test) => isSameOutcome(test, tests[0]));
  return {
    metric,
    direction,
    regressionDirection,
    change: means.diff,
    interval: means.ci,
    cohensD,
    hedgesG,
    tests,
    decidedBy,
    agreement,
    verdict,
    recommendation: recommend(judged, verdict, agreement),
  };
};

const deciderOf = (metric: string, tests: readonly RegressionTest[]): RegressionTest => {
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return isHeavyTailed(metric) ? 'mann-whitney' : 'welch';
};

type Means = ReturnType<typeof compareMeans>;

/** Equal values on either side that differ: no test can be made, and the change is plain all the same. */
const isShift = ({ reason, diff }: Means): boolean =>
  reason === 'zero-variance' && diff !== null && diff !== 0;

const signOf = (value: number | null): TestOutcome['change'] =>
  value === null || value === 0 ? 'none' : value > 0 ? 'increase' : 'decrease';

const welchOutcome = (means: Means, confidence: number): TestOutcome => {
  const significant = means.p !== null && means.p < 1 - confidence;
  const change = significant || isShift(means) ? signOf(means.diff) : 'none';
  return { test: 'welch', statistic: means.t, p: means.p, significant, change, reason: means.reason };
};

const rankOutcome = (
  baseline: RegressionSample,
  current: RegressionSample,
  confidence: number,
): TestOutcome => {
  const { uB, p, cliffsDelta, reason } = compareRanks(baseline.values, current.values);
  const significant = p !== null && p < 1 - confidence;
  const change = significant ? signOf(cliffsDelta) : 'none';
  return { test: 'mann-whitney', statistic: uB, p, significant, change, reason };
};

const isSameOutcome = (one: TestOutcome, other: TestOutcome | undefined): boolean =>
  one.significant === other?.significant && one.change === other.change;

interface Judged {
  readonly options: RegressionOptions;
  readonly regressionDirection: RegressionDirection;
  readonly cohensD: number | null;
  readonly decider: TestOutcome | undefined;
  /** Values of the smaller side. */
  readonly least: number;
  readonly isShift: boolean;
}

const verdictOf = (judged: Judged): RegressionJudgement['verdict'] => {
  const { decider, least } = judged;
  if (isChangeThatCounts(judged) && isLargeEnough(judged)) return 'regression';
  if (least < leastValues) return 'insufficient';
  return decider === undefined || (decider.p === null && decider.reason !== 'zero-variance')
    ? 'insufficient'
    : 'no regression';
};

const isChangeThatCounts = ({ decider, regressionDirection, isShift: shifted, least }: Judged): boolean => {
  if (decider === undefined || decider.change === 'none') return false;
  if (!decider.significant && !(shifted && least >= leastValues)) return false;
  return regressionDirection === 'both' || decider.change === regressionDirection;
};

/** In the direction of the change: where mean and ranks go opposite ways the effect is not large. */
const isLargeEnough = ({ cohensD, decider, options, isShift: shifted }: Judged): boolean => {
  if (shifted) return true;
  return cohensD !== null && (decider?.change === 'increase' ? cohensD : -cohensD) >= options.minEffect;
};

const recommend = (
  judged: Judged,
  verdict: RegressionJudgement['verdict'],
  agreement: boolean | null,
): string => {
  const { metric } = judged.options;
  const doubt =
    agreement === false ? ` The two tests disagree; ${nameTest(judged)} decides for ${metric}.` : '';
  return `${adviceOf(judged, verdict)}${doubt}`;
};

const nameTest = ({ decider }: Judged): string =>
  decider?.test === 'welch' ? "Welch's test of the mean" : 'the test of Mann and Whitney by rank';

const adviceOf = (judged: Judged, verdict: RegressionJudgement['verdict']): string => {
  const { options, least, decider } = judged;
  const { metric, minEffect } = options;
  const moved = `${metric} ${decider?.change === 'decrease' ? 'fell' : 'rose'} beyond chance`;
  if (verdict === 'regression')
    return `${moved} and by a large enough effect: do not deliver this version, or roll it back.`;
  if (verdict === 'insufficient')
    return `There are too few values of ${metric} to say (${least} on the smaller side, ${leastValues} needed): collect more.`;
  if (isChangeThatCounts(judged))
    return `${moved}, but by less than the ${minEffect} standard deviations that count: watch it.`;
  return decider !== undefined && decider.change !== 'none'
    ? `${moved}, which is not the direction that counts: nothing to do.`
    : `${metric} shows no change beyond chance: nothing to do.`;
};
