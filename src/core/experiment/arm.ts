import { computeCoMoments } from '../stats/co-moments.ts';
import { computeMoments, emptyMoments, type Moments, rateMoments } from '../stats/moments.ts';
import { normalQuantile } from '../stats/normal.ts';
import { sortValues } from '../stats/quantile.ts';
import { estimateQuantile, type QuantileEstimate } from '../stats/quantile-effect.ts';
import { linearizeRatio } from '../stats/ratio.ts';
import type { Rate } from '../stats/wilson.ts';
import type { ExperimentMetric } from './definition.ts';
import { finite } from './inference.ts';
import { type ObservedUnits, readSeries, totalUnits, type UnitTotals } from './observed-units.ts';

/** One metric of one variant. Every test of means holds for its `moments`, whatever the metric's kind. */
export interface Arm {
  /** Units with a value, and without. */
  readonly n: number;
  readonly missing: number;
  readonly value: number | null;
  readonly moments: Moments;
  /** A rate with one yes or no a unit; else null. */
  readonly rate: Rate | null;
  /** One value a unit of kind `mean`, for tests by rank; else null. */
  readonly sample: Float64Array | null;
  /** Whether units have several values, so that the moments are those of a linearised ratio. */
  readonly isClustered: boolean;
  /** Of kind `quantile`; else null. */
  readonly quantile: QuantileEstimate | null;
}

/** A metric of every variant, in their order; `alpha` is that of a quantile's interval. */
export const buildArms = (units: ObservedUnits, metric: ExperimentMetric, alpha: number): Arm[] => {
  const series = readSeries(units.observations, metric.name);
  if (metric.kind === 'quantile')
    return buildQuantileArms(units, series, { q: metric.quantile ?? 0.5, alpha });
  const denominators =
    metric.kind === 'ratio' ? readSeries(units.observations, metric.denominator ?? '') : null;
  return totalUnits(units, series, denominators).map((totals) => buildArm(totals, metric));
};

const buildArm = (totals: UnitTotals, { kind }: Pick<ExperimentMetric, 'kind'>): Arm => {
  const { sums, divisors, missing } = totals;
  const n = sums.length;
  const isClustered = kind === 'ratio' || divisors.some((divisor) => divisor !== 1);
  const base = { n, missing, isClustered, quantile: null };
  if (isClustered) {
    const moments = linearizeRatio(computeCoMoments(sums, divisors));
    const sample = kind === 'mean' ? sums.map((sum, at) => sum / (divisors[at] ?? 1)) : null;
    return { ...base, moments, value: moments.n === 0 ? null : finite(moments.mean), rate: null, sample };
  }
  const isRate = kind === 'rate' && sums.every((value) => value === 0 || value === 1);
  const rate = isRate ? { x: sums.reduce((sum, value) => sum + value, 0), n } : null;
  const moments = rate === null ? computeMoments(sums) : rateMoments(rate.x, n);
  return {
    ...base,
    moments,
    value: n === 0 ? null : finite(moments.mean),
    rate,
    sample: kind === 'mean' ? sums : null,
  };
};

interface QuantileOptions {
  readonly q: number;
  readonly alpha: number;
}

const buildQuantileArms = (units: ObservedUnits, series: Float64Array, options: QuantileOptions): Arm[] => {
  const samples = units.variants.map((_, variant) => sortValues(series.filter(isOf(units, series, variant))));
  const plain = samples.map((sample) => estimateQuantile(sample, options));
  const totals = totalUnits(units, markBelow(units, series, plain));
  return samples.map((sample, variant) => {
    const { sums, divisors, missing } = totals[variant] ?? noTotals;
    const effect = designEffect({ sums, divisors }, sample.length, options.q);
    const quantile = estimateQuantile(sample, options, effect);
    const n = sums.length;
    const se =
      quantile.ci === null ? 0 : (quantile.ci[1] - quantile.ci[0]) / (2 * -normalQuantile(options.alpha / 2));
    const isKnown = quantile.value !== null && quantile.ci !== null;
    const moments = isKnown ? { n, mean: quantile.value ?? 0, M2: se * se * n * (n - 1) } : emptyMoments;
    const isClustered = divisors.some((divisor) => divisor !== 1);
    return { n, missing, value: quantile.value, moments, rate: null, sample: null, isClustered, quantile };
  });
};

const noTotals: UnitTotals = { sums: new Float64Array(), divisors: new Float64Array(), missing: 0 };

const isOf = (units: ObservedUnits, series: Float64Array, variant: number) => (_: number, row: number) =>
  units.variantOf[units.unitOf[row] ?? -1] === variant && !Number.isNaN(series[row] ?? Number.NaN);

/** 1 where a value is not above its variant's quantile, 0 where it is. */
const markBelow = (
  units: ObservedUnits,
  series: Float64Array,
  quantiles: readonly QuantileEstimate[],
): Float64Array =>
  series.map((value, row) => {
    const limit = quantiles[units.rowVariants[row] ?? -1]?.value ?? null;
    if (Number.isNaN(value) || limit === null) return Number.NaN;
    return value <= limit ? 1 : 0;
  });

/** How much larger the variance of the share below the quantile is than that of independent values; at least 1. */
const designEffect = (
  { sums, divisors }: Pick<UnitTotals, 'sums' | 'divisors'>,
  values: number,
  q: number,
): number => {
  const { n, M2 } = linearizeRatio(computeCoMoments(sums, divisors));
  if (n < 2) return 1;
  return Math.max(1, M2 / (n * (n - 1)) / ((q * (1 - q)) / values));
};
