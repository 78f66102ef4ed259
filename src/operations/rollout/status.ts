import { decideTick } from '../../core/rollout/decide-tick.ts';
import { type GateCheck, isOpen, type RolloutEvent } from '../../core/rollout/record.ts';
import { noRatio, type SampleRatio } from '../../core/rollout/sample-ratio.ts';
import { environmentNamed, readEnvironment } from '../environments.ts';
import { behindWarning } from '../state-behind.ts';
import { openState } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { promptNameFrom, type Workspace } from '../workspace.ts';
import { latestRollout, rolloutNotFound } from './find-rollout.ts';
import { lookAhead, takeLook } from './look.ts';
import { type RolloutView, viewRollout } from './rollout-view.ts';

export interface RolloutStatusRequest {
  readonly name: string;
  readonly environment: string;
}

export interface RolloutStatusResult {
  readonly rollout: RolloutView;
  /** Of the step it is in; none for a rollout that ended. */
  readonly checks: readonly GateCheck[];
  readonly ratio: SampleRatio;
  /** What is not as the rollout left it; null when all is. */
  readonly drift: string | null;
  /** What a tick would do now; null for a rollout that ended. */
  readonly next: { readonly outcome: string; readonly why: string } | null;
  readonly lastEvent: RolloutEvent | null;
  readonly warnings: readonly Warning[];
}

/** How a rollout stands, with the figures of its step as they are now. Changes nothing. @throws ROLLOUT_NOT_FOUND */
export const rolloutStatus = async (
  workspace: Workspace,
  request: RolloutStatusRequest,
): Promise<RolloutStatusResult> => {
  const { name: environment } = environmentNamed(workspace, request.environment);
  const prompt = promptNameFrom(workspace, request.name);
  const state = openState(workspace);
  const before = await readEnvironment(state, environment, prompt);
  const record = latestRollout(before);
  if (record === null) throw await rolloutNotFound(workspace, before);
  const base = {
    rollout: viewRollout(record, { prompt, environment }),
    lastEvent: record.events.at(-1) ?? null,
    warnings: await behindWarning(workspace, state),
  };
  if (!isOpen(record)) return { ...base, checks: [], ratio: noRatio, drift: null, next: null };
  const ahead = await lookAhead(workspace, { prompt, environment, record });
  const look = await takeLook(workspace, state, { before, record }, ahead);
  const { outcome, why } = decideTick(record, workspace.now().toISOString(), look);
  return { ...base, checks: look.checks, ratio: look.ratio, drift: look.drift, next: { outcome, why } };
};
