import { type Analysis, analyzeExperiment, listReadMetrics } from '../../core/experiment/analysis.ts';
import { conditionOf, type ExperimentCondition } from '../../core/experiment/condition.ts';
import type { Experiment, ExperimentMetric, Verdict } from '../../core/experiment/definition.ts';
import { isStatusRate } from '../../core/experiment/observed-units.ts';
import { isStanding, judgeExperiment } from '../../core/experiment/verdict.ts';
import { describeVerdict } from '../../core/experiment/verdict-sentence.ts';
import { directionOf } from '../../core/metrics/names.ts';
import type { LogCoverage, MetricsFilter, MetricsSource, Observations } from '../../core/metrics/source.ts';
import { promptvError } from '../../errors.ts';
import { readExperiment } from '../experiments.ts';
import { warnCoverage } from '../metrics/filter.ts';
import { type LogRequest, withLog } from '../metrics/open.ts';
import { openState } from '../state-store.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { nameCrossedUnits } from './crossed-units.ts';
import { warnNames, warnRecords } from './result-warnings.ts';

export interface AbtestResultsRequest extends LogRequest {
  readonly id: string;
  /** Shows only these; one that the experiment does not have is compared too, but decides nothing. */
  readonly metric?: readonly string[];
  /** Default: `sequential`, which may be looked at any time. */
  readonly mode?: Analysis['mode'];
  /** Which phase, from 1; default: the last. Phases have different weights and are never pooled. */
  readonly phase?: number;
  /** Reads the experiment from this branch. */
  readonly branch?: string;
}

/** A stretch of an experiment in which the weights stayed the same. */
export interface ResultsPhase {
  /** From 1; of so many. */
  readonly number: number;
  readonly count: number;
  /** ISO 8601 UTC; null before the experiment was started. */
  readonly startedAt: string | null;
  /** When the next phase began; null of the last. */
  readonly endedAt: string | null;
}

export interface AbtestResultsResult extends Analysis {
  readonly id: string;
  readonly prompt: string;
  readonly environment: string;
  readonly hypothesis: string | null;
  readonly condition: ExperimentCondition;
  readonly phase: ResultsPhase;
  readonly verdict: Verdict;
  /** Whether the verdict is one to act on. */
  readonly isDecided: boolean;
  readonly sentence: string;
  readonly winner: string | null;
  /** The moment these are the results of, ISO 8601 UTC. */
  readonly at: string;
  /** The first few units that met several variants, as the log names them. */
  readonly crossedUnits: readonly string[];
  readonly coverage: LogCoverage;
  readonly warnings: readonly Warning[];
}

/**
 * What an experiment says now: whether it can be believed, every metric of every variant against control, and a verdict.
 * @throws EXPERIMENT_NOT_FOUND, EXPERIMENT_INVALID, FILE_NOT_FOUND, PHASE_NOT_FOUND, PLAN_MISSING, FIXED_TOO_EARLY
 */
export const readResults = async (
  workspace: Workspace,
  request: AbtestResultsRequest,
): Promise<AbtestResultsResult> => {
  const { experiment } = await readExperiment(
    workspace,
    openState(workspace, { branch: request.branch }),
    request.id,
  );
  return withLog(workspace, request, ({ source }) => resultsOf(workspace, source, { experiment, request }));
};

