import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { GateCheck, RolloutEvent } from '../../../../src/core/rollout/record.ts';
import { noRatio } from '../../../../src/core/rollout/sample-ratio.ts';
import type { RolloutView } from '../../../../src/operations/rollout/rollout-view.ts';
import type { RolloutStatusResult } from '../../../../src/operations/rollout/status.ts';
import type { RolloutTick } from '../../../../src/operations/rollout/tick-result.ts';
import type { Display } from '../../../../src/report/display.ts';
import { formatChecks } from '../../../../src/report/rollout/checks.ts';
import { formatRolloutHistory } from '../../../../src/report/rollout/list.ts';
import { formatRolloutStatus } from '../../../../src/report/rollout/status.ts';
import { formatRolloutTicks, formatRunTick, formatTickLine } from '../../../../src/report/rollout/tick.ts';
import { measureWidth } from '../../../../src/report/width.ts';
import { rollout } from './view.ts';

const now = new Date('2026-03-01T00:30:00Z');
const pipe: Display = { columns: null, color: false, now };
const narrow: Display = { columns: 80, color: false, now };
const broad: Display = { columns: 200, color: false, now };

const paused: RolloutView = {
  ...rollout,
  state: 'paused',
  pause: { reason: 'manual', at: '2026-03-01T00:20:00.000Z' },
  holdUntil: null,
};

const check = (given: Partial<GateCheck>): GateCheck => ({
  gate: 'latency_ms <= +20%',
  source: 'log',
  verdict: 'pass',
  stable: { n: 8000, value: 801 },
  candidate: { n: 2000, value: 812 },
  value: 0.0137,
  interval: [-0.0074, 0.0348],
  bound: 0.2,
  detail: null,
  queries: [],
  ...given,
});
const checks: readonly GateCheck[] = [
  check({}),
  check({
    gate: 'error_rate <= +2pp',
    verdict: 'inconclusive',
    stable: { n: 8000, value: 0.01 },
    candidate: { n: 2000, value: 0.024 },
    value: 0.014,
    interval: [-0.003, 0.031],
    bound: 0.02,
  }),
  check({
    gate: 'quality >= 0.85',
    verdict: 'fail',
    stable: null,
    candidate: { n: 2000, value: 0.7 },
    value: 0.7,
    interval: [0.65, 0.75],
    bound: 0.85,
  }),
  check({
    gate: 'query:p95 <= 0.2',
    source: 'prometheus',
    verdict: 'error',
    stable: null,
    candidate: null,
    value: null,
    interval: null,
    detail: 'timeout\u001b[31m',
  }),
];

const event: RolloutEvent = {
  seq: 2,
  at: '2026-03-01T00:20:00.000Z',
  by: 'Ops <ops@example.com>',
  action: 'pause',
  state: 'paused',
  attempt: 1,
  step: 1,
  weight: 10,
  pause: 'manual',
  reason: 'A complaint\u001b[31m',
  checks: [],
};

const statusOf = (given: Partial<RolloutStatusResult> = {}): RolloutStatusResult => ({
  rollout,
  checks,
  ratio: { ...noRatio, detail: '2000 of 10000 units had the candidate, which gets 20 %' },
  drift: null,
  next: { outcome: 'waiting', why: 'its hold is not over' },
  lastEvent: event,
  warnings: [],
  ...given,
});

const tickOf = (given: Partial<RolloutTick> = {}): RolloutTick => ({
  prompt: 'support/triage',
  environment: 'production',
  outcome: 'waiting',
  changed: false,
  why: 'its hold is not over',
  rollout,
  checks: [],
  ratio: noRatio,
  nextAt: '2026-03-01T02:00:00.000Z',
  warnings: [],
  notices: [],
  commit: null,
  pushed: false,
  pushCommand: null,
  ...given,
});

