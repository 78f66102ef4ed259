import { nextState, type RolloutAction } from './machine.ts';
import {
  currentStep,
  type GateCheck,
  type PauseReason,
  type RolloutEvent,
  type RolloutRecord,
  type RolloutState,
} from './record.ts';

/** Who does something to a rollout, when and why; `at` is ISO 8601 UTC. */
export interface RolloutChange {
  readonly action: Exclude<RolloutAction, 'switch' | 'end'> | 'end';
  readonly at: string;
  readonly by: string;
  readonly reason?: string | null;
  readonly checks?: readonly GateCheck[];
  /** Only of a pause. */
  readonly pause?: PauseReason;
  /** Only of `set-weight`. */
  readonly weight?: number;
}

/** The rollout after an action, with one event more; null when its state refuses the action. */
export const changeRollout = (record: RolloutRecord, change: RolloutChange): RolloutRecord | null => {
  if (nextState(record.state, change.action) === null) return null;
  const next = apply(record, change);
  const { state, attempt, step, weight, pause } = next;
  const event: RolloutEvent = {
    seq: (record.events.at(-1)?.seq ?? 0) + 1,
    at: change.at,
    by: change.by,
    action: eventAction(change.action),
    state,
    attempt,
    step,
    weight,
    pause: pause?.reason ?? null,
    reason: change.reason ?? null,
    checks: [...(change.checks ?? [])],
  };
  // What came before a retry stands in the deployment of the abort.
  const before = change.action === 'retry' ? [] : record.events;
  return { ...next, events: [...before, event] };
};

const eventAction = (action: RolloutChange['action']): RolloutEvent['action'] => {
  if (action === 'end') return 'abort';
  return action === 'promote-full' ? 'promote' : action;
};

const apply = (record: RolloutRecord, change: RolloutChange): RolloutRecord => {
  const { at } = change;
  switch (change.action) {
    case 'start':
      return enterStep({ ...record, state: 'running' }, 0, at);
    case 'retry':
      return enterStep({ ...record, state: 'running', attempt: record.attempt + 1 }, 0, at);
    case 'advance':
      return goOn(record, at);
    case 'promote':
      return isAtEnd(record) ? { ...record, state: 'succeeded', pause: null } : goOn(record, at);
    case 'succeed':
    case 'promote-full':
      return { ...record, state: 'succeeded', pause: null, step: record.steps.length - 1, weight: 100 };
    case 'pause':
      return { ...record, state: 'paused', pause: { reason: change.pause ?? 'manual', at } };
    case 'resume':
      return resume(record, at);
    case 'set-weight':
      return { ...record, weight: change.weight ?? record.weight, since: at, windowFrom: at };
    case 'abort':
    case 'end':
      // Written at once: a reader never meets an abort that is half done, unless somebody wrote one by hand.
      return { ...record, state: 'aborted', pause: null, weight: 0 };
  }
};

const isAtEnd = ({ step, steps }: RolloutRecord): boolean => step === steps.length - 1;

/** The next step with more weight than the rollout has, else the last one. */
const goOn = (record: RolloutRecord, at: string): RolloutRecord => {
  const { steps, step, weight } = record;
  const later = steps.findIndex((each, index) => index > step && each.weight > weight);
  return enterStep(record, later === -1 ? steps.length - 1 : later, at);
};

/**
 * A weight is set, never added to. Where everyone gets the candidate nobody is left to compare it with, so the window
 * of the step before goes on.
 */
const enterStep = (record: RolloutRecord, step: number, at: string): RolloutRecord => {
  const entered = { ...record, step, pause: null, since: at };
  const { weight } = currentStep(entered);
  const isSwitch = step === record.steps.length - 1;
  return {
    ...entered,
    weight,
    state: isSwitch ? 'promoting' : 'running',
    windowFrom: isSwitch && record.step < step ? record.windowFrom : at,
  };
};

/** What is to be tried anew begins anew; otherwise the pause is taken out of the timers. */
const resume = (record: RolloutRecord, at: string): RolloutRecord => {
  const { pause, since, weight } = record;
  const state: RolloutState = isAtEnd(record) && weight === 100 ? 'promoting' : 'running';
  const resumed = { ...record, state, pause: null };
  if (pause?.reason === 'mismatch' || pause?.reason === 'failed')
    return { ...resumed, since: at, windowFrom: at };
  if (pause === null || pause.reason === 'manual' || pause.reason === 'drift') {
    const pausedMs = Math.max(0, Date.parse(at) - Date.parse(pause?.at ?? at));
    return { ...resumed, since: new Date(Date.parse(since) + pausedMs).toISOString() };
  }
  // Its hold is over; the wait for data begins anew.
  const holdMs = currentStep(record).holdMs;
  return { ...resumed, since: new Date(Date.parse(at) - holdMs).toISOString() };
};
