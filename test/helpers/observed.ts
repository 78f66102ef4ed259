import {
  type Analysis,
  type AnalysisOptions,
  analyzeExperiment,
} from '../../src/core/experiment/analysis.ts';
import type { Experiment, ExperimentMetric, Verdict } from '../../src/core/experiment/definition.ts';
import { judgeExperiment } from '../../src/core/experiment/verdict.ts';
import { describeVerdict } from '../../src/core/experiment/verdict-sentence.ts';
import type { Observations } from '../../src/core/metrics/source.ts';

/** One record as far as an analysis looks at it; without `unit` it names none. */
export interface ObservedRecord {
  readonly variant: string;
  readonly unit?: string;
  readonly status?: 'success' | 'error';
  readonly metrics?: Readonly<Record<string, number>>;
}

/** Records as a metrics source hands them over. */
export const observe = (records: readonly ObservedRecord[]): Observations => {
  const number = (texts: readonly (string | undefined)[]) => {
    const dictionary = [...new Set(texts.filter((text) => text !== undefined))];
    const codes = Uint32Array.from(texts, (text) => (text === undefined ? 0 : dictionary.indexOf(text) + 1));
    return { dictionary, codes };
  };
  const units = new Map<string, number>();
  const subjects = Uint32Array.from(records, ({ unit }) => {
    if (unit === undefined) return 0;
    const known = units.get(unit) ?? units.size + 1;
    units.set(unit, known);
    return known;
  });
  const names = new Set(records.flatMap(({ metrics = {} }) => Object.keys(metrics)));
  return {
    rows: records.length,
    times: new Float64Array(records.length),
    variants: number(records.map(({ variant }) => variant)),
    statuses: number(records.map(({ status }) => status)),
    subjects,
    subjectCount: units.size,
    metrics: new Map(
      [...names].map((name) => [
        name,
        Float64Array.from(records, ({ metrics = {} }) => metrics[name] ?? Number.NaN),
      ]),
    ),
    coverage: { segments: 1, records: records.length, duplicates: 0, skipped: 0, problems: [] },
  };
};

/** One value a unit for each variant; a number is of the metric `quality`. */
export const unitsOf = (
  values: Readonly<Record<string, readonly (number | Omit<ObservedRecord, 'variant' | 'unit'>)[]>>,
): ObservedRecord[] =>
  Object.entries(values).flatMap(([variant, list]) =>
    list.map((value, at) => ({
      variant,
      unit: `${variant}-${at}`,
      ...(typeof value === 'number' ? { metrics: { quality: value } } : value),
    })),
  );

export const metricNamed = (name: string, fields: Partial<ExperimentMetric> = {}): ExperimentMetric => ({
  name,
  kind: 'mean',
  direction: 'higher',
  weight: null,
  target: null,
  quantile: null,
  denominator: null,
  ...fields,
});

type Described = Pick<
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
  | 'state'
>;

/** An experiment of control and treatment on `quality`, as far as an analysis looks at it. */
export const describeExperiment = (fields: Partial<Described> = {}): Described => ({
  variants: [
    { name: 'control', version: '1.0.0', weight: 50, contentHash: null },
    { name: 'treatment', version: '1.1.0', weight: 50, contentHash: null },
  ],
  metrics: [metricNamed('quality')],
  guardrails: [],
  design: 'units',
  mde: null,
  alpha: 0.05,
  plannedN: 1000,
  maxDurationMs: 7 * 86_400_000,
  minUnits: { show: 30, recommend: 100 },
  state: 'running',
  ...fields,
});

/** The analysis of an experiment that began a day ago. */
export const analyze = (
  experiment: Described,
  records: readonly ObservedRecord[],
  options: Partial<AnalysisOptions> = {},
): Analysis =>
  analyzeExperiment(experiment, observe(records), {
    mode: 'sequential',
    weights: experiment.variants.map(({ weight }) => weight),
    since: 0,
    startedAt: 0,
    until: 86_400_000,
    ...options,
  });

/** Verdict, winner and sentence. */
export const judge = (
  experiment: Described,
  records: readonly ObservedRecord[],
  options: Partial<AnalysisOptions> = {},
): { readonly verdict: Verdict; readonly winner: string | null; readonly sentence: string } => {
  const analysis = analyze(experiment, records, options);
  const judgement = judgeExperiment(analysis, experiment);
  return {
    verdict: judgement.verdict,
    winner: judgement.winner,
    sentence: describeVerdict(judgement, analysis),
  };
};