describe('gates on a screen', () => {
  it('are a table where it fits, with each interval drawn against its bound', () => {
    const lines = formatChecks(checks, broad).split('\n');
    expect(lines[0]).toMatch(
      /^GATE +VERDICT +STABLE +CANDIDATE +MEASURED +INTERVAL +AGAINST THE BOUND ┃ +REMARK$/,
    );
    expect(lines[1]).toMatch(
      /^latency_ms <= \+20% +pass +801 ms \(8000\) +812 ms \(2000\) +\+1\.37 % +\[-0\.74 %, \+3\.48 %\] +├─●──┤ +┃$/,
    );
    expect(lines[2]).toMatch(/1\.0 % \(8000\) +2\.4 % \(2000\) +\+1\.4 pp +\[-0\.3 pp, \+3\.1 pp\]/);
    expect(lines[3]).toMatch(/^quality >= 0\.85 +fail +0\.7 \(2000\) +0\.7 +\[0\.65, 0\.75\] +├─+●─+┤ +┃$/);
    expect(lines[4]).toMatch(/^query:p95 <= 0\.2 +error +timeout\\x1b\[31m$/);
  });

  it('are some lines each where it does not, with nothing cut off', () => {
    const text = formatChecks(checks, narrow);
    expect(text.split('\n')).toEqual([
      'latency_ms <= +20%  pass',
      '  stable 801 ms (8000), candidate 812 ms (2000)',
      expect.stringMatching(/^ {2}\+1\.37 % \[-0\.74 %, \+3\.48 %\] {2}├─●──┤ +┃$/),
      'error_rate <= +2pp  inconclusive',
      '  stable 1.0 % (8000), candidate 2.4 % (2000)',
      expect.stringMatching(/^ {2}\+1\.4 pp \[-0\.3 pp, \+3\.1 pp\] {2}├/),
      'quality >= 0.85  fail',
      '  candidate 0.7 (2000)',
      expect.stringMatching(/^ {2}0\.7 \[0\.65, 0\.75\] {2}├─+●─+┤ +┃$/),
      'query:p95 <= 0.2  error: timeout\\x1b[31m',
      '┃ is the bound.',
    ]);
    expect(text).not.toContain('…');
    for (const line of text.split('\n')) expect(measureWidth(line)).toBeLessThanOrEqual(80);
  });

  it.each(Array.from({ length: 60 }, (_, at) => 60 + at))('are never cut off at %d columns', (columns) => {
    for (const some of [checks, checks.slice(0, 1)]) {
      const text = formatChecks(some, { ...narrow, columns });
      for (const { gate } of some) expect(text).toContain(gate);
      expect(text).toContain('[-0.74 %, +3.48 %]');
      for (const line of text.split('\n')) expect(measureWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it.each([narrow, broad])('say the same with colour, and only promptv colours', (display) => {
    const text = formatChecks(checks, { ...display, color: true });
    expect(text).toContain('\u001b[32mpass\u001b[39m');
    expect(text).toContain('\u001b[33minconclusive\u001b[39m');
    expect(text).toContain('\u001b[31mfail\u001b[39m');
    expect(stripVTControlCharacters(text)).toBe(formatChecks(checks, display));
  });

  it('are one row each in a pipe, without a drawing', () => {
    expect(formatChecks(checks, pipe).split('\n')[0]).toBe(
      'latency_ms <= +20%\tpass\t801 (8000)\t812 (2000)\t0.0137\t[-0.0074, 0.0348]\t\t',
    );
  });
});

describe('rollout status', () => {
  it('says step, share, gates, units, and what a tick would do', () => {
    const text = formatRolloutStatus(statusOf(), narrow);
    expect(text).toMatch(/^support\/triage in production: 1\.0\.0 → 1\.1\.0 \(canary\), running\nSteps: /);
    expect(text).toContain('\n\nUnits: 2000 of 10000 units had the candidate, which gets 20 %.\n\n');
    expect(text).toMatch(/\nIts hold ends in 1 h 30 m\. A tick now: waiting \(its hold is not over\)\.$/);
  });

  it.each([
    {
      name: 'a pause, and both ways out of it',
      given: { rollout: paused },
      ends: [
        'Paused 10 min ago: A complaint\\x1b[31m.',
        'Go on:   promptv rollout resume support/triage --env production',
        'Go back: promptv rollout abort support/triage --env production',
      ],
    },
    {
      name: 'that a step waits for a person',
      given: { rollout: { ...paused, pause: { reason: 'approval' as const, at: event.at } } },
      ends: [
        'Paused 10 min ago: A complaint\\x1b[31m.',
        'Go on:   promptv rollout promote support/triage --env production',
        'Go back: promptv rollout abort support/triage --env production',
      ],
    },
    {
      name: 'what a pause asks of a person first',
      given: { rollout: { ...paused, pause: { reason: 'no-data' as const, at: event.at } } },
      ends: [
        'No records reached the gates: is the metrics log on this machine, and do runs',
        'name version and environment?',
        'Go on:   promptv rollout resume support/triage --env production',
        'Go back: promptv rollout abort support/triage --env production',
      ],
    },
    {
      name: 'the ways out of a drift that paused it',
      given: {
        drift: `the tag is gone ${'again '.repeat(12)}`.trim(),
        rollout: { ...paused, pause: { reason: 'drift' as const, at: event.at } },
      },
      ends: [
        `Drift: the tag is gone ${'again '.repeat(9)}`.trim(),
        'again again again. The candidate is not served.',
        'It goes on only when that is mended; a tag that this clone alone lacks comes',
        'with "git fetch --tags".',
        'Go on:   promptv rollout resume support/triage --env production',
        'Go back: promptv rollout abort support/triage --env production',
      ],
    },
    {
      name: 'what drifted',
      given: { drift: 'the tag is gone' },
      ends: ['Drift: the tag is gone. The candidate is not served.'],
    },
    {
      name: 'how it ended',
      given: { rollout: { ...rollout, state: 'aborted' as const }, next: null, checks: [] },
      ends: [
        'It was aborted 10 min ago: A complaint\\x1b[31m.',
        'Everyone reads 1.0.0.',
        'See why:    promptv rollout history support/triage --env production',
        'Begin anew: promptv rollout retry support/triage --env production',
      ],
    },
    {
      name: 'that it succeeded',
      given: { rollout: { ...rollout, state: 'succeeded' as const }, next: null, lastEvent: null },
      ends: ['It has succeeded.'],
    },
  ])('says $name', ({ given, ends }) => {
    const lines = formatRolloutStatus(statusOf(given), narrow).split('\n');
    expect(lines.slice(-ends.length)).toEqual(ends);
  });

  it('is one row, then one a gate, in a pipe', () => {
    const rows = formatRolloutStatus(statusOf(), pipe).split('\n');
    expect(rows[0]).toBe('production\tsupport/triage\t1.0.0\t1.1.0\trunning\t10');
    expect(rows).toHaveLength(5);
  });
});

describe('rollout tick', () => {
  it('is one line, with the time that is left, or the commit that was made', () => {
    expect(formatTickLine(tickOf(), narrow)).toBe(
      'support/triage in production: waiting at 10 % (its hold is not over; 1 h 30 m left)',
    );
    const advanced = tickOf({ outcome: 'advanced', changed: true, nextAt: null, why: 'every gate held' });
    expect(formatTickLine({ ...advanced, commit: 'abcdef0123' }, narrow)).toBe(
      'support/triage in production: advanced at 10 % (every gate held) [abcdef0]',
    );
    expect(formatTickLine(advanced, narrow, true)).toMatch(/^Would do: support/);
    expect(formatTickLine(tickOf({ why: 'no\u001b[31m' }), pipe)).not.toContain('\u001b');
  });

  it('breaks between words where the terminal ends, whatever is coloured', () => {
    for (const display of [narrow, { ...narrow, color: true }]) {
      // The first line would be too long if its colours counted.
      const why = 'its hold is not over, and how long';
      const result = { ticks: [tickOf({ why })], halted: false, dryRun: false, warnings: [] };
      const lines = stripVTControlCharacters(formatRolloutTicks(result, display)).split('\n');
      expect(lines.map(measureWidth)).toEqual([76, 20]);
      expect(lines.join(' ')).toBe(formatTickLine(tickOf({ why }), narrow));
    }
  });

  it('has its gates below it on a terminal, and the ways out of a pause', () => {
    const ticks = [
      tickOf({ checks }),
      tickOf({ outcome: 'paused', rollout: paused, nextAt: null, why: 'manual' }),
    ];
    const result = { ticks, halted: true, dryRun: false, warnings: [] };
    const blocks = formatRolloutTicks(result, broad).split('\n\n');
    expect(blocks[0]).toContain('\nGATE ');
    expect(blocks[1]).toMatch(/paused at 10 % \(manual\)\nGo on: .* resume .*\nGo back: .* abort /);
    expect(formatRolloutTicks(result, pipe).split('\n').filter(Boolean)).toEqual([
      expect.stringContaining('waiting at 10 %'),
      expect.stringContaining('paused at 10 %'),
      'Go on:   promptv rollout resume support/triage --env production',
      'Go back: promptv rollout abort support/triage --env production',
    ]);
    expect(formatRolloutTicks({ ...result, ticks: [] }, pipe)).toBe('No rollout is under way.');
  });
});

describe('rollout run', () => {
  it('says when it looked, and at the end what a person does', () => {
    expect(formatRunTick(tickOf(), pipe)).toBe(
      '2026-03-01T00:30:00.000Z  support/triage in production: waiting at 10 % (its hold is not over; 1 h 30 m left)',
    );
    const aborted: RolloutView = { ...rollout, state: 'aborted', weight: 0 };
    const end = formatRunTick(tickOf({ outcome: 'aborted', rollout: aborted, nextAt: null }), pipe);
    expect(end.split('\n').slice(1)).toEqual([
      'Everyone reads 1.0.0.',
      'See why:    promptv rollout history support/triage --env production',
      'Begin anew: promptv rollout retry support/triage --env production',
    ]);
  });
});

describe('rollout history', () => {
  const entry = { rollout: paused, deployment: null, events: [{ ...event, seq: 1, reason: null }, event] };
  const result = { prompt: 'support/triage', environment: 'production', rollouts: [entry], warnings: [] };

  it('has one event a line, with who did it and why', () => {
    const lines = formatRolloutHistory(result, narrow).split('\n');
    expect(lines[0]).toBe('support/triage in production: 1.0.0 → 1.1.0 (canary), paused (manual)');
    expect(lines[3]).toMatch(
      /^ {2}2 {2}10 min ago {2}pause +10 % {2}paused \(manual\) {2}Ops {2}A complaint\\x1b\[31m$/,
    );
    for (const line of lines) expect(measureWidth(line)).toBeLessThanOrEqual(80);
  });

  it('is one row an event in a pipe, with the address and the moment', () => {
    const rows = formatRolloutHistory(result, pipe).split('\n');
    expect(rows[1]).toBe(
      '2\t2026-03-01T00:20:00.000Z\tpause\t10 %\tpaused (manual)\tOps <ops@example.com>\tA complaint\\x1b[31m',
    );
  });
});
