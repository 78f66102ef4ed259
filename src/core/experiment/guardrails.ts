import type { Estimate } from '../stats/estimate.ts';
import { computeMoments, sampleVariance } from '../stats/moments.ts';
import { testRateMargin } from '../stats/rate-gate.ts';
import { contrastMeans } from '../stats/welch.ts';
import { type Arm, buildArms } from './arm.ts';
import { buildPairs } from './compare-pairs.ts';
import type { ExperimentMetric, Guardrail } from './definition.ts';
import { finite, type Inference, type Interval, infer, type Reason } from './inference.ts';
import { meanOf, type Setting } from './metric-results.ts';
import { isStatusRate, type ObservedUnits } from './observed-units.ts';
import { planMoreUnits } from './progress.ts';

export type GuardrailOutcome = 'pass' | 'fail' | 'inconclusive';

/** Whether a variant is no worse than control by more than a guardrail allows. */
export interface GuardrailResult {
  readonly metric: string;
  readonly variant: string;
  readonly bound: Guardrail['bound'];
  readonly control: number | null;
  readonly treatment: number | null;
  /** What is left of the bound, in the metric's units: positive is within it. */
  readonly slack: number | null;
  /** Of the slack: below 0 the guardrail fails, above 0 it passes, else it is open. */
  readonly interval: Interval | null;
  readonly outcome: GuardrailOutcome;
  /** About how many more units per variant settle an open one, should the slack stay; null when that cannot be said. */
  readonly moreUnits: number | null;
  readonly reason: Reason | null;
}

/** What a guardrail compares: two arms, or the pairs of a paired design as the moments of one contrast. */
interface GuardrailInput {
  readonly guardrail: Guardrail;
  readonly variant: string;
  readonly values: { readonly control: number | null; readonly treatment: number | null };
  /** `treatment - k control`, with its standard error. */
  readonly contrast: (k: number) => Estimate;
  /** Units that the contrast rests on. */
  readonly n: number;
  readonly isPaired: boolean;
  /** Whether values that do not vary say it all: those of yes and no, and quantiles, may vary unseen. */
  readonly isMeasured: boolean;
}

/** `k` and what is added, so that `sign × (treatment - k control) + offset` is what is left of the bound. */
const readBound = ({ bound: { kind, by } }: Guardrail, control: number) => {
  const sign = by > 0 ? -1 : 1;
  const k = kind === 'absolute' ? 1 : 1 + by * (control < 0 ? -1 : 1);
  return { sign, k, offset: kind === 'absolute' ? Math.abs(by) : 0 };
};

/** One-sided at alpha both ways: the interval has confidence 1 - 2 alpha. */
const testGuardrail = (input: GuardrailInput, inference: Inference): GuardrailResult => {
  const { guardrail, variant, values, n, isPaired, isMeasured } = input;
  const { sign, k, offset } = readBound(guardrail, values.control ?? 0);
  const { estimate, se, df } = input.contrast(k);
  const slack = estimate === null ? null : sign * estimate + offset;
  const oneSided = { ...inference, alpha: 2 * inference.alpha };
  const { interval, reason } = infer({ estimate: slack, se, df }, n, oneSided);
  const isConstant = isMeasured && reason === 'zero-variance';
  const outcome = judgeSlack(isConstant && slack !== null ? [slack, slack] : interval);
  const width = { absolute: slack, interval, control: null, n, isPaired };
  return {
    metric: guardrail.metric,
    variant,
    bound: guardrail.bound,
    ...values,
    slack: finite(slack),
    interval,
    outcome,
    moreUnits: outcome === 'inconclusive' ? planMoreUnits(width, null, oneSided) : 0,
    reason: k !== 1 && values.control === 0 && reason === 'zero-variance' ? 'zero-baseline' : reason,
  };
};

const judgeSlack = (interval: Interval | null): GuardrailOutcome => {
  if (interval === null) return 'inconclusive';
  if (interval[0] > 0) return 'pass';
  return interval[1] < 0 ? 'fail' : 'inconclusive';
};

/**
 * The contrast of two arms; of rates with the variances that the bound itself implies, so that no event is no zero:
 * always of an absolute bound, and of a relative one where neither rate varies.
 */
const contrastArms =
  (guardrail: Guardrail, control: Arm, treatment: Arm) =>
  (k: number): Estimate => {
    const { bound } = guardrail;
    const plain = contrastMeans(control.moments, treatment.moments, k);
    if (control.rate === null || treatment.rate === null || (bound.kind === 'relative' && plain.se !== 0))
      return plain;
    const direction = bound.by > 0 ? 'lower' : 'higher';
    const margin = Math.abs(bound.by) * (bound.kind === 'relative' ? (control.value ?? 0) : 1);
    const { slack, z } = testRateMargin(control.rate, treatment.rate, { margin, direction, alpha: 0.05 });
    if (slack === null || z === null || z === 0) return plain;
    return { estimate: plain.estimate, se: Math.abs(slack / z), df: control.n + treatment.n - 2 };
  };

/** The contrast of pairs. */
const contrastPairs =
  (control: readonly number[], treatment: readonly number[]) =>
  (k: number): Estimate => {
    const moments = computeMoments(treatment.map((value, at) => value - k * (control[at] ?? 0)));
    const variance = sampleVariance(moments);
    const estimate = moments.n === 0 ? null : moments.mean;
    return { estimate, se: variance === null ? null : Math.sqrt(variance / moments.n), df: moments.n - 1 };
  };

/** Tests a guardrail for every variant. */
export const testVariants = (setting: Setting, guardrail: Guardrail): GuardrailResult[] => {
  const { experiment, units, inference } = setting;
  const metric = experiment.metrics.find(({ name }) => name === guardrail.metric) ?? plainMetric(guardrail);
  const arms = units.isPaired ? [] : buildArms(units, metric, inference.alpha);
  return units.variants.slice(1).map((variant, at) => {
    const input = units.isPaired
      ? readPaired(units, metric, at + 1)
      : readArms(guardrail, arms[0], arms[at + 1]);
    const result = testGuardrail({ guardrail, variant, ...input }, inference);
    const isShown = Math.min(...input.counts) >= experiment.minUnits.show;
    if (isShown) return result;
    const few = { interval: null, outcome: 'inconclusive', moreUnits: null } as const;
    return { ...result, ...few, reason: 'insufficient-data' };
  });
};

const plainMetric = ({ metric, bound }: Guardrail): ExperimentMetric => ({
  name: metric,
  kind: isStatusRate(metric) ? 'rate' : 'mean',
  direction: bound.by > 0 ? 'lower' : 'higher',
  weight: null,
  target: null,
  quantile: null,
  denominator: null,
});

const readArms = (guardrail: Guardrail, control: Arm | undefined, treatment: Arm | undefined) => {
  if (control === undefined || treatment === undefined) throw new Error('a variant has no arm');
  return {
    values: { control: control.value, treatment: treatment.value },
    contrast: contrastArms(guardrail, control, treatment),
    n: control.n + treatment.n,
    isPaired: false,
    isMeasured: control.rate === null && control.quantile === null,
    counts: [control.n, treatment.n],
  };
};

const readPaired = (units: ObservedUnits, metric: ExperimentMetric, variant: number) => {
  const { control, treatment, isRate } = buildPairs(units, metric, variant);
  return {
    values: { control: meanOf(control), treatment: meanOf(treatment) },
    contrast: contrastPairs(control, treatment),
    n: control.length,
    isPaired: true,
    isMeasured: !isRate,
    counts: [control.length],
  };
};