/** The results of an experiment that was read before. */
export const resultsOf = async (
  workspace: Workspace,
  source: MetricsSource,
  { experiment, request }: { readonly experiment: Experiment; readonly request: AbtestResultsRequest },
): Promise<AbtestResultsResult> => {
  const phase = findPhase(experiment, request.phase);
  const mode = request.mode ?? 'sequential';
  if (mode === 'fixed' && experiment.plannedN === null)
    throw promptvError('PLAN_MISSING', { id: experiment.id });
  const extra = extraMetrics(workspace, experiment, request.metric ?? []);
  const observations = await observe(source, experiment, { phase, extra });
  const now = workspace.now();
  const until = experiment.endedAt === null ? now.getTime() : Date.parse(experiment.endedAt);
  const since = phase.startedAt === null ? firstTime(observations, until) : Date.parse(phase.startedAt);
  const analysis = analyzeExperiment(experiment, observations, {
    mode,
    weights: weightsOf(experiment, phase),
    extraMetrics: extra,
    since,
    startedAt: experiment.startedAt === null ? since : Date.parse(experiment.startedAt),
    until: phase.endedAt === null ? until : Date.parse(phase.endedAt),
  });
  const { progress } = analysis;
  if (mode === 'fixed' && !progress.isPlanReached) {
    const { unitsPerVariant, plannedN } = progress;
    throw promptvError('FIXED_TOO_EARLY', { id: experiment.id, unitsPerVariant, plannedN });
  }
  const judgement = judgeExperiment(analysis, experiment);
  return {
    id: experiment.id,
    prompt: experiment.prompt,
    environment: experiment.environment,
    hypothesis: experiment.hypothesis,
    condition: conditionOf(experiment, now),
    phase,
    verdict: judgement.verdict,
    isDecided: isStanding(judgement.verdict),
    sentence: describeVerdict(judgement, analysis),
    winner: judgement.winner,
    at: now.toISOString(),
    ...analysis,
    metrics: selectMetrics(analysis, request.metric),
    crossedUnits:
      analysis.validity.crossed.units === 0
        ? []
        : await nameCrossedUnits(source, filterOf(experiment, phase), {
            observations,
            variants: experiment.variants.map(({ name }) => name),
          }),
    coverage: observations.coverage,
    warnings: [
      ...warnCoverage(observations.coverage, observations.rows),
      ...warnRecords(analysis),
      ...(observations.rows === 0 ? [] : await warnNames(source, filterOf(experiment, phase), analysis)),
    ],
  };
};

/** @throws PHASE_NOT_FOUND */
const findPhase = ({ id, phases }: Experiment, wanted: number | undefined): ResultsPhase => {
  const number = wanted ?? Math.max(1, phases.length);
  if (number > Math.max(1, phases.length))
    throw promptvError('PHASE_NOT_FOUND', { id, phase: number, count: phases.length });
  return {
    number,
    count: Math.max(1, phases.length),
    startedAt: phases[number - 1]?.startedAt ?? null,
    endedAt: phases[number]?.startedAt ?? null,
  };
};

const weightsOf = ({ variants, phases }: Experiment, { number }: ResultsPhase): number[] => {
  const weights = phases[number - 1]?.weights;
  return variants.map(({ name, weight }) =>
    weights === undefined ? weight : Object.hasOwn(weights, name) ? (weights[name] ?? 0) : 0,
  );
};

/** Metrics that were asked for and are none of the experiment's. */
const extraMetrics = (
  { config }: Workspace,
  { metrics }: Experiment,
  names: readonly string[],
): ExperimentMetric[] =>
  names
    .filter((name) => !metrics.some((metric) => metric.name === name))
    .map((name) => ({
      name,
      kind: isStatusRate(name) ? 'rate' : 'mean',
      direction: directionOf(name, config.metrics.directions),
      weight: null,
      target: null,
      quantile: null,
      denominator: null,
    }));

const observe = (
  source: MetricsSource,
  experiment: Experiment,
  { phase, extra }: { readonly phase: ResultsPhase; readonly extra: readonly ExperimentMetric[] },
): Promise<Observations> =>
  source.observations({
    subject: experiment.design === 'paired' ? 'case' : 'unit',
    metrics: listReadMetrics(experiment, extra),
    ...filterOf(experiment, phase),
  });

const filterOf = ({ prompt, id }: Experiment, { startedAt, endedAt }: ResultsPhase): MetricsFilter => ({
  prompts: [prompt],
  where: [{ field: 'experiment', value: id }],
  ...(startedAt === null ? {} : { since: Date.parse(startedAt) }),
  ...(endedAt === null ? {} : { until: Date.parse(endedAt) }),
});

const firstTime = ({ times }: Observations, until: number): number =>
  times.reduce((first, time) => Math.min(first, time), until);

const selectMetrics = ({ metrics }: Analysis, names: readonly string[] | undefined): Analysis['metrics'] =>
  names === undefined ? metrics : metrics.filter(({ metric }) => names.includes(metric));
