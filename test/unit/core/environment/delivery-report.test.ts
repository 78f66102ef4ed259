import { describe, expect, it } from 'vitest';
import { reportDelivery } from '../../../../src/core/environment/delivery-report.ts';
import type { EnvironmentState } from '../../../../src/core/environment/state.ts';
import { stateOf } from '../../../helpers/pointer-files.ts';

const hourMs = 3_600_000;

/** 1.0.0 held; 1.1.0 was rolled back after an hour; that rollback was itself undone by a second one. */
const first = stateOf('production', 'greet', [
  { version: '0.9.0', at: '2026-01-01T00:00:00.000Z' },
  { version: '1.0.0', at: '2026-01-02T00:00:00.000Z' },
  { version: '1.1.0', at: '2026-01-04T00:00:00.000Z' },
  { version: '1.0.0', at: '2026-01-04T01:00:00.000Z', action: 'rollback', trigger: 'emergency' },
  { version: '0.9.0', at: '2026-01-04T04:00:00.000Z', action: 'rollback', trigger: 'manual' },
]);

describe('the report on delivery', () => {
  it('counts what was undone, and how long it took', () => {
    expect(reportDelivery([first], null)).toEqual({
      deployments: { count: 3, rolledBack: 1, successRate: 2 / 3 },
      rollbacks: { count: 2, emergencies: 1, held: 1, successRate: 1 / 2 },
      betweenDeployments: { count: 2, medianMs: 36 * hourMs, longestMs: 48 * hourMs },
      timeToRollBack: { count: 2, medianMs: 2 * hourMs, longestMs: 3 * hourMs },
    });
  });

  it('believes what a rollback says it undid', () => {
    const [, named] = first.deployments;
    const state: EnvironmentState = stateOf('production', 'greet', [
      ...first.deployments.slice(0, 3),
      { version: '0.9.0', action: 'rollback', at: '2026-01-05T00:00:00.000Z', undoes: named?.id ?? null },
    ]);
    expect(reportDelivery([state], null).timeToRollBack.longestMs).toBe(72 * hourMs);
  });

  it('counts only what happened since, yet measures from before', () => {
    const since = reportDelivery([first], '2026-01-04T00:00:00.000Z');
    expect(since.deployments).toEqual({ count: 1, rolledBack: 1, successRate: 0 });
    expect(since.betweenDeployments).toEqual({ count: 1, medianMs: 48 * hourMs, longestMs: 48 * hourMs });
  });

  it('has no rate and no duration of nothing', () => {
    expect(reportDelivery([], null)).toEqual({
      deployments: { count: 0, rolledBack: 0, successRate: null },
      rollbacks: { count: 0, emergencies: 0, held: 0, successRate: null },
      betweenDeployments: { count: 0, medianMs: null, longestMs: null },
      timeToRollBack: { count: 0, medianMs: null, longestMs: null },
    });
  });

  it("never counts a prompt's first promotion as time between, nor below zero where clocks differ", () => {
    const odd = stateOf('production', 'odd', [
      { version: '1.0.0', at: '2026-01-02T00:00:00.000Z' },
      { version: '1.1.0', at: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(reportDelivery([odd], null).betweenDeployments).toEqual({ count: 1, medianMs: 0, longestMs: 0 });
  });
});
