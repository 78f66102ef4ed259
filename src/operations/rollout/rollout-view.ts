import { holdEnd } from '../../core/rollout/decide-tick.ts';
import {
  isOpen,
  type PauseReason,
  type RolloutRecord,
  type RolloutState,
} from '../../core/rollout/record.ts';

/** A rollout as results show it. */
export interface RolloutView {
  readonly id: string;
  readonly prompt: string;
  readonly environment: string;
  readonly strategy: string;
  readonly state: RolloutState;
  /** Null unless it is paused. */
  readonly pause: { readonly reason: PauseReason; readonly at: string } | null;
  readonly stable: string;
  readonly candidate: string;
  /** From 1. */
  readonly step: number;
  readonly steps: readonly { readonly weight: number; readonly holdMs: number; readonly approve: boolean }[];
  readonly weight: number;
  readonly attempt: number;
  /** When the hold of the step began and when it ends, ISO 8601 UTC; the end is null where nothing is held. */
  readonly since: string;
  readonly holdUntil: string | null;
  readonly reason: string | null;
}

/** The view of a record. */
export const viewRollout = (
  record: RolloutRecord,
  { prompt, environment }: { readonly prompt: string; readonly environment: string },
): RolloutView => ({
  id: record.id,
  prompt,
  environment,
  strategy: record.strategy,
  state: record.state,
  pause: record.pause,
  stable: record.stable.version,
  candidate: record.candidate.version,
  step: record.step + 1,
  steps: record.steps.map(({ weight, holdMs, approve }) => ({ weight, holdMs, approve })),
  weight: record.weight,
  attempt: record.attempt,
  since: record.since,
  holdUntil:
    isOpen(record) && record.state !== 'pending' && record.state !== 'paused' ? holdEnd(record) : null,
  reason: record.reason,
});
