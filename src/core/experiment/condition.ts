import type { Experiment, ExperimentState } from './definition.ts';

/** How an experiment stands at a moment: its state, and what the clock says of a running one. */
export type ExperimentCondition = ExperimentState | 'scheduled' | 'expired';

/** `scheduled` before its first moment, `expired` from its last one on. */
export const conditionOf = (experiment: Experiment, now: Date): ExperimentCondition => {
  const { state, startedAt } = experiment;
  if (state !== 'running' || startedAt === null) return state;
  if (now.getTime() < Date.parse(startedAt)) return 'scheduled';
  const endsMs = expiresAtMs(experiment);
  return endsMs !== null && now.getTime() >= endsMs ? 'expired' : 'running';
};

/** The moment at which a started experiment's time is over, in milliseconds; null of one that was never started. */
export const expiresAtMs = ({ startedAt, maxDurationMs }: Experiment): number | null =>
  startedAt === null ? null : Date.parse(startedAt) + maxDurationMs;
