import type { RolloutView } from '../../../../src/operations/rollout/rollout-view.ts';

/** The second of three steps, half an hour after its start. */
export const rollout: RolloutView = {
  id: 'r1',
  prompt: 'support/triage',
  environment: 'production',
  strategy: 'canary',
  state: 'running',
  pause: null,
  stable: '1.0.0',
  candidate: '1.1.0',
  step: 2,
  steps: [5, 10, 100].map((weight) => ({ weight, holdMs: 7_200_000, approve: false })),
  weight: 10,
  attempt: 1,
  since: '2026-03-01T00:00:00.000Z',
  holdUntil: '2026-03-01T02:00:00.000Z',
  reason: null,
};
