import { isRateName } from '../../core/metrics/alert-rules.ts';
import { momentsOf } from '../../core/metrics/judge.ts';
import type { GroupSummary, MetricsFilter, MetricsSource } from '../../core/metrics/source.ts';
import type { ArmFigures, QuantileFigure } from '../../core/rollout/judge-gate.ts';
import type { LogGate } from '../../core/rollout/record.ts';
import { type Moments, mergeMoments } from '../../core/stats/moments.ts';
import { normalQuantile } from '../../core/stats/normal.ts';
import { estimateQuantile } from '../../core/stats/quantile-effect.ts';

/** Which records are looked at: one prompt in one environment over one window, which both versions share. */
export interface FiguresScope {
  readonly prompt: string;
  readonly environment: string;
  readonly versions: readonly string[];
  /** Epoch milliseconds. */
  readonly since: number;
  /** Absent where the window has no end: the same question at every look is answered from the last answer. */
  readonly until?: number;
}

/** What gates look at, of each version, read in one go for the means and in another where a gate names a quantile. */
export const readFigures = async (
  source: MetricsSource,
  scope: FiguresScope,
  gates: readonly LogGate[],
): Promise<ReadonlyMap<string, ArmFigures>> => {
  const filter = filterOf(scope);
  const metrics = [...new Set(gates.map(({ metric }) => metric))].filter((metric) => !isRateName(metric));
  const { groups } = await source.summarize({ ...filter, by: ['version', 'status'], metrics });
  const quantiles = await readQuantiles(source, filter, gates);
  return new Map(
    scope.versions.map((version) => {
      const own = groups.filter(({ key }) => key.version === version);
      return [
        version,
        { errors: errorsOf(own), means: meansOf(own), quantiles: quantiles.get(version) ?? {} },
      ];
    }),
  );
};

const filterOf = ({ prompt, environment, versions, since, until }: FiguresScope): MetricsFilter => ({
  prompts: [prompt],
  since,
  ...(until === undefined ? {} : { until }),
  where: [
    { field: 'environment', value: environment },
    ...versions.map((value) => ({ field: 'version', value })),
  ],
});

/** Records that do not say how they ended are neither failures nor successes. */
const errorsOf = (groups: readonly GroupSummary[]): ArmFigures['errors'] => {
  const ended = groups.filter(({ key }) => (key.status ?? null) !== null);
  return {
    x: ended.reduce((sum, { errors }) => sum + errors, 0),
    n: ended.reduce((sum, { records }) => sum + records, 0),
  };
};

const meansOf = (groups: readonly GroupSummary[]): Record<string, Moments> => {
  const means = new Map<string, Moments>();
  for (const [name, figures] of groups.flatMap(({ metrics }) => Object.entries(metrics))) {
    const moments = momentsOf(figures);
    if (moments === null) continue;
    const known = means.get(name);
    means.set(name, known ? mergeMoments(known, moments) : moments);
  }
  return Object.fromEntries(means);
};

const readQuantiles = async (
  source: MetricsSource,
  filter: MetricsFilter,
  gates: readonly LogGate[],
): Promise<ReadonlyMap<string, Record<string, QuantileFigure>>> => {
  const wanted = gates.filter(({ statistic }) => statistic !== 'mean');
  if (wanted.length === 0) return new Map();
  const metrics = [...new Set(wanted.map(({ metric }) => metric))];
  const groups = await source.values({ ...filter, by: ['version'], metrics });
  return new Map(
    groups.map(({ key, metrics: values }) => [
      key.version ?? '',
      Object.fromEntries(
        wanted.map(({ metric, statistic }) => [
          `${metric}.${statistic}`,
          quantileOf(values.get(metric) ?? new Float64Array(), Number(statistic.slice(1)) / 100),
        ]),
      ),
    ]),
  );
};

const confidence = 0.05;

/** The standard error that the order statistics' interval stands for. */
const quantileOf = (values: Float64Array, q: number): QuantileFigure => {
  const { value, ci } = estimateQuantile(values.toSorted(), { q, alpha: confidence });
  const reach = -2 * normalQuantile(confidence / 2);
  return { n: values.length, value, se: ci === null ? null : (ci[1] - ci[0]) / reach };
};

/** How many units got each version; records that name no unit do not count. */
export const countUnits = (
  source: MetricsSource,
  scope: FiguresScope,
): Promise<ReadonlyMap<string, number>> => source.unitCounts(filterOf(scope));
