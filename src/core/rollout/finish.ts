import { addDeployment, type Deployment, type EnvironmentState } from '../environment/state.ts';
import type { RolloutRecord } from './record.ts';

/** What the entry of an ended rollout says beside the rollout itself. */
export interface RolloutEnd {
  readonly at: string;
  readonly by: string;
  readonly reason: string | null;
  readonly ci: Deployment['ci'];
  /** Who ended it. */
  readonly trigger: 'manual' | 'emergency' | 'automatic';
}

/**
 * The state after a rollout: one that is under way stands in it, one that ended becomes a deployment. A success moves
 * the pointer to the candidate; an abort leaves it and is written down as what it was.
 */
export const writeRollout = (
  state: EnvironmentState,
  rollout: RolloutRecord,
  { at, by, reason, ci, trigger }: RolloutEnd,
): EnvironmentState => {
  if (rollout.state !== 'succeeded' && rollout.state !== 'aborted') return { ...state, rollout };
  const { rollout: _, ...rest } = state;
  const base = { at, by, ci, previousVersion: state.current, rollout };
  if (rollout.state === 'succeeded') {
    const { candidate, approvals } = rollout;
    const byHand = trigger === 'manual' ? reason : null;
    const own = { action: 'promote', reason: byHand ?? rollout.reason, approvals } as const;
    return addDeployment(rest, { ...base, ...own, ...candidate });
  }
  const last = state.deployments.at(-1);
  if (!last) throw new TypeError('A rollout has a stable version.');
  const { version, contentHash } = last;
  const kept = { version, contentHash, reason, approvals: [], trigger, triggeredBy: by };
  return addDeployment(rest, { action: 'abort', ...base, ...kept });
};

/** The aborted rollout that nothing was deployed after; null when there is none. */
export const lastAborted = ({ deployments, rollout }: EnvironmentState): RolloutRecord | null => {
  const last = deployments.at(-1);
  return rollout === undefined && last?.action === 'abort' ? (last.rollout ?? null) : null;
};
