import { judgeGate } from '../../core/rollout/judge-gate.ts';
import { currentStep, type GateCheck, type RolloutRecord } from '../../core/rollout/record.ts';
import { judgeRatio, noRatio, type SampleRatio } from '../../core/rollout/sample-ratio.ts';
import { withLog } from '../metrics/open.ts';
import type { Workspace } from '../workspace.ts';
import { countUnits, readFigures } from './figures.ts';
import type { PlacedRollout } from './find-rollout.ts';
import { judgeUnseen } from './test-gates.ts';

/** What a rollout's records say in the window of its step. */
export interface Observed {
  readonly checks: readonly GateCheck[];
  /** Runs of the candidate that failed, among those that say how they ended. */
  readonly failures: { readonly x: number; readonly n: number };
  readonly ratio: SampleRatio;
}

/**
 * Judges the step's gates by the metrics log: candidate against stable over one window in one environment. Gates of
 * another source are answered by that source, in the same shape.
 */
export const observeLog = (
  workspace: Workspace,
  { prompt, environment, record }: PlacedRollout,
): Promise<Observed> =>
  withLog(workspace, {}, async ({ source }) => {
    const { stable, candidate, policy, windowFrom, weight } = record;
    const { gates: all, minSamples } = currentStep(record);
    const gates = all.filter((gate) => gate.source === 'log');
    const scope = {
      prompt,
      environment,
      versions: [stable.version, candidate.version],
      since: Date.parse(windowFrom) + policy.settleMs,
    };
    const figures = await readFigures(source, scope, gates);
    const arms = {
      stable: figures.get(stable.version) ?? noFigures,
      candidate: figures.get(candidate.version) ?? noFigures,
    };
    const options = { mode: policy.mode, alpha: policy.alpha, minSamples, share: shareOf(record) };
    const units = weight > 0 && weight < 100 ? await countUnits(source, scope) : null;
    const judged = gates.map((gate) => ({ gate, check: judgeGate(gate, arms, options) }));
    const { contentHash } = candidate;
    return {
      checks: isSwitch(record)
        ? await judgeUnseen(source, { prompt, contentHash }, judged)
        : judged.map(({ check }) => check),
      failures: arms.candidate.errors,
      ratio:
        units === null
          ? noRatio
          : judgeRatio(
              { stable: units.get(stable.version) ?? 0, candidate: units.get(candidate.version) ?? 0 },
              weight,
            ),
    };
  });

/** Whether units only ever get one version, all of them. */
const isSwitch = ({ steps }: RolloutRecord): boolean =>
  steps.every(({ weight }) => weight === 0 || weight === 100);

const noFigures = { errors: { x: 0, n: 0 }, means: {}, quantiles: {} };

/** The share that the candidate has, or had in the last step in which both versions were served. */
const shareOf = ({ weight, steps }: RolloutRecord): number => {
  if (weight > 0 && weight < 100) return weight / 100;
  return (steps.findLast((step) => step.weight > 0 && step.weight < 100)?.weight ?? 50) / 100;
};
