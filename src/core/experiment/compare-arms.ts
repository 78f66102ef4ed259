import { computeEffectSize } from '../stats/effect-size.ts';
import { compareRanks } from '../stats/mann-whitney.ts';
import { normalQuantile, normalTwoSidedP } from '../stats/normal.ts';
import { compareRates } from '../stats/proportions.ts';
import { compareQuantileEstimates, type QuantileEstimate } from '../stats/quantile-effect.ts';
import { compareMeansRelatively, contrastMeans } from '../stats/welch.ts';
import type { Rate } from '../stats/wilson.ts';
import type { Arm } from './arm.ts';
import { finite, type Inference, type Inferred, type Interval, infer, type Reason } from './inference.ts';

/** How an effect was tested; under `sequential` the standard error of that method goes into the sequence. */
export type Method = 'welch' | 'delta' | 'proportions' | 'fisher' | 'quantile' | 'paired-t' | 'mcnemar';

/** A test by rank beside one of means: what heavy tails cannot sway. */
export interface RankTest {
  readonly test: 'mann-whitney' | 'signed-rank';
  readonly p: number | null;
}

/** A variant against control: the change in the metric's units and as a share of control's value. */
export interface Effect {
  readonly absolute: number | null;
  readonly interval: Interval | null;
  readonly relative: number | null;
  readonly relativeInterval: Interval | null;
  readonly p: number | null;
  readonly method: Method;
  readonly hedgesG: number | null;
  readonly cliffsDelta: number | null;
  readonly cohensH: number | null;
  readonly ranks: RankTest | null;
  /** Why a figure is null; null when none is. */
  readonly reason: Reason | null;
}

/** Compares one metric of two variants. */
export const compareArms = (control: Arm, treatment: Arm, inference: Inference): Effect => {
  const n = control.n + treatment.n;
  const { absolute, method } = testDifference(control, treatment, inference);
  const difference = contrastMeans(control.moments, treatment.moments, 1);
  const relative = compareMeansRelatively(control.moments, treatment.moments, inference.alpha);
  const relativeTest = infer({ ...relative, df: difference.df }, n, inference);
  const isRelative = relative.reason !== 'zero-baseline';
  return {
    absolute: finite(difference.estimate),
    interval: absolute.interval,
    relative: isRelative ? relative.estimate : null,
    relativeInterval: isRelative ? relativeTest.interval : null,
    p: absolute.p,
    method,
    ...measureSize(control, treatment),
    reason: absolute.reason ?? (isRelative ? relativeTest.reason : 'zero-baseline'),
  };
};

const testDifference = (
  control: Arm,
  treatment: Arm,
  inference: Inference,
): { readonly absolute: Inferred; readonly method: Method } => {
  const n = control.n + treatment.n;
  if (control.rate !== null && treatment.rate !== null)
    return inference.mode === 'fixed'
      ? testRates(control.rate, treatment.rate, inference.alpha)
      : { absolute: testRatesSequentially(control.rate, treatment.rate, inference), method: 'proportions' };
  const difference = contrastMeans(control.moments, treatment.moments, 1);
  if (control.quantile !== null && treatment.quantile !== null && inference.mode === 'fixed')
    return {
      absolute: testQuantiles(control.quantile, treatment.quantile, inference.alpha),
      method: 'quantile',
    };
  const isDelta = control.isClustered || treatment.isClustered;
  const method = control.quantile !== null ? 'quantile' : isDelta ? 'delta' : 'welch';
  return { absolute: infer(difference, n, inference), method };
};

/** Below this many expected in a cell the z-test is rough. Source: Cochran (1954). */
const fewestExpected = 5;

const testRates = (
  a: Rate,
  b: Rate,
  alpha: number,
): { readonly absolute: Inferred; readonly method: Method } => {
  const { z, p, pFisher, ciNewcombe, reason } = compareRates(a, b, alpha);
  const pooled = (a.x + b.x) / Math.max(1, a.n + b.n);
  const isRough = Math.min(a.n, b.n) * Math.min(pooled, 1 - pooled) < fewestExpected;
  const isTested = z !== null;
  return {
    absolute: {
      interval: isTested ? ciNewcombe : null,
      p: isTested && isRough ? pFisher : p,
      reason: reason === 'zero-baseline' ? null : reason,
    },
    method: isRough ? 'fisher' : 'proportions',
  };
};

/**
 * The sequence of a difference of rates. Each variance is that of one more success and one more failure, so that a
 * rate without an event does not look certain. Source: Agresti and Caffo (2000).
 */
const testRatesSequentially = (a: Rate, b: Rate, inference: Inference): Inferred => {
  const events = a.x + b.x;
  if (a.n === 0 || b.n === 0) return { interval: null, p: null, reason: 'insufficient-data' };
  if (events === 0 || events === a.n + b.n) return { interval: null, p: null, reason: 'zero-variance' };
  const varianceOf = ({ x, n }: Rate): number => {
    const rate = (x + 1) / (n + 2);
    return (rate * (1 - rate)) / n;
  };
  const estimate = b.x / b.n - a.x / a.n;
  const se = Math.sqrt(varianceOf(a) + varianceOf(b));
  return infer({ estimate, se, df: a.n + b.n - 2 }, a.n + b.n, inference);
};

/** The p at which the interval would just touch 0, taken from its side towards 0. */
const testQuantiles = (a: QuantileEstimate, b: QuantileEstimate, alpha: number): Inferred => {
  const { diff, ci, reason } = compareQuantileEstimates(a, b);
  if (diff === null || ci === null) return { interval: null, p: null, reason };
  const reach = diff > 0 ? diff - ci[0] : ci[1] - diff;
  const p = reach === 0 ? null : normalTwoSidedP((-normalQuantile(alpha / 2) * diff) / reach);
  return { interval: ci, p, reason: p === null ? 'zero-variance' : null };
};

type EffectSizes = Pick<Effect, 'hedgesG' | 'cliffsDelta' | 'cohensH' | 'ranks'>;

const noSizes: EffectSizes = { hedgesG: null, cliffsDelta: null, cohensH: null, ranks: null };

const measureSize = (control: Arm, treatment: Arm): EffectSizes => {
  if (control.rate !== null && treatment.rate !== null)
    return { ...noSizes, cohensH: compareRates(control.rate, treatment.rate).cohensH };
  if (control.sample === null || treatment.sample === null) return noSizes;
  const { hedgesG } = computeEffectSize(control.moments, treatment.moments);
  const { p, cliffsDelta } = compareRanks(control.sample, treatment.sample);
  return { ...noSizes, hedgesG, cliffsDelta, ranks: { test: 'mann-whitney', p } };
};
