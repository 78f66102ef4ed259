import { isRateName } from '../metrics/alert-rules.ts';
import { sampleVariance } from '../stats/moments.ts';
import { normalQuantile } from '../stats/normal.ts';
import { planMeansSampleSize } from '../stats/power-means.ts';
import { planRatesSampleSize } from '../stats/power-rates.ts';
import { planSequentialUnits } from '../stats/sequential.ts';
import type { ArmFigures, JudgeOptions } from './judge-gate.ts';
import type { LogGate } from './record.ts';

/** How many samples of the candidate a gate needs to pass one that is as the stable version is. */
export interface SamplesNeeded {
  readonly gate: string;
  /** Null when the log does not tell. */
  readonly candidate: number | null;
  /** Why there is no number; null when there is one. */
  readonly reason: 'no-data' | 'no-variance' | 'beyond-bound' | 'quantile' | null;
}

const power = 0.8;

/** Plans for 80 % power, from what the stable version's records say of level and spread. */
export const planSamples = (gate: LogGate, stable: ArmFigures, options: JudgeOptions): SamplesNeeded => {
  const answer = (candidate: number | null, reason: SamplesNeeded['reason'] = null): SamplesNeeded => ({
    gate: gate.name,
    candidate: candidate === null ? null : Math.max(candidate, options.minSamples),
    reason,
  });
  if (gate.statistic !== 'mean') return answer(null, 'quantile');
  const level = levelOf(gate, stable);
  if (level === null) return answer(null, 'no-data');
  const { mean, sd, rate } = level;
  const slack = slackOf(gate, mean);
  if (!(slack > 0)) return answer(null, 'beyond-bound');
  const spread = rate ? Math.sqrt(nearBound(mean, gate, slack)) : sd;
  if (!(spread > 0)) return answer(null, 'no-variance');
  return answer(countSamples(gate, { mean, spread, slack, rate }, options));
};

const levelOf = (
  { metric }: LogGate,
  { errors, means }: ArmFigures,
): { readonly mean: number; readonly sd: number; readonly rate: boolean } | null => {
  if (isRateName(metric)) {
    if (errors.n === 0) return null;
    const share = errors.x / errors.n;
    const mean = metric === 'error_rate' ? share : 1 - share;
    return { mean, sd: Math.sqrt(mean * (1 - mean)), rate: true };
  }
  const moments = Object.hasOwn(means, metric) ? means[metric] : undefined;
  const variance = moments ? sampleVariance(moments) : null;
  return moments && variance !== null ? { mean: moments.mean, sd: Math.sqrt(variance), rate: false } : null;
};

/** What an unchanged candidate has left of the margin. */
const slackOf = ({ kind, operator, bound }: LogGate, mean: number): number => {
  const sign = operator === '>=' ? 1 : -1;
  if (kind === 'absolute') return sign * (mean - bound);
  return -sign * bound * (kind === 'relative' ? Math.abs(mean) : 1);
};

/** The variance of a rate at its bound, where the score test takes it. */
const nearBound = (mean: number, { operator }: LogGate, slack: number): number => {
  const rate = Math.min(1, Math.max(0, operator === '<=' ? mean + slack : mean - slack));
  return rate * (1 - rate);
};

interface Level {
  readonly mean: number;
  readonly spread: number;
  readonly slack: number;
  readonly rate: boolean;
}

const countSamples = (
  { kind, operator }: LogGate,
  { mean, spread, slack, rate }: Level,
  { mode, alpha, minSamples, share }: JudgeOptions,
): number => {
  const isAlone = kind === 'absolute';
  const part = isAlone ? 1 : Math.min(0.99, Math.max(0.01, share));
  if (mode === 'sequential') {
    const unitSd = spread * Math.sqrt(1 / part + (isAlone ? 0 : 1 / (1 - part)));
    const nStar = minSamples / (isAlone ? 1 : Math.min(part, 1 - part));
    const reserve = normalQuantile(power);
    const goal = { unitSd, halfWidth: slack, alpha: 2 * alpha, nStar: Math.max(1, nStar), reserve };
    return Math.ceil(planSequentialUnits(goal) * part);
  }
  if (isAlone) {
    const reach = normalQuantile(1 - alpha) + normalQuantile(power);
    return Math.ceil(((reach * spread) / slack) ** 2);
  }
  const goal = { alpha: 2 * alpha, power, ratio: part / (1 - part) };
  return rate
    ? planRatesSampleSize({ ...goal, rateA: mean, rateB: operator === '<=' ? mean + slack : mean - slack }).nB
    : planMeansSampleSize({ ...goal, d: slack / spread }).nB;
};
