import { describe, expect, it } from 'vitest';
import { changeRollout } from '../../../../src/core/rollout/change.ts';
import { decideTick, type Look } from '../../../../src/core/rollout/decide-tick.ts';
import type { GateCheck, RolloutRecord } from '../../../../src/core/rollout/record.ts';
import { noRatio } from '../../../../src/core/rollout/sample-ratio.ts';
import { hours, pendingRollout, rolloutAfter } from '../../../helpers/rollouts.ts';

const check = (verdict: GateCheck['verdict'], gate = 'latency_ms <= +20%'): GateCheck => ({
  ...{ gate, source: 'log', verdict, stable: null, candidate: null },
  ...{ value: null, interval: null, bound: 0.2, detail: null },
});

const look = (fields: Partial<Look> = {}): Look => ({
  checks: [check('pass')],
  failures: { x: 0, n: 1000 },
  ratio: noRatio,
  queryErrors: 0,
  drift: null,
  hasRoom: true,
  ...fields,
});

const running = rolloutAfter(pendingRollout(), { action: 'start' });
const withPolicy = (policy: Partial<RolloutRecord['policy']>, record = running): RolloutRecord => ({
  ...record,
  policy: { ...record.policy, ...policy },
});
const promoting = rolloutAfter(running, { action: 'advance', hour: 1 }, { action: 'advance', hour: 2 });
const paused = rolloutAfter(running, { action: 'pause', pause: 'manual', hour: 0.5 });
const mismatch = { units: null, p: 0, mismatch: true, detail: '500 of 1000 units' };

interface Case {
  readonly name: string;
  readonly record: RolloutRecord;
  readonly hour: number;
  readonly look?: Partial<Look>;
  readonly gives: readonly [outcome: string, action: string | null, pause?: string];
}

const cases: readonly Case[] = [
  { name: 'a held step waits', record: running, hour: 0.9, gives: ['waiting', null] },
  { name: 'a step whose gates hold advances', record: running, hour: 1, gives: ['advanced', 'advance'] },
  { name: 'a clock set back has not waited', record: running, hour: -50, gives: ['waiting', null] },
  { name: 'the last step succeeds', record: promoting, hour: 2, gives: ['succeeded', 'succeed'] },
  {
    name: 'the gates hold at the end too',
    record: promoting,
    hour: 2,
    look: { checks: [check('fail')] },
    gives: ['aborted', 'abort'],
  },
  {
    name: 'a failed gate aborts without waiting for the hold',
    record: running,
    hour: 0.1,
    look: { checks: [check('pass'), check('fail', 'error_rate <= 10%')] },
    gives: ['aborted', 'abort'],
  },
  {
    name: 'a test for one look is made at the end of the hold',
    record: withPolicy({ mode: 'fixed' }),
    hour: 0.9,
    look: { checks: [check('fail')] },
    gives: ['waiting', null],
  },
  {
    name: 'that test aborts then',
    record: withPolicy({ mode: 'fixed' }),
    hour: 1,
    look: { checks: [check('fail')] },
    gives: ['aborted', 'abort'],
  },
  {
    name: 'onFail: pause pauses',
    record: withPolicy({ onFail: 'pause' }),
    hour: 1,
    look: { checks: [check('fail')] },
    gives: ['paused', 'pause', 'failed'],
  },
  {
    name: 'an undecided gate waits',
    record: running,
    hour: 24.9,
    look: { checks: [check('inconclusive')] },
    gives: ['waiting', null],
  },
  {
    name: 'an undecided gate pauses after maxWait',
    record: running,
    hour: 25.1,
    look: { checks: [check('inconclusive')] },
    gives: ['paused', 'pause', 'inconclusive'],
  },
  {
    name: 'an undecided gate waits for ever where that is wanted',
    record: withPolicy({ onInconclusive: 'wait' }),
    hour: 1000,
    look: { checks: [check('inconclusive')] },
    gives: ['waiting', null],
  },
  {
    name: 'no data pauses after maxWait',
    record: running,
    hour: 25.1,
    look: { checks: [check('pass'), check('no-data')] },
    gives: ['paused', 'pause', 'no-data'],
  },
  {
    name: 'an error of a source pauses after maxWait, and never passes',
    record: running,
    hour: 25.1,
    look: { checks: [check('pass'), check('error')] },
    gives: ['paused', 'pause', 'error'],
  },
  {
    name: 'gates that were all skipped are no pass',
    record: running,
    hour: 5,
    look: { checks: [check('skipped')] },
    gives: ['waiting', null],
  },
  {
    name: 'a mismatch of units pauses at once',
    record: running,
    hour: 0.1,
    look: { ratio: mismatch },
    gives: ['paused', 'pause', 'mismatch'],
  },
  {
    name: 'many failures abort at once',
    record: running,
    hour: 0.01,
    look: { checks: [], failures: { x: 5, n: 20 } },
    gives: ['aborted', 'abort'],
  },
  {
    name: 'few runs say nothing yet',
    record: running,
    hour: 0.01,
    look: { checks: [], failures: { x: 19, n: 19 } },
    gives: ['waiting', null],
  },
  {
    name: 'a failure rate at the ceiling is not above it',
    record: running,
    hour: 0.01,
    look: { checks: [], failures: { x: 4, n: 20 } },
    gives: ['waiting', null],
  },
  {
    name: 'many failures abort a paused rollout too',
    record: paused,
    hour: 0.6,
    look: { failures: { x: 10, n: 20 } },
    gives: ['aborted', 'abort'],
  },
  { name: 'a paused rollout stays paused', record: paused, hour: 100, gives: ['paused', null] },
  {
    name: 'drift pauses whatever the gates say',
    record: running,
    hour: 1,
    look: { drift: 'the tag is gone' },
    gives: ['paused', 'pause', 'drift'],
  },
  {
    name: 'drift is said once',
    record: rolloutAfter(running, { action: 'pause', pause: 'drift', hour: 1 }),
    hour: 2,
    look: { drift: 'the tag is gone' },
    gives: ['paused', null],
  },
  {
    name: 'a waiting rollout starts where there is room',
    record: pendingRollout(),
    hour: 0,
    gives: ['advanced', 'start'],
  },
  {
    name: 'a waiting rollout waits where there is none',
    record: pendingRollout(),
    hour: 0,
    look: { hasRoom: false },
    gives: ['waiting', null],
  },
  {
    name: 'a waiting rollout whose candidate is gone does not start',
    record: pendingRollout(),
    hour: 0,
    look: { drift: 'the tag is gone' },
    gives: ['waiting', null],
  },
  {
    name: 'an abort that somebody wrote half is finished',
    record: { ...running, state: 'aborting' },
    hour: 0,
    gives: ['aborted', 'end'],
  },
];

