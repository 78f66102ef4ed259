import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/metrics/alerts.ts';
import type { WatchedPrompt, WatchPass } from '../../../src/operations/delivery/watch.ts';
import { formatMonitors } from '../../../src/report/delivery/monitor.ts';
import { formatWatchPass } from '../../../src/report/delivery/watch.ts';

const display = { color: false, columns: null, now: new Date('2026-01-01T00:00:00Z') };

const figures = {
  ...{ version: '1.0.1', since: '2026-01-01T00:00:00.000Z', until: '2026-01-01T00:02:00.000Z' },
  ...{ records: 100, errorRate: 0.25, latencyMeanMs: 900, latencyP95Ms: 1200, costUsd: null },
};

const alert: Alert = {
  ...{ type: 'threshold', name: 'error-rate', prompt: 'greet', environment: 'production' },
  ...{
    metric: 'error_rate',
    statistic: 'mean',
    value: 0.25,
    threshold: 0.1,
    bound: 'max',
    severity: 'critical',
  },
};

const watched = (fields: Partial<WatchedPrompt>): WatchedPrompt => ({
  ...{ prompt: 'greet', version: '1.0.1', verdict: 'unwell', figures, alerts: [alert], insufficient: [] },
  ...{ action: 'held', why: 'there is no version to go back to', rollback: null },
  ...fields,
});

const pass = (prompt: WatchedPrompt, dryRun = false): WatchPass => ({
  ...{ environment: 'production', at: '2026-01-01T00:00:00.000Z', report: false, prompts: [prompt] },
  ...{ alerts: 1, rolledBack: 0, notices: [], told: [], dryRun, warnings: [] },
});

const rollback = { to: '1.0.0', deployment: '3-x', commit: null, pushed: false };

describe('the report of a look', () => {
  it.each([
    [watched({}), false, 'greet 1.0.1 not rolled back: there is no version to go back to'],
    [watched({ action: 'rolled-back', rollback }), false, 'greet 1.0.1 rolled back to 1.0.0'],
    [watched({ action: 'rolled-back', rollback }), true, 'greet 1.0.1 would be rolled back to 1.0.0'],
    [
      watched({ action: 'failed', why: 'No\u001b[31m git' }),
      false,
      'greet 1.0.1 could not be rolled back: No\\x1b[31m git',
    ],
  ])('says what became of what is not well (%#)', (prompt, dryRun, line) => {
    expect(formatWatchPass(pass(prompt, dryRun), display).split('\n')).toEqual([
      '2026-01-01T00:00:00.000Z  production: 0 well, 1 not well, 0 with too few records',
      line,
      '  error-rate: error_rate is 0.25, above 0.1',
    ]);
  });

  const slow: Alert = { ...alert, name: 'latency-p95', metric: 'latency_ms', value: 3000, threshold: 2000 };
  const unjudged = {
    ...{ name: 'error-rate', prompt: 'greet', environment: 'production', metric: 'error_rate' },
    ...{ values: 3, needed: 20 },
  };
  const well = { verdict: 'well', alerts: [], action: 'none', why: null } as const;

  it.each<[string, Partial<WatchedPrompt>, Partial<WatchedPrompt>, string[]]>([
    ['nothing of what fires on', {}, { alerts: [{ ...alert, value: 0.3 }] }, []],
    [
      'what begins beside it',
      {},
      { alerts: [alert, slow] },
      [
        'greet 1.0.1 not rolled back: there is no version to go back to',
        '  latency-p95: latency_ms is 3000, above 2000',
      ],
    ],
    [
      'what is done about it',
      {},
      { action: 'failed', why: 'No git.' },
      ['greet 1.0.1 could not be rolled back: No git.'],
    ],
    ['its end', {}, well, ['greet 1.0.1 no longer: error-rate']],
    ['the end of one of two', { alerts: [alert, slow] }, {}, ['greet 1.0.1 no longer: latency-p95']],
    [
      'that it cannot be judged any more',
      { alerts: [alert, slow] },
      { ...well, verdict: 'insufficient', insufficient: [unjudged] },
      ['greet 1.0.1 no longer: latency-p95; too few records to say more of error-rate'],
    ],
    [
      'that the version runs no more',
      {},
      { ...well, version: '1.0.2' },
      ['greet 1.0.1 runs no more: the end of error-rate'],
    ],
    [
      'all of what fires for another version',
      {},
      { version: '1.0.2' },
      [
        'greet 1.0.1 runs no more: the end of error-rate',
        'greet 1.0.2 not rolled back: there is no version to go back to',
        '  error-rate: error_rate is 0.25, above 0.1',
      ],
    ],
    ['nothing where all is as well as before', well, well, []],
  ])('says after another look %s', (_, before, now, lines) => {
    const text = formatWatchPass(pass(watched(now)), display, { before: pass(watched(before)) });
    expect(text.split('\n').slice(1)).toEqual(lines);
  });

  it('is one line where all is well', () => {
    expect(formatWatchPass(pass(watched({ verdict: 'well', alerts: [], action: 'none' })), display)).toBe(
      '2026-01-01T00:00:00.000Z  production: 1 well, 0 not well, 0 with too few records',
    );
  });
});

describe('the report of what was watched', () => {
  it('shows before and now, and nothing where nothing was watched', () => {
    const base = {
      prompt: 'greet',
      environment: 'production',
      version: '1.0.1',
      looks: 13,
      insufficient: [],
    };
    const before = { ...figures, version: '1.0.0', errorRate: 0 };
    const text = formatMonitors(
      [{ ...base, verdict: 'unwell', before, after: figures, alerts: [alert] }],
      display,
    );
    expect(text).toContain('greet 1.0.1 in production is not well (13 looks).');
    expect(text?.split('\n').map((line) => line.split('\t').slice(0, 4))).toEqual(
      expect.arrayContaining([
        ['before', '1.0.0', '100', '0'],
        ['now', '1.0.1', '100', '0.25'],
      ]),
    );
    expect(text?.split('\n').at(-1)).toBe('Go back: promptv rollback greet --env production');
    const well = { ...base, verdict: 'well' as const, before, after: figures, alerts: [] };
    expect(formatMonitors([well], display)).not.toContain('Go back');
    expect(formatMonitors([], display)).toBeNull();
  });
});
