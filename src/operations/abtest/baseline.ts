import { buildArms } from '../../core/experiment/arm.ts';
import { isStatusRate, sortUnits } from '../../core/experiment/observed-units.ts';
import type { LogCoverage, MetricsSource, Observations } from '../../core/metrics/source.ts';
import { sampleVariance } from '../../core/stats/moments.ts';

/** What the log says of a metric of one version, as a plan needs it: of units, where records name them. */
export interface Baseline {
  readonly metric: string;
  readonly mean: number | null;
  /** Between units; a record that names none stands for a unit of its own. */
  readonly sd: number | null;
  readonly records: number;
  /** Different units; null when no record names one. */
  readonly units: number | null;
  /** While there were any; null of none. */
  readonly recordsPerDay: number | null;
  /** Different units of the whole time, a day; null when no record names one. */
  readonly unitsPerDay: number | null;
}

const dayMs = 86_400_000;

/** Mean, standard deviation and traffic of a metric of a version; rates of the status are means of yes and no. */
export const readBaseline = async (
  source: MetricsSource,
  { prompt, version, metric }: { readonly prompt: string; readonly version: string; readonly metric: string },
): Promise<{ readonly baseline: Baseline; readonly coverage: LogCoverage }> => {
  const isRate = isStatusRate(metric);
  const observations = await source.observations({
    subject: 'unit',
    metrics: isRate ? [] : [metric],
    prompts: [prompt],
    where: [{ field: 'version', value: version }],
  });
  const { rows, subjectCount } = observations;
  const units = sortUnits(asOneVariant(observations), [onlyVariant], false);
  const kind = isRate ? 'rate' : 'mean';
  const [arm] = buildArms(units, { ...plainMetric, name: metric, kind }, 0.05);
  const variance = arm === undefined ? null : sampleVariance(arm.moments);
  const count = subjectCount === 0 ? null : (units.unitCounts[0] ?? 0);
  const days = countDays(observations);
  const baseline = {
    metric,
    mean: arm?.value ?? null,
    sd: variance === null ? null : Math.sqrt(variance),
    records: rows,
    units: count,
    recordsPerDay: rows === 0 ? null : rows / days,
    unitsPerDay: count === null ? null : count / days,
  };
  return { baseline, coverage: observations.coverage };
};

const onlyVariant = 'all';

/** A version's records as those of one variant, whichever they belonged to. */
const asOneVariant = (observations: Observations): Observations => ({
  ...observations,
  variants: { dictionary: [onlyVariant], codes: new Uint32Array(observations.rows).fill(1) },
});

const plainMetric = {
  direction: 'higher',
  weight: null,
  target: null,
  quantile: null,
  denominator: null,
} as const;

/** From the first record to the last, at least one. */
const countDays = ({ times }: Observations): number => {
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  return Math.max(1, (last - first) / dayMs);
};
