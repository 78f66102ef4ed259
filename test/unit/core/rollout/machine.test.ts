import { describe, expect, it } from 'vitest';
import { changeRollout } from '../../../../src/core/rollout/change.ts';
import { type RolloutAction, transitions } from '../../../../src/core/rollout/machine.ts';
import { type RolloutState, rolloutStates } from '../../../../src/core/rollout/record.ts';
import { hours, pendingRollout, rolloutAfter } from '../../../helpers/rollouts.ts';

const running = rolloutAfter(pendingRollout(), { action: 'start' });
const records = {
  pending: pendingRollout(),
  running,
  paused: rolloutAfter(running, { action: 'pause', pause: 'manual', hour: 0.5 }),
  promoting: rolloutAfter(running, { action: 'advance', hour: 1 }, { action: 'advance', hour: 2 }),
  succeeded: rolloutAfter(running, { action: 'promote-full', hour: 1 }),
  aborting: { ...running, state: 'aborting' as const },
  aborted: rolloutAfter(running, { action: 'abort', hour: 1 }),
};

const actions = [
  'start',
  'advance',
  'pause',
  'resume',
  'promote',
  'promote-full',
  'set-weight',
  'succeed',
  'abort',
  'end',
  'retry',
] as const;

/** What every state does with every action: the state after it, or nothing for a refusal. */
const expected: Record<RolloutState, Partial<Record<RolloutAction, RolloutState>>> = {
  pending: { start: 'running', abort: 'aborted' },
  running: {
    advance: 'running',
    pause: 'paused',
    promote: 'running',
    'promote-full': 'succeeded',
    'set-weight': 'running',
    abort: 'aborted',
  },
  paused: {
    resume: 'running',
    promote: 'running',
    'promote-full': 'succeeded',
    'set-weight': 'paused',
    abort: 'aborted',
  },
  promoting: {
    pause: 'paused',
    promote: 'succeeded',
    'promote-full': 'succeeded',
    succeed: 'succeeded',
    abort: 'aborted',
  },
  aborting: { end: 'aborted' },
  succeeded: {},
  aborted: { retry: 'running' },
};

const pairs = rolloutStates.flatMap((state) => actions.map((action) => ({ state, action })));

describe('a rollout', () => {
  it.each(pairs)('that is $state answers $action as the table says', ({ state, action }) => {
    const next = changeRollout(records[state], {
      action,
      at: hours(3),
      by: 'Ops <ops@example.com>',
      pause: 'manual',
      weight: 20,
    });
    expect(next?.state ?? null).toBe(expected[state][action] ?? null);
    // No action takes a state that the table does not have.
    expect(next === null).toBe(transitions[state][action] === undefined);
    if (next !== null) expect(next.events.at(-1)).toMatchObject({ at: hours(3), state: next.state });
  });

  it('has the state that each record above is meant to have', () => {
    for (const state of rolloutStates) expect(records[state].state).toBe(state);
  });

  it('numbers its events without a gap, over attempts too', () => {
    const again = rolloutAfter(records.aborted, { action: 'retry', hour: 2 }, { action: 'pause', hour: 3 });
    expect(records.aborted.events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(again.events.map(({ seq }) => seq)).toEqual([3, 4]);
    expect(again).toMatchObject({ attempt: 2, step: 0, weight: 10, windowFrom: hours(2) });
  });

  it('has the weight of its step, however it came there', () => {
    expect(records.running.weight).toBe(10);
    expect(records.promoting).toMatchObject({ weight: 100, step: 2 });
    expect(records.aborted.weight).toBe(0);
    const wide = rolloutAfter(
      running,
      { action: 'set-weight', weight: 60, hour: 1 },
      { action: 'advance', hour: 2 },
    );
    expect(wide).toMatchObject({ weight: 100, step: 2, state: 'promoting' });
  });

  it('that goes on after a manual pause has waited as long as before it', () => {
    const resumed = rolloutAfter(records.paused, { action: 'resume', hour: 10.5 });
    expect(resumed).toMatchObject({ since: hours(10), windowFrom: hours(0), pause: null });
  });

  it('paused by a clock that was set back loses no time', () => {
    expect(rolloutAfter(records.paused, { action: 'resume', hour: 0.2 }).since).toBe(hours(0));
  });

  it.each(['mismatch', 'failed'] as const)('that goes on after %s begins its step anew', (reason) => {
    const paused = rolloutAfter(running, { action: 'pause', pause: reason, hour: 0.5 });
    expect(rolloutAfter(paused, { action: 'resume', hour: 5 })).toMatchObject({
      since: hours(5),
      windowFrom: hours(5),
    });
  });

  it.each([
    'inconclusive',
    'no-data',
    'error',
  ] as const)('that goes on after %s waits for data anew', (reason) => {
    const paused = rolloutAfter(running, { action: 'pause', pause: reason, hour: 30 });
    expect(rolloutAfter(paused, { action: 'resume', hour: 31 })).toMatchObject({
      since: hours(30),
      windowFrom: hours(0),
    });
  });

  it('keeps the window of the last step that both versions shared when everyone gets the candidate', () => {
    expect(records.promoting.windowFrom).toBe(hours(1));
  });
});
