import type { Experiment, ExperimentState } from './definition.ts';

/** How an experiment stands at a moment: its state, and what the clock says of a running one. */
export type ExperimentCondition = ExperimentState | 'scheduled' | 'expired';

/** `scheduled` before its first moment, `expired` from its last one on. */
export const conditionOf = (experiment: Experiment, now: Date): ExperimentCondition =>
  conditionAt({ ...experiment, expiresAt: expiresAtOf(experiment) }, now);

/** The same where the last moment is known (ISO 8601 UTC). */
export const conditionAt = (
  {
    state,
    startedAt,
    expiresAt,
  }: Pick<Experiment, 'state' | 'startedAt'> & { readonly expiresAt: string | null },
  now: Date,
): ExperimentCondition => {
  if (state !== 'running') return state;
  if (startedAt !== null && now.getTime() < Date.parse(startedAt)) return 'scheduled';
  return expiresAt !== null && now.getTime() >= Date.parse(expiresAt) ? 'expired' : 'running';
};

/** The moment (ISO 8601 UTC) at which a started experiment's time is over; null of one that was never started. */
export const expiresAtOf = ({
  startedAt,
  maxDurationMs,
}: Pick<Experiment, 'startedAt' | 'maxDurationMs'>): string | null =>
  startedAt === null ? null : new Date(Date.parse(startedAt) + maxDurationMs).toISOString();
