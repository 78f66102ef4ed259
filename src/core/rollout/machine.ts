import type { RolloutState } from './record.ts';

/** What a person asks of a rollout. */
export const rolloutVerbs = [
  'pause',
  'resume',
  'promote',
  'promote-full',
  'set-weight',
  'abort',
  'retry',
] as const;
export type RolloutVerb = (typeof rolloutVerbs)[number];

/** What happens to a rollout: a verb, or what `tick` decides. */
export type RolloutAction = RolloutVerb | 'start' | 'advance' | 'switch' | 'succeed' | 'end';

/**
 * State × action → the state that follows; what is not here is refused. `switch` is the step to 100 %, `end` the last
 * part of an abort. A paused rollout that goes on is running, or promoting where all units have the candidate already.
 */
export const transitions: Readonly<Record<RolloutState, Partial<Record<RolloutAction, RolloutState>>>> = {
  pending: { start: 'running', abort: 'aborting' },
  running: {
    advance: 'running',
    switch: 'promoting',
    pause: 'paused',
    promote: 'running',
    'promote-full': 'succeeded',
    'set-weight': 'running',
    abort: 'aborting',
  },
  paused: {
    resume: 'running',
    promote: 'running',
    'promote-full': 'succeeded',
    'set-weight': 'paused',
    abort: 'aborting',
  },
  promoting: {
    pause: 'paused',
    promote: 'succeeded',
    'promote-full': 'succeeded',
    succeed: 'succeeded',
    abort: 'aborting',
  },
  aborting: { end: 'aborted' },
  succeeded: {},
  aborted: { retry: 'running' },
};

/** The state after an action; null when the state refuses it. */
export const nextState = (state: RolloutState, action: RolloutAction): RolloutState | null =>
  transitions[state][action] ?? null;
