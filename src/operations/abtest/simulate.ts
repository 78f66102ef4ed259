import { parseEffect } from '../../core/experiment/amounts.ts';
import type { Experiment, MinimumEffect } from '../../core/experiment/definition.ts';
import { planSampleSize } from '../../core/experiment/sample-size.ts';
import {
  type SimulatedMetric,
  type Simulation,
  type SimulationPlan,
  simulateExperiment,
} from '../../core/experiment/simulate.ts';
import type { LogCoverage } from '../../core/metrics/source.ts';
import { promptvError } from '../../errors.ts';
import { readExperiment } from '../experiments.ts';
import { warnCoverage } from '../metrics/filter.ts';
import { type LogRequest, withLog } from '../metrics/open.ts';
import { openState } from '../state-store.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { readBaseline } from './baseline.ts';

export interface AbtestSimulateRequest extends LogRequest {
  /** An experiment, played with its metrics as the log knows them of its control; else what follows says it all. */
  readonly id?: string;
  readonly type?: 'mean' | 'rate';
  readonly baseline?: number;
  readonly sd?: number;
  readonly mde?: string;
  readonly alpha?: number;
  readonly variants?: number;
  readonly plannedN?: number;
  /** A look each so many units a variant; default: 50. */
  readonly lookEvery?: number;
  /** Default: 1,000. */
  readonly runs?: number;
  readonly seed?: string;
}

export interface AbtestSimulateResult extends Simulation {
  readonly id: string | null;
  readonly plan: SimulationPlan;
  readonly warnings: readonly Warning[];
}

/** So many values take about ten seconds. */
const mostValues = 200_000_000;
const usualEffect: MinimumEffect = { value: 0.05, relative: true };

/**
 * Plays an experiment without a difference (A/A) and with the least effect worth finding (A/B), and counts how often
 * one is claimed. @throws SAMPLE_SIZE_INVALID, EXPERIMENT_NOT_FOUND
 */
export const simulateAbtest = async (
  workspace: Workspace | null,
  request: AbtestSimulateRequest,
): Promise<AbtestSimulateResult> => {
  const { setting, warnings } =
    request.id === undefined
      ? fromFlags(request)
      : await fromExperiment(workspace, { ...request, id: request.id });
  const plan: SimulationPlan = {
    ...setting,
    unitsPerVariant: request.plannedN ?? setting.unitsPerVariant,
    lookEvery: request.lookEvery ?? 50,
    runs: request.runs ?? 1000,
    seed: request.seed ?? 'promptv',
  };
  const values = 2 * plan.runs * plan.unitsPerVariant * plan.variants * plan.metrics.length;
  if (values > mostValues)
    throw invalid(
      `it would draw ${values.toLocaleString('en-US')} values`,
      'Lower --runs or --planned-n, so that there are fewer than 200,000,000.',
    );
  return { id: request.id ?? null, plan, ...simulateExperiment(plan), warnings };
};

const invalid = (reason: string, hint: string) => promptvError('SAMPLE_SIZE_INVALID', { reason, hint });

type Setting = Omit<SimulationPlan, 'lookEvery' | 'runs' | 'seed'>;

interface Configured {
  readonly setting: Setting;
  readonly warnings: readonly Warning[];
}

const fromFlags = ({
  type = 'mean',
  baseline,
  sd,
  mde,
  alpha = 0.05,
  variants = 2,
}: AbtestSimulateRequest): Configured => {
  if (baseline === undefined || mde === undefined || (type === 'mean' && sd === undefined))
    throw invalid(
      'baseline or effect is missing',
      'Name an experiment, or give --baseline, --mde and, of a mean, --sd.',
    );
  const effect = parseEffect(mde);
  const metric = playable({ name: type, type, baseline, sd: sd ?? 0 }, effect);
  return {
    setting: {
      metrics: [metric],
      variants,
      alpha,
      minUnits: 30,
      unitsPerVariant: plannedUnits(metric, { alpha, variants, power: 0.8 }),
    },
    warnings: [],
  };
};

