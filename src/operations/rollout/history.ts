import type { RolloutEvent } from '../../core/rollout/record.ts';
import { environmentNamed, readEnvironment } from '../environments.ts';
import { behindWarning } from '../state-behind.ts';
import { openState } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { rolloutNotFound } from './find-rollout.ts';
import { type RolloutView, viewRollout } from './rollout-view.ts';

export interface RolloutHistoryRequest {
  readonly name: string;
  readonly environment: string;
}

/** One rollout, or one attempt of it, with everything that happened to it. */
export interface RolloutHistoryEntry {
  readonly rollout: RolloutView;
  /** The deployment that it ended as; null while it is under way, and before another attempt. */
  readonly deployment: string | null;
  readonly events: readonly RolloutEvent[];
}

export interface RolloutHistoryResult {
  readonly prompt: string;
  readonly environment: string;
  /** Newest first. */
  readonly rollouts: readonly RolloutHistoryEntry[];
  readonly warnings: readonly Warning[];
}

/** Every rollout of a prompt in an environment. @throws ROLLOUT_NOT_FOUND */
export const rolloutHistory = async (
  workspace: Workspace,
  request: RolloutHistoryRequest,
): Promise<RolloutHistoryResult> => {
  const { name: environment } = environmentNamed(workspace, request.environment);
  const prompt = promptNameFrom(workspace, request.name);
  const state = openState(workspace);
  const before = await readEnvironment(state, environment, prompt);
  const ended = before.deployments.flatMap(({ id, rollout }) =>
    rollout ? [{ record: rollout, deployment: id }] : [],
  );
  const open = before.rollout ? [{ record: before.rollout, deployment: null }] : [];
  const all = [...ended, ...open].reverse();
  if (all.length === 0) throw await rolloutNotFound(workspace, before);
  return {
    prompt,
    environment,
    rollouts: all.map(({ record, deployment }) => ({
      rollout: viewRollout(record, { prompt, environment }),
      deployment,
      events: record.events,
    })),
    warnings: await behindWarning(workspace, state),
  };
};
