import { describe, expect, it } from 'vitest';
import { findDifferences, pointerDrift } from '../../../../src/core/environment/drift.ts';
import { runningAt, stateAt } from '../../../../src/core/environment/running.ts';
import { emptyState } from '../../../../src/core/environment/state.ts';
import { hashOf, stateOf } from '../../../helpers/pointer-files.ts';

const state = stateOf('production', 'greet', [
  { version: '1.0.0', at: '2026-01-01T00:00:00.000Z' },
  { version: '1.1.0', at: '2026-01-02T00:00:00.000Z', by: 'Ada <ada@example.com>', reason: 'shorter' },
  { version: '1.0.0', at: '2026-01-03T00:00:00.000Z', action: 'rollback' },
]);

describe('what ran at a moment', () => {
  it.each([
    ['2025-12-31T23:59:59.999Z', null],
    ['2026-01-01T00:00:00.000Z', '1.0.0'],
    ['2026-01-01T23:59:59.999Z', '1.0.0'],
    ['2026-01-02T00:00:00.000Z', '1.1.0'],
    ['2026-01-03T00:00:00.000Z', '1.0.0'],
    ['2030-01-01T00:00:00.000Z', '1.0.0'],
  ])('is at %s version %s', (at, version) => {
    expect(runningAt(state, at)?.version ?? null).toBe(version);
  });

  it('says since when, by whom and why', () => {
    expect(runningAt(state, '2026-01-02T12:00:00.000Z')).toEqual({
      prompt: 'greet',
      version: '1.1.0',
      contentHash: hashOf('1.1.0'),
      since: '2026-01-02T00:00:00.000Z',
      by: 'Ada <ada@example.com>',
      action: 'promote',
      reason: 'shorter',
      deployment: state.deployments[1]?.id,
    });
  });

  it('is now what the last entry brought', () => {
    expect(runningAt(state, null)).toMatchObject({ version: '1.0.0', action: 'rollback' });
    expect(runningAt(emptyState('greet', 'production'), null)).toBeNull();
  });

  it('follows the recorded order where a clock ran behind', () => {
    const late = stateOf('production', 'greet', [
      { version: '1.0.0', at: '2026-01-02T00:00:00.000Z' },
      { version: '1.1.0', at: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(runningAt(late, '2026-01-03T00:00:00.000Z')?.version).toBe('1.1.0');
    expect(stateAt(late, '2026-01-03T00:00:00.000Z')).toEqual(late);
  });
});

describe('drift', () => {
  it('lists the prompts that differ by name, null where one does not run', () => {
    const a = new Map([
      ['z', '1.9.0'],
      ['same', '2.0.0'],
      ['only-a', '1.0.0'],
    ]);
    const b = new Map([
      ['same', '2.0.0'],
      ['only-b', '3.0.0'],
      ['z', '1.10.0'],
    ]);
    expect(findDifferences(a, b)).toEqual([
      { prompt: 'only-a', a: '1.0.0', b: null, ahead: 'a' },
      { prompt: 'only-b', a: null, b: '3.0.0', ahead: 'b' },
      { prompt: 'z', a: '1.9.0', b: '1.10.0', ahead: 'b' },
    ]);
  });

  it.each([
    ['x', 'x', null],
    ['x', 'y', 'changed'],
    ['x', null, 'missing'],
  ])('of a pointer to %s whose tag says %s is %s', (promoted, now, drift) => {
    expect(pointerDrift(promoted, now)).toBe(drift);
  });
});
