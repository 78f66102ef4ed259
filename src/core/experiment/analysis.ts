import type { Observations } from '../metrics/source.ts';
import { adjustPValues } from '../stats/multiplicity.ts';
import { type Arm, buildArms } from './arm.ts';
import { compareArms, type Effect } from './compare-arms.ts';
import { buildPairs, compareCases } from './compare-pairs.ts';
import type { Experiment, ExperimentMetric, Guardrail } from './definition.ts';
import { contrastArms, contrastPairs, type GuardrailResult, testGuardrail } from './guardrails.ts';
import type { Inference } from './inference.ts';
import { isStatusRate, type ObservedUnits, sortUnits } from './observed-units.ts';
import { describeProgress, type Progress, planMoreUnits } from './progress.ts';
import { computeScores, type ScoreResult } from './score.ts';
import { checkValidity, type MissingCounts, type Validity } from './validity.ts';

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

/** Everything that a verdict rests on. */
export interface Analysis {
  readonly mode: Inference['mode'];
  readonly alpha: number;
  readonly design: Experiment['design'];
  readonly variants: readonly VariantFigures[];
  readonly validity: Validity;
  readonly metrics: readonly MetricResult[];
  readonly score: readonly ScoreResult[];
  readonly guardrails: readonly GuardrailResult[];
  readonly progress: Progress;
}

interface VariantFigures {
  readonly name: string;
  readonly version: string;
  readonly weight: number;
  readonly units: number;
  readonly records: number;
}

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

export interface AnalysisOptions {
  readonly mode: Inference['mode'];
  /** The weights that the observations were assigned by, in the order of the variants. */
  readonly weights: readonly number[];
  /** Metrics to compare beside those of the experiment. */
  readonly extraMetrics?: readonly ExperimentMetric[];
  /** Epoch milliseconds: when the phase and the experiment began, and now or its end. */
  readonly since: number;
  readonly startedAt: number;
  readonly until: number;
}

/** Where nothing is planned, the sequence is narrowest at so many units of both variants. Source: GrowthBook. */
const usualUnits = 5000;

/** The metrics that are read from the log for an analysis; rates of the status need none. */
export const listReadMetrics = (
  { metrics, guardrails }: Pick<Experiment, 'metrics' | 'guardrails'>,
  extra: readonly ExperimentMetric[] = [],
): string[] => {
  const named = [...metrics, ...extra].flatMap(({ name, denominator }) => [name, denominator ?? name]);
  const all = new Set([...named, ...guardrails.map(({ metric }) => metric)]);
  return [...all].filter((name) => !isStatusRate(name)).sort();
};

/** Works out all figures of an experiment from its observations. */
export const analyzeExperiment = (
  experiment: AnalyzedExperiment,
  observations: Observations,
  options: AnalysisOptions,
): Analysis => {
  const { variants, design, alpha, plannedN } = experiment;
  const names = variants.map(({ name }) => name);
  const units = sortUnits(observations, names, design === 'paired');
  const factor = design === 'paired' ? 1 : 2;
  const nStar = plannedN === null ? usualUnits : factor * plannedN;
  const inference: Inference = { mode: options.mode, alpha, nStar };
  const setting: Setting = { experiment, units, inference };
  const metrics = compareMetrics(setting, options.extraMetrics ?? []);
  const score = computeScores(units, experiment.metrics, inference);
  return {
    mode: options.mode,
    alpha,
    design,
    variants: variants.map(({ name, version }, at) => ({
      name,
      version,
      weight: options.weights[at] ?? 0,
      units: units.unitCounts[at] ?? 0,
      records: units.recordCounts[at] ?? 0,
    })),
    validity: checkValidity(units, units.isPaired ? null : options.weights, missingOf(metrics)),
    metrics,
    score,
    guardrails: experiment.guardrails.flatMap((guardrail) => testVariants(setting, guardrail)),
    progress: findProgress(setting, metrics, options),
  };
};

interface Setting {
  readonly experiment: AnalyzedExperiment;
  readonly units: ObservedUnits;
  readonly inference: Inference;
}

