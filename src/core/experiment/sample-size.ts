import { planMeansSampleSize } from '../stats/power-means.ts';
import { planRatesSampleSize } from '../stats/power-rates.ts';
import type { MinimumEffect } from './definition.ts';

/** What an experiment is to find, and how surely. */
export interface SampleSizeGoal {
  readonly type: 'mean' | 'rate';
  readonly baseline: number;
  /** Of kind `mean`. */
  readonly sd: number | null;
  readonly mde: MinimumEffect;
  readonly alpha: number;
  readonly power: number;
  /** Units of each other variant for one of control. */
  readonly ratio: number;
  /** Control included. */
  readonly variants: number;
}

export interface SampleSizePlan {
  /** The effect to find, in the metric's units. */
  readonly effect: number;
  /** alpha for each comparison with control: divided among them (Bonferroni). */
  readonly alphaPerComparison: number;
  /** Units of control, of each other variant, and of all. */
  readonly control: number;
  readonly treatment: number;
  readonly total: number;
  readonly method: 'noncentral-t' | 'proportions';
}

/** What is wrong with a goal; null when nothing is. */
export const sampleSizeProblem = (goal: SampleSizeGoal): string | null => {
  const { type, baseline, sd, mde, alpha, power } = goal;
  const effect = effectOf(goal);
  if (mde.value === 0) return 'the least effect must not be 0';
  if (mde.relative && baseline === 0)
    return 'a share of a baseline of 0 is no effect; give the effect itself';
  if (power <= alpha) return 'power must be above alpha';
  if (type === 'mean')
    return sd === null || !(sd > 0) ? 'a mean needs its standard deviation, above 0' : null;
  if (!(baseline > 0 && baseline < 1)) return 'a rate lies between 0 and 1';
  return baseline + effect > 0 && baseline + effect < 1
    ? null
    : `${baseline} with ${effect} more is no rate between 0 and 1`;
};

const effectOf = ({ baseline, mde }: Pick<SampleSizeGoal, 'baseline' | 'mde'>): number =>
  mde.relative ? mde.value * Math.abs(baseline) : mde.value;

/** Units that a two-sided test of each variant against control needs: the noncentral t, or the z-test of rates. */
export const planSampleSize = (goal: SampleSizeGoal): SampleSizePlan => {
  const { type, baseline, sd, alpha, power, ratio, variants } = goal;
  const effect = effectOf(goal);
  const alphaPerComparison = alpha / Math.max(1, variants - 1);
  const test = { alpha: alphaPerComparison, power, ratio };
  const { nA, nB } =
    type === 'mean'
      ? planMeansSampleSize({ d: effect / (sd ?? 1), ...test })
      : planRatesSampleSize({ rateA: baseline, rateB: baseline + effect, ...test });
  return {
    effect,
    alphaPerComparison,
    control: nA,
    treatment: nB,
    total: nA + nB * (variants - 1),
    method: type === 'mean' ? 'noncentral-t' : 'proportions',
  };
};
