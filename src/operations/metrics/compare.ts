import { describeSampling, drawSample, type Sampling } from '../../core/metrics/draw-sample.ts';
import {
  compareErrorRates,
  compareFigures,
  errorRate,
  leastValues,
  type MetricComparison,
} from '../../core/metrics/judge.ts';
import { directionOf } from '../../core/metrics/names.ts';
import type { LogCoverage, MetricsSource } from '../../core/metrics/source.ts';
import { compareDistributions } from '../../core/stats/kolmogorov-smirnov.ts';
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
  type SideFigures,
  type SideScope,
  versionSide,
} from './sides.ts';

export interface MetricsCompareRequest extends ScopeRequest {
  readonly name: string;
  /** Versions, or periods. */
  readonly a: string;
  readonly b: string;
  /** Default: every metric of either side, and `error_rate`. */
  readonly metric?: readonly string[];
  /** Compares the whole distributions too. */
  readonly distribution?: boolean;
  /** Default: 0.95. */
  readonly confidence?: number;
}

/** The test of Kolmogorov and Smirnov: whether two samples come from one distribution, whatever their means. */
export interface DistributionComparison {
  readonly d: number | null;
  readonly p: number | null;
  readonly method: 'exact' | 'asymptotic' | null;
  readonly verdict: 'different' | 'no difference' | 'insufficient';
  readonly sampled: Sampling;
  readonly reason: string | null;
}

export interface ComparedMetric extends MetricComparison {
  /** Null unless it was asked for, and for the error rate. */
  readonly distribution: DistributionComparison | null;
}

export interface MetricsCompareResult {
  readonly prompt: string;
  readonly environment: string | null;
  readonly confidence: number;
  readonly a: CountedSide;
  readonly b: CountedSide;
  readonly metrics: readonly ComparedMetric[];
  readonly coverage: LogCoverage;
  readonly warnings: readonly Warning[];
}

/**
 * Compares two versions or periods of a prompt, metric by metric, b over a.
 * @throws PERIOD_INVALID, METRICS_FIELD_TAKEN, PROMPT_NOT_FOUND, as `resolveSavedVersion`
 */
export const compareMetrics = async (
  workspace: Workspace,
  request: MetricsCompareRequest,
): Promise<MetricsCompareResult> =>
  withLog(workspace, request, ({ source }) => compareIn(workspace, source, request));

const compareIn = async (
  workspace: Workspace,
  source: MetricsSource,
  request: MetricsCompareRequest,
): Promise<MetricsCompareResult> => {
  const prompt = promptNameFrom(workspace, request.name);
  const scope = { prompt, where: readScope(request) };
  const now = workspace.now().getTime();
  const confidence = request.confidence ?? 0.95;
  const sides = [
    await resolveSide(workspace, source, { ...scope, now, text: request.a }),
    await resolveSide(workspace, source, { ...scope, now, text: request.b }),
  ] as const;
  const metrics = request.metric?.filter((metric) => metric !== errorRate);
  const a = await readSide(source, sides[0], { ...scope, metrics });
  const b = await readSide(source, sides[1], { ...scope, metrics });
  if (a.side.records + b.side.records === 0) await assertPromptsKnown(workspace, [prompt]);
  const compared = compareSides(workspace, { a, b, confidence, metrics: request.metric });
  const distributions = request.distribution
    ? await readDistributions(source, { a, b, scope, alpha: 1 - confidence, compared })
    : new Map<string, DistributionComparison>();
  return {
    prompt,
    environment: request.environment ?? null,
    confidence,
    a: a.side,
    b: b.side,
    metrics: compared.map((one) => ({ ...one, distribution: distributions.get(one.metric) ?? null })),
    coverage: b.coverage,
    warnings: warnCoverage(b.coverage, a.side.records + b.side.records),
  };
};

interface SidePair {
  readonly a: SideFigures;
  readonly b: SideFigures;
  readonly confidence: number;
  readonly metrics?: readonly string[] | undefined;
}

/** Every metric of two sides compared, by name; the error rate first unless metrics are named without it. */
const compareSides = (workspace: Workspace, { a, b, confidence, metrics }: SidePair): MetricComparison[] => {
  const { directions } = workspace.config.metrics;
  const names = metrics ?? [errorRate, ...listedMetrics(a, b)];
  return names.map((metric) => {
    const options = { metric, direction: directionOf(metric, directions), alpha: 1 - confidence };
    return metric === errorRate
      ? compareErrorRates(a.errorCounts, b.errorCounts, options)
      : compareFigures(figuresOf(a, metric), figuresOf(b, metric), options);
  });
};

const listedMetrics = (a: SideFigures, b: SideFigures): string[] =>
  [...new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)])]
    .filter((name) => name !== errorRate)
    .sort();

interface DistributionRequest {
  readonly a: SideFigures;
  readonly b: SideFigures;
  readonly scope: SideScope;
  readonly alpha: number;
  readonly compared: readonly MetricComparison[];
}

const readDistributions = async (
  source: MetricsSource,
  { a, b, scope, alpha, compared }: DistributionRequest,
): Promise<Map<string, DistributionComparison>> => {
  const metrics = compared.map(({ metric }) => metric).filter((metric) => metric !== errorRate);
  const [valuesA] = await source.values({ ...filterOf(a.side, scope), metrics });
  const [valuesB] = await source.values({ ...filterOf(b.side, scope), metrics });
  return new Map(
    metrics.map((metric) => {
      const none = new Float64Array();
      const pair = [valuesA?.metrics.get(metric) ?? none, valuesB?.metrics.get(metric) ?? none] as const;
      return [metric, compareSamples(pair, metric, alpha)];
    }),
  );
};

const compareSamples = (
  [a, b]: readonly [Float64Array, Float64Array],
  metric: string,
  alpha: number,
): DistributionComparison => {
  const seed = `compare ${metric}`;
  const { d, p, method, reason } = compareDistributions(
    drawSample(a, `${seed} a`),
    drawSample(b, `${seed} b`),
  );
  const isFew = Math.min(a.length, b.length) < leastValues;
  const verdict =
    p !== null && p < alpha ? 'different' : p === null || isFew ? 'insufficient' : 'no difference';
  const sampled = describeSampling([a.length, b.length], seed);
  return {
    d,
    p,
    method,
    verdict,
    sampled,
    reason: verdict === 'insufficient' ? (reason ?? 'insufficient-data') : reason,
  };
};

/** What the metrics log says of the two versions of a diff. */
export interface DiffMetrics {
  readonly a: CountedSide;
  readonly b: CountedSide;
  readonly metrics: readonly MetricComparison[];
}

/** Compares the records of a diff's sides; null where one is not a version. */
export const compareVersions = async (
  workspace: Workspace,
  { before, after }: DiffPair,
): Promise<DiffMetrics | null> => {
  const [from, to] = [before.version, after.version];
  if (from === null || to === null) return null;
  return withLog(workspace, {}, async ({ source }) => {
    const a = await readSide(source, versionSide(from), { prompt: before.prompt });
    const b = await readSide(source, versionSide(to), { prompt: after.prompt });
    return { a: a.side, b: b.side, metrics: compareSides(workspace, { a, b, confidence: 0.95 }) };
  });
};

interface DiffPair {
  readonly before: SavedSide;
  readonly after: SavedSide;
}

interface SavedSide {
  readonly prompt: string;
  readonly version: string | null;
}