/** The metric with its effect. @throws SAMPLE_SIZE_INVALID for a rate that would leave 0 to 1 */
const playable = (metric: Omit<SimulatedMetric, 'effect'>, mde: MinimumEffect): SimulatedMetric => {
  const effect = mde.relative ? mde.value * Math.abs(metric.baseline) : mde.value;
  const reached = metric.baseline + effect;
  const isRate = metric.baseline > 0 && metric.baseline < 1 && reached > 0 && reached < 1;
  if (metric.type === 'rate' && !isRate)
    throw invalid(
      `${metric.name} goes from ${metric.baseline} to ${reached}, which are no rates between 0 and 1`,
      'Give another --baseline or --mde.',
    );
  if (!Number.isFinite(effect) || effect === 0 || (metric.type === 'mean' && !(metric.sd > 0)))
    throw invalid(
      `${metric.name} has no effect or no spread to play`,
      'Give an --mde and an --sd other than 0.',
    );
  return { ...metric, effect };
};

const plannedUnits = (
  { type, baseline, sd, effect }: SimulatedMetric,
  test: { readonly alpha: number; readonly power: number; readonly variants: number },
): number => {
  const goal = { type, baseline, sd, mde: { value: effect, relative: false }, ratio: 1, ...test };
  return planSampleSize(goal).control;
};

const fromExperiment = async (
  workspace: Workspace | null,
  request: AbtestSimulateRequest & { readonly id: string },
): Promise<Configured> => {
  if (workspace === null)
    throw invalid('there is no repository here', 'Go to one, or describe the test by flags.');
  const { experiment } = await readExperiment(workspace, openState(workspace), request.id);
  const mde = request.mde === undefined ? (experiment.mde ?? usualEffect) : parseEffect(request.mde);
  const { metrics, missing, coverage } = await readMetrics(workspace, experiment, { request, mde });
  const [first] = metrics;
  if (first === undefined)
    throw invalid(
      `the log knows none of ${missing.join(', ')} of ${experiment.prompt}@${experiment.variants[0].version}`,
      'Give --baseline, --sd and --mde instead of the experiment, or record some runs of its control.',
    );
  const { alpha, power, plannedN, variants, minUnits } = experiment;
  return {
    setting: {
      metrics,
      variants: variants.length,
      alpha: request.alpha ?? alpha,
      minUnits: minUnits.show,
      unitsPerVariant: plannedN ?? plannedUnits(first, { alpha, power, variants: variants.length }),
    },
    warnings: [
      ...(coverage === null ? [] : warnCoverage(coverage, 1)),
      ...missing.map((name) => ({
        code: 'METRIC_MISSING',
        message: `The log has no ${name} of the control, so it was left out.`,
      })),
      ...warnPlayedAsMeans(experiment, metrics),
    ],
  };
};

/** What is no mean of one value a unit is played as one. */
const warnPlayedAsMeans = ({ metrics }: Experiment, played: readonly SimulatedMetric[]): Warning[] =>
  metrics
    .filter(
      ({ name, kind }) =>
        (kind === 'ratio' || kind === 'quantile') && played.some((one) => one.name === name),
    )
    .map(({ name, kind }) => ({
      code: 'METRIC_PLAYED_AS_MEAN',
      message: `${name} is a ${kind}, and was played as a mean of one normal value a unit: of the ${kind} itself these rates say little.`,
    }));

interface ReadMetrics {
  readonly metrics: readonly SimulatedMetric[];
  readonly missing: readonly string[];
  readonly coverage: LogCoverage | null;
}

const readMetrics = (
  workspace: Workspace,
  { metrics, prompt, variants: [{ version }] }: Experiment,
  { request, mde }: { readonly request: LogRequest; readonly mde: MinimumEffect },
): Promise<ReadMetrics> =>
  withLog(workspace, request, async ({ source }) => {
    const found: SimulatedMetric[] = [];
    const missing: string[] = [];
    let coverage: LogCoverage | null = null;
    for (const { name, kind } of metrics.filter(({ weight }) => weight !== 0)) {
      const read = await readBaseline(source, { prompt, version, metric: name });
      const { mean, sd } = read.baseline;
      coverage = read.coverage;
      const type = kind === 'rate' ? 'rate' : 'mean';
      if (mean === null || sd === null || sd === 0) missing.push(name);
      else found.push(playable({ name, type, baseline: mean, sd }, mde));
    }
    return { metrics: found, missing, coverage };
  });
