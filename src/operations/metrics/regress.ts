import { describeSampling, drawSample, type Sampling } from '../../core/metrics/draw-sample.ts';
import { errorRate, momentsOf } from '../../core/metrics/judge.ts';
import { directionOf } from '../../core/metrics/names.ts';
import {
  judgeRegression,
  type RegressionDirection,
  type RegressionJudgement,
  type RegressionTest,
  regressionTests,
} from '../../core/metrics/regression.ts';
import type { FieldCondition, GroupValues, LogCoverage, MetricsSource } from '../../core/metrics/source.ts';
import { emptyMoments, type Moments, rateMoments } from '../../core/stats/moments.ts';
import { findOutliers } from '../../core/stats/outliers.ts';
import type { Warning } from '../types.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { assertPromptsKnown, readScope, type ScopeRequest, warnCoverage } from './filter.ts';
import { withLog } from './open.ts';
import {
  type CountedSide,
  figuresOf,
  filterOf,
  readSide,
  resolveSide,
  type Side,
  type SideFigures,
} from './sides.ts';

/** How a regression is told from chance. */
export interface RegressionSettings {
  /** Default: every metric of the baseline, and `error_rate`. */
  readonly metric?: readonly string[];
  /** Default: each metric's bad direction. */
  readonly direction?: RegressionDirection;
  /** Default: 0.95. */
  readonly confidence?: number;
  /** The least Cohen's d that counts; default: 0.5. */
  readonly minEffect?: number;
  /** Default: both. */
  readonly tests?: readonly RegressionTest[];
  /** Modified z-score from which a value is an outlier; default: 3. */
  readonly outlierThreshold?: number;
}

export interface MetricsRegressRequest extends ScopeRequest, RegressionSettings {
  readonly name: string;
  /** Versions, or periods. */
  readonly baseline: string;
  readonly current: string;
}

/** Values far from the median; they are reported and take part in every test. */
export interface OutlierReport {
  readonly count: number;
  /** The farthest ten, farthest first. */
  readonly values: readonly number[];
  readonly median: number | null;
}

export interface JudgedMetric extends RegressionJudgement {
  readonly values: { readonly baseline: number; readonly current: number };
  readonly missing: { readonly baseline: number; readonly current: number };
  /** Null for the error rate. */
  readonly outliers: { readonly baseline: OutlierReport; readonly current: OutlierReport } | null;
  /** What the test by rank and the search for outliers looked at; null for the error rate. */
  readonly sampled: Sampling | null;
}

export interface MetricsRegressResult {
  readonly prompt: string;
  readonly environment: string | null;
  readonly confidence: number;
  readonly minEffect: number;
  readonly outlierThreshold: number;
  readonly baseline: CountedSide;
  readonly current: CountedSide;
  readonly verdict: RegressionJudgement['verdict'];
  readonly metrics: readonly JudgedMetric[];
  /** What to do, in words. */
  readonly recommendation: string;
  readonly coverage: LogCoverage;
  readonly warnings: readonly Warning[];
}

/**
 * Whether a prompt got worse from one version or period to another.
 * @throws PERIOD_INVALID, METRICS_FIELD_TAKEN, PROMPT_NOT_FOUND, as `resolveSavedVersion`
 */
export const detectRegression = async (
  workspace: Workspace,
  request: MetricsRegressRequest,
): Promise<MetricsRegressResult> =>
  withLog(workspace, request, async ({ source }) => {
    const prompt = promptNameFrom(workspace, request.name);
    const scope = { prompt, where: readScope(request) };
    const now = workspace.now().getTime();
    const baseline = await resolveSide(workspace, source, { ...scope, now, text: request.baseline });
    const current = await resolveSide(workspace, source, { ...scope, now, text: request.current });
    const judged = await judgeSides(workspace, source, { ...scope, baseline, current, settings: request });
    if (judged.baseline.records + judged.current.records === 0) await assertPromptsKnown(workspace, [prompt]);
    return { environment: request.environment ?? null, ...judged };
  });

interface SidesToJudge {
  readonly prompt: string;
  readonly where: readonly FieldCondition[];
  readonly baseline: Side;
  readonly current: Side;
  readonly settings: RegressionSettings;
}

