import { changeRollout, type RolloutChange } from '../../src/core/rollout/change.ts';
import { parseGate } from '../../src/core/rollout/gate.ts';
import type { LogGate, RolloutRecord } from '../../src/core/rollout/record.ts';
import { hashOf } from './pointer-files.ts';

export const start = Date.parse('2026-03-01T00:00:00.000Z');
export const hourMs = 3_600_000;

/** The moment so many hours after the rollout was made. */
export const hours = (count: number): string => new Date(start + count * hourMs).toISOString();

export const gatesOf = (...texts: readonly string[]): LogGate[] =>
  texts.map((text) => {
    const gate = parseGate(text);
    if (gate === null) throw new Error(`Not a gate: ${text}`);
    return gate;
  });

/** A rollout of 10, 50 and 100 per cent, an hour each, that waits to be started. */
export const pendingRollout = (fields: Partial<RolloutRecord> = {}): RolloutRecord => ({
  id: 'r1',
  salt: 'salt',
  strategy: 'gradual',
  stable: { version: '1.0.0', contentHash: hashOf('1.0.0') },
  candidate: { version: '1.0.1', contentHash: hashOf('1.0.1') },
  steps: [10, 50, 100].map((weight) => ({
    weight,
    holdMs: weight === 100 ? 0 : hourMs,
    minSamples: 100,
    approve: false,
    gates: gatesOf('latency_ms <= +20%'),
  })),
  policy: {
    mode: 'sequential',
    alpha: 0.05,
    onFail: 'abort',
    onInconclusive: 'pause',
    onNoData: 'pause',
    maxWaitMs: 24 * hourMs,
    settleMs: 0,
    ceiling: { errorRate: 0.2, minSamples: 20 },
  },
  state: 'pending',
  pause: null,
  step: 0,
  weight: 0,
  attempt: 1,
  since: hours(0),
  windowFrom: hours(0),
  reason: null,
  approvals: [],
  events: [],
  ...fields,
});

/** The rollout after actions, each at an hour of its own; a refusal is an error here. */
export const rolloutAfter = (
  record: RolloutRecord,
  ...changes: readonly (Pick<RolloutChange, 'action' | 'pause' | 'weight'> & { readonly hour?: number })[]
): RolloutRecord =>
  changes.reduce((current, { hour = 0, ...change }) => {
    const next = changeRollout(current, { ...change, at: hours(hour), by: 'Ops <ops@example.com>' });
    if (next === null) throw new Error(`${current.state} refuses ${change.action}`);
    return next;
  }, record);
