import { parseEffect } from '../../core/experiment/amounts.ts';
import { isStatusRate } from '../../core/experiment/observed-units.ts';
import {
  planSampleSize,
  type SampleSizeGoal,
  type SampleSizePlan,
  sampleSizeProblem,
} from '../../core/experiment/sample-size.ts';
import { promptvError } from '../../errors.ts';
import { warnCoverage } from '../metrics/filter.ts';
import { type LogRequest, withLog } from '../metrics/open.ts';
import { resolveSavedVersion } from '../resolve-ref.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { type Baseline, readBaseline } from './baseline.ts';

export interface AbtestSampleSizeRequest extends LogRequest {
  /** Default: `rate` for `error_rate` and `success_rate`, else `mean`. */
  readonly type?: 'mean' | 'rate';
  readonly baseline?: number;
  readonly sd?: number;
  /** `5%` of the baseline, `2pp`, or in the metric's units. */
  readonly mde: string;
  readonly alpha?: number;
  readonly power?: number;
  readonly ratio?: number;
  /** Control included; default: 2. */
  readonly variants?: number;
  /** A version whose records give baseline and standard deviation; needs `metric`. */
  readonly from?: string;
  readonly metric?: string;
}

export interface AbtestSampleSizeResult extends SampleSizePlan {
  readonly goal: SampleSizeGoal;
  /** The log's figures; null when they were given. */
  readonly source: (Baseline & { readonly prompt: string; readonly version: string }) | null;
  /** Days at the version's traffic in units (in records where none names one), shared by all variants; null without it. */
  readonly days: number | null;
  readonly warnings: readonly Warning[];
}

/**
 * How many units an experiment needs. Without a workspace everything has to be given.
 * @throws SAMPLE_SIZE_INVALID, as `resolveSavedVersion`
 */
export const computeSampleSize = async (
  workspace: Workspace | null,
  request: AbtestSampleSizeRequest,
): Promise<AbtestSampleSizeResult> => {
  const { source, warnings } = await readSource(workspace, request);
  const isRate = request.metric !== undefined && isStatusRate(request.metric);
  const type = request.type ?? (isRate ? 'rate' : 'mean');
  const baseline = request.baseline ?? source?.mean ?? null;
  if (baseline === null)
    throw invalid('there is no baseline', 'Add --baseline, or --from NAME@VERSION --metric NAME.');
  const goal: SampleSizeGoal = {
    type,
    baseline,
    sd: type === 'rate' ? null : (request.sd ?? source?.sd ?? null),
    mde: readMde(request.mde),
    alpha: request.alpha ?? 0.05,
    power: request.power ?? 0.8,
    ratio: request.ratio ?? 1,
    variants: request.variants ?? 2,
  };
  const problem = sampleSizeProblem(goal);
  if (problem !== null) throw invalid(problem, 'See "promptv abtest sample-size --help" for examples.');
  const plan = planSampleSize(goal);
  const perDay = source?.unitsPerDay ?? source?.recordsPerDay ?? null;
  return { ...plan, goal, source, days: perDay === null ? null : plan.total / perDay, warnings };
};

const invalid = (reason: string, hint: string) => promptvError('SAMPLE_SIZE_INVALID', { reason, hint });

const effectPattern = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:pp|%)?$/;

const readMde = (mde: string): SampleSizeGoal['mde'] => {
  if (!effectPattern.test(mde))
    throw invalid(`"${mde}" is no effect`, 'Write --mde 5% (of the baseline), --mde 2pp, or --mde 0.05.');
  return parseEffect(mde);
};

const readSource = async (
  workspace: Workspace | null,
  request: AbtestSampleSizeRequest,
): Promise<Pick<AbtestSampleSizeResult, 'source' | 'warnings'>> => {
  const { from, metric } = request;
  if (from === undefined || workspace === null) {
    if (from !== undefined)
      throw invalid('there is no repository here', 'Go to one, or give --baseline and --sd.');
    return { source: null, warnings: [] };
  }
  if (metric === undefined)
    throw invalid('--from needs a metric', 'Add --metric NAME, such as --metric quality.');
  const { name: prompt, version } = await resolveSavedVersion(workspace, new Versions(workspace), {
    ref: from,
  });
  const { baseline, coverage } = await withLog(workspace, request, ({ source }) =>
    readBaseline(source, { prompt, version, metric }),
  );
  if (baseline.mean === null)
    throw invalid(
      `the log has no ${metric} of ${prompt}@${version}`,
      `See what it has: promptv metrics summary ${prompt} --by version`,
    );
  return {
    source: { prompt, version, ...baseline },
    warnings: warnCoverage(coverage, baseline.records),
  };
};
