import { isRateName } from '../metrics/alert-rules.ts';
import { testEstimate } from '../stats/estimate.ts';
import { type Moments, sampleVariance } from '../stats/moments.ts';
import { normalQuantile } from '../stats/normal.ts';
import { testRateMargin } from '../stats/rate-gate.ts';
import { testAbsoluteMargin, testRelativeMargin } from '../stats/relative-gate.ts';
import { testSequentially } from '../stats/sequential.ts';
import type { Rate } from '../stats/wilson.ts';
import type { GateCheck, LogGate, RolloutPolicy } from './record.ts';

/** A quantile of some values, with its standard error; null where there are too few. */
export interface QuantileFigure {
  readonly n: number;
  readonly value: number | null;
  readonly se: number | null;
}

/** What is known of the records of one version in the window of a step. */
export interface ArmFigures {
  readonly errors: Rate;
  readonly means: Readonly<Record<string, Moments>>;
  /** `METRIC.p95` → the quantile. */
  readonly quantiles: Readonly<Record<string, QuantileFigure>>;
}

export interface Arms {
  readonly stable: ArmFigures;
  readonly candidate: ArmFigures;
}

export interface JudgeOptions extends Pick<RolloutPolicy, 'mode' | 'alpha'> {
  readonly minSamples: number;
  /** Share of the units that get the candidate, 0 to 1. */
  readonly share: number;
}

/** What a gate looks at of one version. */
interface Sample {
  readonly n: number;
  readonly value: number | null;
  readonly moments: Moments | null;
  readonly rate: Rate | null;
  readonly se: number | null;
}

/** What is left of the margin, in the metric's units: positive is within it. */
interface Slack {
  readonly slack: number | null;
  readonly se: number | null;
  readonly df: number | null;
}

/**
 * Judges a gate by the records of both versions. By default the linear contrast's estimate and error are judged by a
 * confidence sequence, which holds however often one looks; `fixed` is the test for one look. Too few records, or a
 * test that cannot be made, is never a pass.
 */
export const judgeGate = (gate: LogGate, arms: Arms, options: JudgeOptions): GateCheck => {
  const isAlone = gate.kind === 'absolute';
  const candidate = sampleOf(gate, arms.candidate);
  const stable = isAlone ? null : sampleOf(gate, arms.stable);
  const base = {
    gate: gate.name,
    source: gate.source,
    stable: stable && { n: stable.n, value: stable.value },
    candidate: { n: candidate.n, value: candidate.value },
    bound: gate.bound,
    queries: [],
  };
  const undecided = (verdict: GateCheck['verdict'], detail: string): GateCheck => ({
    ...base,
    verdict,
    value: null,
    interval: null,
    detail,
  });
  const least = Math.min(candidate.n, stable?.n ?? candidate.n);
  if (least === 0) {
    const isUnmeasured = candidate.n === 0 && (stable?.n ?? 0) === 0;
    return gate.isDefault && isUnmeasured && !isAlone
      ? undecided('skipped', 'no record of either version yet')
      : undecided('no-data', `no record of ${candidate.n === 0 ? 'the candidate' : 'the stable version'}`);
  }
  if (least < options.minSamples)
    return undecided('inconclusive', `${least} of ${options.minSamples} samples`);
  const left = slackOf(gate, candidate, stable);
  const total = candidate.n + (stable?.n ?? 0);
  const range = intervalOf(left, total, { ...options, isAlone });
  const verdict = verdictOf(left, range, options.mode);
  return {
    ...base,
    verdict,
    value: left.slack === null ? null : inUnits(gate, left.slack, stable),
    interval: range === null ? null : orderedInterval(gate, range, stable),
    detail: range === null && verdict === 'inconclusive' ? 'its values allow no test' : null,
  };
};

const rateMoments = ({ x, n }: Rate): Moments => ({
  n,
  mean: n === 0 ? 0 : x / n,
  M2: n === 0 ? 0 : (x * (n - x)) / n,
});

const sampleOf = ({ metric, statistic }: LogGate, { errors, means, quantiles }: ArmFigures): Sample => {
  if (isRateName(metric)) {
    const rate = metric === 'error_rate' ? errors : { x: errors.n - errors.x, n: errors.n };
    return {
      n: rate.n,
      value: rate.n === 0 ? null : rate.x / rate.n,
      moments: rateMoments(rate),
      rate,
      se: null,
    };
  }
  if (statistic !== 'mean') {
    const found = own(quantiles, `${metric}.${statistic}`);
    return {
      n: found?.n ?? 0,
      value: found?.value ?? null,
      moments: null,
      rate: null,
      se: found?.se ?? null,
    };
  }
  const moments = own(means, metric);
  return {
    n: moments?.n ?? 0,
    value: moments?.n ? moments.mean : null,
    moments: moments ?? null,
    rate: null,
    se: null,
  };
};