/** Missing values of the primary metrics, control first. */
const missingOf = (metrics: readonly MetricResult[]): MissingCounts[] => {
  const primary = metrics.filter(({ isPrimary }) => isPrimary);
  const labels = [...new Set(primary.map(labelMetric))];
  return labels.map((label) => {
    const rows = primary.filter((row) => labelMetric(row) === label);
    const missing = [rows[0]?.control.missing ?? 0, ...rows.map(({ treatment }) => treatment.missing)];
    return { metric: label, missing };
  });
};

/** A metric as it is called: `latency_ms`, `latency_ms p95`, `cost_usd / requests`. */
export const labelMetric = ({
  metric,
  quantile,
  denominator,
}: Pick<MetricResult, 'metric' | 'quantile' | 'denominator'>): string => {
  if (quantile !== null) return `${metric} p${Number((quantile * 100).toPrecision(6))}`;
  return denominator === null ? metric : `${metric} / ${denominator}`;
};

const compareMetrics = (setting: Setting, extra: readonly ExperimentMetric[]): MetricResult[] => {
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

const compareVariants = (setting: Setting, metric: ExperimentMetric, isPrimary: boolean): UnjudgedResult[] => {
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

const compareTwo = (control: Arm | undefined, treatment: Arm | undefined, inference: Inference): ComparedPair => {
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

const meanOf = (values: readonly number[]): number | null => {
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
  const isWithin =
    mde !== null && interval !== null && -mde.value < interval[0] && interval[1] < mde.value;
  return isWithin ? 'equivalent' : 'undecided';
};

const testVariants = (setting: Setting, guardrail: Guardrail): GuardrailResult[] => {
  const { experiment, units, inference } = setting;
  const metric = experiment.metrics.find(({ name }) => name === guardrail.metric) ?? plainMetric(guardrail);
  const arms = units.isPaired ? [] : buildArms(units, metric, inference.alpha);
  return units.variants.slice(1).map((variant, at) => {
    const input = units.isPaired
      ? readPaired(units, metric, at + 1, guardrail)
      : readArms(guardrail, arms[0], arms[at + 1]);
    const { n, values } = input;
    const result = testGuardrail({ guardrail, variant, ...input }, inference);
    const isShown = Math.min(...input.counts) >= experiment.minUnits.show;
    return isShown
      ? result
      : { ...result, interval: null, outcome: 'inconclusive', reason: n === 0 || values ? 'insufficient-data' : null };
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
    counts: [control.n, treatment.n],
  };
};

const readPaired = (units: ObservedUnits, metric: ExperimentMetric, variant: number, _: Guardrail) => {
  const { control, treatment } = buildPairs(units, metric, variant);
  return {
    values: { control: meanOf(control), treatment: meanOf(treatment) },
    contrast: contrastPairs(control, treatment),
    n: control.length,
    counts: [control.length],
  };
};

const findProgress = (
  { experiment, units, inference }: Setting,
  metrics: readonly MetricResult[],
  { since, until, startedAt }: AnalysisOptions,
): Progress => {
  const primary = metrics.filter(({ isPrimary }) => isPrimary);
  const counts = primary.flatMap(({ control, treatment }) => [control.n, treatment.n]);
  const unitsPerVariant = Math.min(...units.unitCounts, ...counts);
  const { plannedN, mde, maxDurationMs } = experiment;
  const toPlan = plannedN === null ? null : Math.max(0, plannedN - unitsPerVariant);
  const needs = primary.map((row) =>
    planMoreUnits(
      { ...row, control: row.control.value, n: row.control.n + row.treatment.n },
      mde,
      inference,
    ),
  );
  const known = needs.filter((need) => need !== null);
  return describeProgress({
    unitsPerVariant,
    variants: units.variants.length,
    plannedN,
    moreUnits: toPlan ?? (known.length === 0 ? null : Math.max(...known)),
    since,
    until,
    startedAt,
    maxDurationMs,
  });
};