/** The same for two sides that are known already. */
export const judgeSides = async (
  workspace: Workspace,
  source: MetricsSource,
  { prompt, where, settings, ...sides }: SidesToJudge,
): Promise<Omit<MetricsRegressResult, 'environment'>> => {
  const { confidence = 0.95, minEffect = 0.5, outlierThreshold = 3 } = settings;
  const scope = { prompt, where };
  const named = settings.metric?.filter((metric) => metric !== errorRate);
  const baseline = await readSide(source, sides.baseline, { ...scope, metrics: named });
  const current = await readSide(source, sides.current, { ...scope, metrics: named });
  const metrics = named ?? Object.keys(baseline.metrics).filter((metric) => metric !== errorRate);
  const [valuesA] = await source.values({ ...filterOf(sides.baseline, scope), metrics });
  const [valuesB] = await source.values({ ...filterOf(sides.current, scope), metrics });
  const judging: Judging = {
    workspace,
    settings,
    confidence,
    minEffect,
    outlierThreshold,
    baseline,
    current,
  };
  const judged = [
    ...(settings.metric?.includes(errorRate) === false ? [] : [judgeErrors(judging)]),
    ...metrics.map((metric) => judgeMetric(judging, metric, [valuesA, valuesB])),
  ];
  const verdict = overall(judged);
  return {
    prompt,
    confidence,
    minEffect,
    outlierThreshold,
    baseline: baseline.side,
    current: current.side,
    verdict,
    metrics: judged,
    recommendation: recommend(judging, judged, verdict),
    coverage: current.coverage,
    warnings: warnCoverage(current.coverage, baseline.side.records + current.side.records),
  };
};

interface Judging {
  readonly workspace: Workspace;
  readonly settings: RegressionSettings;
  readonly confidence: number;
  readonly minEffect: number;
  readonly outlierThreshold: number;
  readonly baseline: SideFigures;
  readonly current: SideFigures;
}

const optionsFor = ({ workspace, settings, confidence, minEffect }: Judging, metric: string) => ({
  metric,
  direction: directionOf(metric, workspace.config.metrics.directions),
  regressionDirection: settings.direction,
  tests: settings.tests ?? regressionTests,
  confidence,
  minEffect,
});

const judgeMetric = (
  judging: Judging,
  metric: string,
  values: readonly [a: GroupValues | undefined, b: GroupValues | undefined],
): JudgedMetric => {
  const { baseline, current, outlierThreshold } = judging;
  const [figuresA, figuresB] = [figuresOf(baseline, metric), figuresOf(current, metric)];
  const seed = `regress ${metric}`;
  const [rawA, rawB] = values.map((group) => group?.metrics.get(metric) ?? new Float64Array());
  const [sampleA, sampleB] = [drawSample(rawA ?? none, `${seed} a`), drawSample(rawB ?? none, `${seed} b`)];
  const judgement = judgeRegression(
    { moments: momentsOf(figuresA) ?? emptyMoments, values: sampleA },
    { moments: momentsOf(figuresB) ?? emptyMoments, values: sampleB },
    optionsFor(judging, metric),
  );
  return {
    ...judgement,
    values: { baseline: figuresA.count, current: figuresB.count },
    missing: { baseline: figuresA.missing, current: figuresB.missing },
    outliers: {
      baseline: reportOutliers(sampleA, outlierThreshold),
      current: reportOutliers(sampleB, outlierThreshold),
    },
    sampled: describeSampling([rawA?.length ?? 0, rawB?.length ?? 0], seed),
  };
};

const none = new Float64Array();

/** Errors as ones among zeros: Welch's test of their means is the test of two proportions. */
const judgeErrors = (judging: Judging): JudgedMetric => {
  const [a, b] = [judging.baseline.errorCounts, judging.current.errorCounts];
  const side = (moments: Moments) => ({ moments, values: [] });
  const options = { ...optionsFor(judging, errorRate), tests: ['welch'] as const };
  return {
    ...judgeRegression(side(rateMoments(a.x, a.n)), side(rateMoments(b.x, b.n)), options),
    values: { baseline: a.n, current: b.n },
    missing: { baseline: a.missing, current: b.missing },
    outliers: null,
    sampled: null,
  };
};

const reportOutliers = (values: readonly number[], threshold: number): OutlierReport => {
  const { median, outlierIndexes } = findOutliers(values, threshold);
  const centre = median ?? 0;
  const far = outlierIndexes
    .map((index) => values[index] ?? 0)
    .sort((x, y) => Math.abs(y - centre) - Math.abs(x - centre));
  return { count: far.length, values: far.slice(0, 10), median };
};

/** One regression is enough; without one, every metric must have had enough values. */
const overall = (judged: readonly JudgedMetric[]): RegressionJudgement['verdict'] => {
  const verdicts = judged.map(({ verdict }) => verdict);
  if (verdicts.includes('regression')) return 'regression';
  return verdicts.length === 0 || verdicts.includes('insufficient') ? 'insufficient' : 'no regression';
};

const recommend = (
  { baseline, current }: Judging,
  judged: readonly JudgedMetric[],
  verdict: RegressionJudgement['verdict'],
): string => {
  if (current.coverage.records === 0)
    return 'There is no metrics log, or it has no record: nothing can be said.';
  const empty = [baseline, current].find(({ side }) => side.records === 0);
  if (empty !== undefined) return `The log has no record of ${empty.side.label}: nothing can be said.`;
  const said = judged.filter((one) => one.verdict === verdict).map(({ recommendation }) => recommendation);
  return verdict === 'no regression'
    ? 'No metric got worse beyond chance and by a large enough effect.'
    : said.join(' ');
};
