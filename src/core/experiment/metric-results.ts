import { adjustPValues } from '../stats/multiplicity.ts';
import { type Arm, buildArms } from './arm.ts';
import { compareArms, type Effect } from './compare-arms.ts';
import { buildPairs, compareCases } from './compare-pairs.ts';
import type { Experiment, ExperimentMetric } from './definition.ts';
import type { Inference } from './inference.ts';
import type { ObservedUnits } from './observed-units.ts';

/** What of an experiment an analysis looks at. */
export type AnalyzedExperiment = Pick<
  Experiment,
  | 'variants'
  | 'metrics'
  | 'guardrails'
  | 'design'
  | 'mde'
  | 'alpha'
  | 'plannedN'
  | 'maxDurationMs'
  | 'minUnits'
>;

/** What every comparison needs. */
export interface Setting {
  readonly experiment: AnalyzedExperiment;
  readonly units: ObservedUnits;
  readonly inference: Inference;
}

/** One side of a comparison. */
export interface ArmFigures {
  /** Units with a value, and without. */
  readonly n: number;
  readonly missing: number;
  readonly value: number | null;
  /** Whether the value reaches the metric's target; null without one. */
  readonly reachesTarget: boolean | null;
}

/** What a comparison says: an effect in the metric's direction, none beyond the least worth finding, or nothing yet. */
export type MetricOutcome = 'better' | 'worse' | 'equivalent' | 'undecided' | 'insufficient';

/** One metric of one variant against control. */
export interface MetricResult extends Effect {
  readonly metric: string;
  readonly kind: ExperimentMetric['kind'];
  readonly direction: ExperimentMetric['direction'];
  readonly quantile: number | null;
  readonly denominator: string | null;
  readonly weight: number | null;
  readonly target: number | null;
  readonly variant: string;
  /** Counts for the verdict; a metric of weight 0, or one that was asked for beside, does not. */
  readonly isPrimary: boolean;
  readonly control: ArmFigures;
  readonly treatment: ArmFigures;
  /** After Holm, over primary metrics × variants. */
  readonly pAdjusted: number | null;
  readonly outcome: MetricOutcome;
}

/** A metric as it is called: `latency_ms`, `latency_ms p95`, `cost_usd / requests`. */
export const labelMetric = ({
  metric,
  quantile,
  denominator,
}: Pick<MetricResult, 'metric' | 'quantile' | 'denominator'>): string => {
  if (quantile !== null) return `${metric} p${Number((quantile * 100).toPrecision(6))}`;
  return denominator === null ? metric : `${metric} / ${denominator}`;
};

/** Compares the metrics of an experiment, and others beside them, of every variant with control. */
export const compareMetrics = (setting: Setting, extra: readonly ExperimentMetric[]): MetricResult[] => {
  const { metrics } = setting.experiment;
  const rows = [
    ...metrics.flatMap((metric) => compareVariants(setting, metric, metric.weight !== 0)),
    ...extra.flatMap((metric) => compareVariants(setting, metric, false)),
  ];
  const { holm } = adjustPValues(rows.map(({ isPrimary, p }) => (isPrimary ? p : null)));
  return rows.map((row, at) => {
    const pAdjusted = holm[at] ?? null;
    return { ...row, pAdjusted, outcome: judgeEffect(row, pAdjusted, setting.experiment) };
  });
};

type UnjudgedResult = Omit<MetricResult, 'pAdjusted' | 'outcome'>;

const compareVariants = (
  setting: Setting,
  metric: ExperimentMetric,
  isPrimary: boolean,
): UnjudgedResult[] => {
  const { units, inference } = setting;
  const arms = units.isPaired ? [] : buildArms(units, metric, inference.alpha);
  return units.variants.slice(1).map((variant, at) => {
    const { control, treatment, effect } = units.isPaired
      ? comparePaired(units, metric, at + 1, inference)
      : compareTwo(arms[0], arms[at + 1], inference);
    const isShown = Math.min(control.n, treatment.n) >= setting.experiment.minUnits.show;
    const { name, kind, direction, quantile, denominator, weight, target } = metric;
    return {
      metric: name,
      kind,
      direction,
      quantile,
      denominator,
      weight,
      target,
      variant,
      isPrimary,
      control: { ...control, reachesTarget: reachesTarget(control.value, metric) },
      treatment: { ...treatment, reachesTarget: reachesTarget(treatment.value, metric) },
      ...(isShown ? effect : hideTest(effect)),
    };
  });
};

interface ComparedPair {
  readonly control: Omit<ArmFigures, 'reachesTarget'>;
  readonly treatment: Omit<ArmFigures, 'reachesTarget'>;
  readonly effect: Effect;
}

const compareTwo = (
  control: Arm | undefined,
  treatment: Arm | undefined,
  inference: Inference,
): ComparedPair => {
  if (control === undefined || treatment === undefined) throw new Error('a variant has no arm');
  const figuresOf = ({ n, missing, value }: Arm) => ({ n, missing, value });
  return {
    control: figuresOf(control),
    treatment: figuresOf(treatment),
    effect: compareArms(control, treatment, inference),
  };
};

const comparePaired = (
  units: ObservedUnits,
  metric: ExperimentMetric,
  variant: number,
  inference: Inference,
): ComparedPair => {
  const pairs = buildPairs(units, metric, variant);
  const n = pairs.control.length;
  return {
    control: { n, missing: pairs.missing.control, value: meanOf(pairs.control) },
    treatment: { n, missing: pairs.missing.treatment, value: meanOf(pairs.treatment) },
    effect: compareCases(pairs, inference),
  };
};

/** The mean of some values; null of none. */
export const meanOf = (values: readonly number[]): number | null => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Number.isFinite(mean) ? mean : null;
};

const reachesTarget = (
  value: number | null,
  { target, direction }: Pick<ExperimentMetric, 'target' | 'direction'>,
): boolean | null => {
  if (target === null || value === null) return null;
  return direction === 'higher' ? value >= target : value <= target;
};

/** Of so few units the values may be seen, but no test. */
const hideTest = (effect: Effect): Effect => ({
  ...effect,
  interval: null,
  relativeInterval: null,
  p: null,
  hedgesG: null,
  cliffsDelta: null,
  cohensH: null,
  ranks: null,
  reason: 'insufficient-data',
});

const judgeEffect = (
  row: UnjudgedResult,
  pAdjusted: number | null,
  { alpha, mde }: AnalyzedExperiment,
): MetricOutcome => {
  const p = row.isPrimary ? pAdjusted : row.p;
  if (p === null || row.absolute === null) return 'insufficient';
  const isBetter = row.direction === 'higher' ? row.absolute > 0 : row.absolute < 0;
  if (p <= alpha && row.absolute !== 0) return isBetter ? 'better' : 'worse';
  const interval = mde?.relative === true ? row.relativeInterval : row.interval;
  const isWithin = mde !== null && interval !== null && -mde.value < interval[0] && interval[1] < mde.value;
  return isWithin ? 'equivalent' : 'undecided';
};
