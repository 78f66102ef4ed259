import { randomBytes } from 'node:crypto';
import type { Deployment, EnvironmentState } from '../../core/environment/state.ts';
import { nearestNames } from '../../core/prompt/name.ts';
import { changeRollout } from '../../core/rollout/change.ts';
import { planSteps, type RolloutSettings, weightsProblem } from '../../core/rollout/plan-rollout.ts';
import { listStrategies } from '../../core/rollout/presets.ts';
import type { RolloutRecord } from '../../core/rollout/record.ts';
import { resolveGate } from '../../core/rollout/resolve-gate.ts';
import { type PromptvError, promptvError } from '../../errors.ts';
import { deployedVersion } from '../deployed-version.ts';
import type { StateStore } from '../state-store.ts';
import type { Version, Versions } from '../versions.ts';
import { suggestion, type Workspace } from '../workspace.ts';
import { countRunning } from './find-rollout.ts';

/** The plan of a strategy. @throws STRATEGY_UNKNOWN, GATE_INVALID, STEPS_INVALID */
export const planStrategy = (
  { config }: Workspace,
  strategy: string,
  settings: RolloutSettings,
): Pick<RolloutRecord, 'steps' | 'policy'> => {
  for (const gate of settings.gates ?? [])
    if (resolveGate(gate, config.rollouts.queries) === null) throw promptvError('GATE_INVALID', { gate });
  const weights = settings.steps?.map(({ weight }) => weight);
  const reason = weights === undefined ? null : weightsProblem(weights);
  if (reason !== null) throw promptvError('STEPS_INVALID', { steps: weights?.join(','), reason });
  const plan = planSteps(config, strategy, settings);
  if (plan) return plan;
  throw strategyUnknown(config.rollouts, strategy);
};

const strategyUnknown = (rollouts: Workspace['config']['rollouts'], strategy: string): PromptvError =>
  promptvError('STRATEGY_UNKNOWN', {
    strategy,
    suggestion: suggestion(nearestNames(strategy, listStrategies(rollouts))),
  });

/** What begins a rollout of one prompt. */
export interface RolloutStart {
  readonly strategy: string;
  readonly settings: RolloutSettings;
  readonly before: EnvironmentState;
  readonly candidate: Version;
  /** The deployment as it would be at once: who, when, why, and the approvals that it rests on. */
  readonly deployment: Pick<Deployment, 'at' | 'by' | 'reason' | 'approvals'>;
}

/**
 * A new rollout, running unless as many run already as may: then it waits. What runs must be what was promoted.
 * @throws VERSION_CHANGED, STRATEGY_UNKNOWN, GATE_INVALID, STEPS_INVALID
 */
export const startRollout = async (
  workspace: Workspace,
  state: StateStore,
  {
    versions,
    start,
    others,
  }: { readonly versions: Versions; readonly start: RolloutStart; readonly others: number },
): Promise<RolloutRecord> => {
  const { before, candidate, strategy, settings, deployment } = start;
  const { steps, policy } = planStrategy(workspace, strategy, settings);
  const stable = await deployedVersion(versions, before);
  const { at, by, reason, approvals } = deployment;
  const pending: RolloutRecord = {
    id: `r${randomBytes(5).toString('hex')}`,
    salt: randomBytes(6).toString('hex'),
    strategy,
    stable: { version: stable.version, contentHash: stable.contentHash },
    candidate: { version: candidate.version, contentHash: candidate.contentHash },
    steps,
    policy,
    state: 'pending',
    pause: null,
    step: 0,
    weight: 0,
    attempt: 1,
    since: at,
    windowFrom: at,
    reason,
    approvals,
    events: [
      {
        seq: 1,
        at,
        by,
        action: 'create',
        state: 'pending',
        attempt: 1,
        step: 0,
        weight: 0,
        pause: null,
        reason,
        checks: [],
      },
    ],
  };
  const hasRoom = (await countRunning(state)) + others < workspace.config.rollouts.maxRunning;
  return (hasRoom ? changeRollout(pending, { action: 'start', at, by }) : null) ?? pending;
};
