import { computeMoments, type Moments, sampleVariance } from '../stats/moments.ts';
import { adjustPValues } from '../stats/multiplicity.ts';
import { contrastMeans } from '../stats/welch.ts';
import type { ExperimentMetric } from './definition.ts';
import { finite, type Inference, type Interval, infer, type Reason } from './inference.ts';
import { type ObservedUnits, readSeries, totalCases } from './observed-units.ts';

/**
 * The weighted score of a variant against control: each unit's own values in control's standard deviations, better
 * upwards, added with their weights. 0.1 is a tenth of a standard deviation better.
 */
export interface ScoreResult {
  readonly variant: string;
  readonly weights: Readonly<Record<string, number>>;
  /** Units of which every weighted metric has a value. */
  readonly n: { readonly control: number; readonly treatment: number };
  readonly difference: number | null;
  readonly interval: Interval | null;
  readonly p: number | null;
  /** After Holm, over the variants. */
  readonly pAdjusted: number | null;
  readonly reason: Reason | null;
}

/** The metrics that make up the score; none unless at least two have a weight. */
const weightedMetrics = (metrics: readonly ExperimentMetric[]): readonly ExperimentMetric[] => {
  const weighted = metrics.filter(({ weight }) => weight !== null && weight > 0);
  return weighted.length < 2 ? [] : weighted;
};

/** One score a unit (or case) and variant; NaN where a metric is missing. */
type Scores = readonly Float64Array[];

/** Scores of the variants against control; none without weighted metrics, and no test of fewer units than `fewest`. */
export const computeScores = (
  units: ObservedUnits,
  metrics: readonly ExperimentMetric[],
  { inference, fewest }: { readonly inference: Inference; readonly fewest: number },
): readonly ScoreResult[] => {
  const weighted = weightedMetrics(metrics);
  if (weighted.length === 0) return [];
  const total = weighted.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  const weights = Object.fromEntries(weighted.map(({ name, weight }) => [name, (weight ?? 0) / total]));
  const scores = scoreUnits(units, weighted, total);
  const results = units.variants.slice(1).map((variant, at) => ({
    variant,
    weights,
    ...hideTest(
      units.isPaired ? comparePairs(scores, at + 1, inference) : compareUnits(scores, at + 1, inference),
      fewest,
    ),
  }));
  const { holm } = adjustPValues(results.map(({ p }) => p));
  return results.map((result, at) => ({ ...result, pAdjusted: holm[at] ?? null }));
};

const scoreUnits = (units: ObservedUnits, metrics: readonly ExperimentMetric[], total: number): Scores => {
  const scores = units.variants.map(() => new Float64Array(units.variantOf.length));
  for (const metric of metrics) {
    const series = readSeries(units.observations, metric.name);
    const below = metric.kind === 'ratio' ? readSeries(units.observations, metric.denominator ?? '') : null;
    const values = units.variants.map((_, variant) => meanOfUnits(units, variant, [series, below]));
    const base = computeMoments(Array.from(values[0] ?? []).filter((value) => !Number.isNaN(value)));
    const sd = Math.sqrt(sampleVariance(base) ?? 0);
    const factor = ((metric.weight ?? 0) / total) * (metric.direction === 'higher' ? 1 : -1);
    for (const [variant, ofVariant] of values.entries()) {
      const score = scores[variant] ?? new Float64Array();
      for (let unit = 0; unit < score.length; unit += 1)
        // Without any spread in control there is no standard deviation to count in: the metric adds nothing.
        score[unit] =
          (score[unit] ?? 0) +
          (sd === 0
            ? 0 * (ofVariant[unit] ?? Number.NaN)
            : (factor * ((ofVariant[unit] ?? Number.NaN) - base.mean)) / sd);
    }
  }
  return scores;
};

/** The mean of each unit's values in one variant; NaN for units of others, and for those without a value. */
const meanOfUnits = (
  units: ObservedUnits,
  variant: number,
  [series, below]: readonly [Float64Array, Float64Array | null],
): Float64Array => {
  const { sums, divisors } = totalCases(units, variant, series, below);
  return sums.map((sum, unit) => {
    const divisor = divisors[unit] ?? 0;
    return divisor === 0 || (!units.isPaired && units.variantOf[unit] === -1) ? Number.NaN : sum / divisor;
  });
};

type Compared = Omit<ScoreResult, 'variant' | 'weights' | 'pAdjusted'>;

const hideTest = (compared: Compared, fewest: number): Compared =>
  Math.min(compared.n.control, compared.n.treatment) >= fewest
    ? compared
    : { ...compared, interval: null, p: null, reason: 'insufficient-data' };

const compareUnits = (scores: Scores, variant: number, inference: Inference): Compared => {
  const momentsOf = (index: number): Moments =>
    computeMoments(Array.from(scores[index] ?? []).filter((score) => !Number.isNaN(score)));
  const [control, treatment] = [momentsOf(0), momentsOf(variant)];
  const contrast = contrastMeans(control, treatment, 1);
  const { interval, p, reason } = infer(contrast, control.n + treatment.n, inference);
  return {
    n: { control: control.n, treatment: treatment.n },
    difference: finite(contrast.estimate),
    interval,
    p,
    reason,
  };
};

const comparePairs = (scores: Scores, variant: number, inference: Inference): Compared => {
  const control = scores[0] ?? new Float64Array();
  const differences = Array.from(scores[variant] ?? [], (score, at) => score - (control[at] ?? Number.NaN));
  const moments = computeMoments(differences.filter((difference) => !Number.isNaN(difference)));
  const variance = sampleVariance(moments);
  const difference = moments.n === 0 ? null : moments.mean;
  const se = variance === null ? null : Math.sqrt(variance / moments.n);
  const { interval, p, reason } = infer(
    { estimate: difference, se, df: moments.n - 1 },
    moments.n,
    inference,
  );
  return {
    n: { control: moments.n, treatment: moments.n },
    difference: finite(difference),
    interval,
    p,
    reason,
  };
};
