import { isPromptvError } from '../../errors.ts';
import { pause } from '../pause.ts';
import type { Workspace } from '../workspace.ts';
import { type RolloutTickRequest, tickRollouts } from './tick.ts';
import type { RolloutTick } from './tick-result.ts';

export interface RolloutRunRequest extends Omit<RolloutTickRequest, 'dryRun' | 'name' | 'environment'> {
  readonly name: string;
  readonly environment: string;
  readonly intervalMs: number;
  /** Ends the loop between two ticks. */
  readonly stop: AbortSignal;
  readonly onTick: (tick: RolloutTick) => void;
  /** What kept one tick from being made; the next one tries again. */
  readonly onTrouble: (error: Error) => void;
}

/** How a loop ended: with the rollout, or before it because it was asked to stop. */
export interface RolloutRunEnd {
  readonly last: RolloutTick | null;
  readonly stopped: boolean;
}

/**
 * Ticks until the rollout succeeds, is aborted or waits for a person, or until it is stopped; another run, here or
 * elsewhere, goes on from there. Trouble of the world (exit 1) is told and tried again.
 */
export const runRollout = async (
  workspace: Workspace,
  { intervalMs, stop, onTick, onTrouble, ...request }: RolloutRunRequest,
): Promise<RolloutRunEnd> => {
  let last: RolloutTick | null = null;
  while (!stop.aborted) {
    try {
      const { ticks } = await tickRollouts(workspace, request);
      last = ticks[0] ?? null;
      if (last !== null) onTick(last);
      if (last === null || isEnd(last)) return { last, stopped: false };
    } catch (error) {
      if (!isPromptvError(error) || error.exitCode !== 1) throw error;
      onTrouble(error);
    }
    await pause(intervalMs, stop);
  }
  return { last, stopped: true };
};

const isEnd = ({ outcome }: RolloutTick): boolean =>
  outcome === 'succeeded' || outcome === 'aborted' || outcome === 'paused';