const own = <Value>(mapping: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(mapping, key) ? mapping[key] : undefined;

const signOf = ({ operator }: LogGate): 1 | -1 => (operator === '>=' ? 1 : -1);

const unknown: Slack = { slack: null, se: null, df: null };

/** The vectors' contrasts (group `gate`), the score test for rates, and order statistics for quantiles. */
const slackOf = (gate: LogGate, candidate: Sample, stable: Sample | null): Slack => {
  const sign = signOf(gate);
  const { bound, kind } = gate;
  const direction = sign === 1 ? 'higher' : 'lower';
  const options = { margin: -sign * bound, direction, alpha: 0.05 } as const;
  if (stable === null) return aloneSlack(candidate, sign, bound);
  if (candidate.rate && stable.rate && kind === 'change') {
    const { slack, z } = testRateMargin(stable.rate, candidate.rate, options);
    // The error of the score test is the one under the margin, so it needs no event on either side.
    return { slack, se: slack === null || !z ? null : slack / z, df: Number.POSITIVE_INFINITY };
  }
  if (candidate.moments && stable.moments) {
    const test = kind === 'relative' ? testRelativeMargin : testAbsoluteMargin;
    return test(stable.moments, candidate.moments, options);
  }
  if (candidate.value === null || stable.value === null || candidate.se === null || stable.se === null)
    return unknown;
  const k = kind === 'relative' ? 1 + bound * (stable.value < 0 ? -1 : 1) : 1;
  const offset = kind === 'relative' ? 0 : -sign * bound;
  const slack = sign * (candidate.value - k * stable.value) + offset;
  return { slack, se: Math.hypot(candidate.se, k * stable.se), df: Number.POSITIVE_INFINITY };
};

const aloneSlack = (candidate: Sample, sign: 1 | -1, bound: number): Slack => {
  if (candidate.value === null) return unknown;
  const slack = sign * (candidate.value - bound);
  if (candidate.rate) {
    // Under the bound itself, so that no failure at all is no lack of evidence.
    const se = Math.sqrt((Math.max(0, bound) * Math.max(0, 1 - bound)) / candidate.n);
    return { slack, se, df: Number.POSITIVE_INFINITY };
  }
  if (candidate.moments === null) return { slack, se: candidate.se, df: Number.POSITIVE_INFINITY };
  const variance = sampleVariance(candidate.moments);
  return { slack, se: variance === null ? null : Math.sqrt(variance / candidate.n), df: candidate.n - 1 };
};

/** One-sided at level alpha on either side: the interval whose ends the verdict looks at. */
const intervalOf = (
  { slack, se, df }: Slack,
  n: number,
  { mode, alpha, minSamples, share, isAlone }: JudgeOptions & { readonly isAlone: boolean },
): readonly [number, number] | null => {
  if (slack === null || se === null || !(se > 0)) return null;
  if (mode === 'fixed') {
    if (df !== null && Number.isFinite(df)) return testEstimate({ estimate: slack, se, df }, 2 * alpha).ci;
    const reach = -normalQuantile(alpha) * se;
    return [slack - reach, slack + reach];
  }
  const smaller = isAlone ? 1 : Math.min(share, 1 - share);
  const nStar = Math.max(1, minSamples / Math.max(smaller, 0.01));
  return testSequentially({ estimate: slack, se, n, alpha: 2 * alpha, nStar }).ci;
};

const verdictOf = (
  { slack, se }: Slack,
  range: readonly [number, number] | null,
  mode: RolloutPolicy['mode'],
): GateCheck['verdict'] => {
  // Equal values on both sides allow no test, but of enough of them it is plain on which side of the bound they lie.
  if (range === null && mode === 'sequential' && se === 0 && slack !== null && slack !== 0)
    return slack > 0 ? 'pass' : 'fail';
  if (range === null) return 'inconclusive';
  if (range[0] > 0) return 'pass';
  return range[1] < 0 ? 'fail' : 'inconclusive';
};

/** The slack as the reader thinks of it: the change, or the value, that is held against the bound. */
const inUnits = (gate: LogGate, slack: number, stable: Sample | null): number | null => {
  const scale = gate.kind === 'relative' ? Math.abs(stable?.value ?? 0) : 1;
  const value = gate.bound + (signOf(gate) * slack) / scale;
  return Number.isFinite(value) ? value : null;
};

const orderedInterval = (
  gate: LogGate,
  [low, high]: readonly [number, number],
  stable: Sample | null,
): [number, number] | null => {
  const ends = [inUnits(gate, low, stable), inUnits(gate, high, stable)];
  const [a, b] = ends;
  if (a === null || b === null || a === undefined || b === undefined) return null;
  return a <= b ? [a, b] : [b, a];
};