describe('a tick', () => {
  it.each(cases)('$name', ({ record, hour, look: fields, gives: [outcome, action, pause = null] }) => {
    const decision = decideTick(record, hours(hour), look(fields));
    expect(decision).toMatchObject({ outcome, action, pause });
    expect(decision.why).not.toBe('');
  });

  it('waits for a person where a step says so, with every gate held', () => {
    const steps = running.steps.map((step) => ({ ...step, approve: true }));
    expect(decideTick({ ...running, steps }, hours(1), look())).toMatchObject({
      outcome: 'paused',
      pause: 'approval',
    });
  });

  it('goes by the clock alone where a rollout has no gates', () => {
    const steps = running.steps.map((step) => ({ ...step, gates: [] }));
    expect(decideTick({ ...running, steps }, hours(1), look({ checks: [] }))).toMatchObject({
      action: 'advance',
    });
  });

  it('passes no step over after days in which nobody looked', () => {
    let record = running;
    const weights = [record.weight];
    for (const hour of [100, 100.5, 101, 101.1]) {
      const { action } = decideTick(record, hours(hour), look());
      if (action !== null) record = rolloutAfter(record, { action, hour });
      weights.push(record.weight);
    }
    // Half an hour after the long one the second step still holds.
    expect(weights).toEqual([10, 50, 50, 100, 100]);
    expect(record.state).toBe('succeeded');
  });

  it('is refused for a rollout that has ended', () => {
    expect(() => decideTick(rolloutAfter(running, { action: 'abort' }), hours(1), look())).toThrow('ended');
  });
});

describe('whatever a tick finds in whatever state', () => {
  const records: readonly RolloutRecord[] = [
    ...[pendingRollout(), running, paused, promoting, { ...running, state: 'aborting' as const }],
    ...(['approval', 'drift', 'mismatch', 'failed', 'no-data'] as const).map((pause) =>
      rolloutAfter(running, { action: 'pause', pause, hour: 0.5 }),
    ),
  ];
  const looks: readonly Partial<Look>[] = [
    {},
    { drift: 'the tag is gone' },
    { ratio: mismatch },
    { failures: { x: 20, n: 40 } },
    { failures: { x: 20, n: 40 }, drift: 'the tag is gone' },
    { checks: [check('fail')] },
    { checks: [check('error')], queryErrors: 5 },
    { checks: [check('no-data')] },
    { hasRoom: false },
  ];

  it.each(records)('its decision is one that $state takes', (record) => {
    for (const found of looks)
      for (const hour of [0, 1, 100]) {
        const { action, pause } = decideTick(record, hours(hour), look(found));
        if (action === null) continue;
        const change = { action, at: hours(hour), by: 'CI', ...(pause === null ? {} : { pause }) };
        expect([found, action, changeRollout(record, change)?.events.at(-1)?.by]).toEqual([
          found,
          action,
          'CI',
        ]);
      }
  });
});

describe('why a rollout is aborted', () => {
  it.each([
    ['latency_ms <= +20%', 2.0312, '+203%'],
    ['error_rate <= +2pp', 0.0511, '+5.11pp'],
    ['quality >= -5%', -0.081, '-8.1%'],
    ['error_rate <= 10%', 0.25, '25%'],
    ['quality >= 0.85', 0.71234, '0.712'],
    ['output_tokens <= +30', 41, '+41'],
  ])('says what was measured of %s', (gate, value, measured) => {
    const failed = look({ checks: [{ ...check('fail', gate), value }] });
    expect(decideTick(running, hours(0.5), failed).why).toBe(`failed: ${gate} (measured ${measured})`);
  });
});
