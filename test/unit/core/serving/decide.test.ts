import { describe, expect, it } from 'vitest';
import { assign } from '../../../../src/core/experiment/assign.ts';
import { decideServing } from '../../../../src/core/serving/decide.ts';
import { experimentInForce } from '../../../../src/core/serving/in-force.ts';
import type { ServedExperiment } from '../../../../src/core/serving/served-experiment.ts';
import { codeOf } from '../../../helpers/in-workspace.ts';
import { experimentWith } from './experiment.ts';

const hash = (letter: string): string => `sha256:${letter.repeat(64)}`;
const pointer = { version: '1.0.0', contentHash: hash('a') };
const running: ServedExperiment = {
  id: 'tone',
  salt: 'tone-1',
  state: 'running',
  design: 'units',
  startedAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-08T00:00:00Z',
  winner: null,
  variants: [
    { name: 'control', ...pointer, weight: 1 },
    { name: 'treatment', version: '1.1.0', contentHash: hash('b'), weight: 1 },
  ],
};
/** Whom the split gives the treatment. */
const treated = 'user-2';
const during = '2026-01-02T00:00:00Z';

const decide = (
  more: Partial<ServedExperiment>,
  now = during,
  unit: string | null = treated,
  preview = false,
) =>
  decideServing(
    { pointer, experiment: { ...running, ...more }, rollout: null },
    { unit, now: new Date(now), preview },
  );

describe('what a unit gets', () => {
  it.each<[string, ReturnType<typeof decide>, object]>([
    ['a running test: its variant', decide({}), { variant: 'treatment', enrolled: true, reason: 'assigned' }],
    [
      'a draft: the control',
      decide({ state: 'draft' }),
      { variant: 'control', enrolled: false, reason: 'draft' },
    ],
    [
      'a draft that is previewed: its variant',
      decide({ state: 'draft' }, during, treated, true),
      { variant: 'treatment', enrolled: false, reason: 'preview' },
    ],
    [
      'before its first moment: the control',
      decide({}, '2025-12-31T23:59:59Z'),
      { variant: 'control', enrolled: false, reason: 'scheduled' },
    ],
    ['at its first moment: its variant', decide({}, '2026-01-01T00:00:00Z'), { reason: 'assigned' }],
    [
      'just before its time is over: its variant',
      decide({}, '2026-01-07T23:59:59.999Z'),
      { reason: 'assigned' },
    ],
    [
      'when its time is over: the control',
      decide({}, '2026-01-08T00:00:00Z'),
      { variant: 'control', enrolled: false, reason: 'expired' },
    ],
    [
      'a stopped test: the control',
      decide({ state: 'stopped' }),
      { variant: 'control', enrolled: false, reason: 'stopped' },
    ],
    [
      'a concluded test: the winner',
      decide({ state: 'concluded', winner: 'treatment' }),
      { variant: 'treatment', enrolled: false, reason: 'concluded' },
    ],
    [
      'a concluded test without a key: the winner too',
      decide({ state: 'concluded', winner: 'treatment' }, during, null),
      { variant: 'treatment', version: '1.1.0' },
    ],
    [
      'no key: the control',
      decide({}, during, null),
      { variant: 'control', enrolled: false, reason: 'no-key' },
    ],
    [
      'a paired test: the control',
      decide({ design: 'paired' }),
      { variant: 'control', enrolled: false, reason: 'paired' },
    ],
  ])('of %s', (_, decision, expected) => {
    expect(decision).toMatchObject({ experiment: 'tone', ...expected });
    expect(decision.version).toBe(decision.variant === 'treatment' ? '1.1.0' : '1.0.0');
  });

  it('is what the environment runs where there is no experiment', () => {
    expect(
      decideServing({ pointer, experiment: null, rollout: null }, { unit: 'u', now: new Date(during) }),
    ).toEqual({
      ...pointer,
      ...{ experiment: null, rollout: null, variant: null, enrolled: false, reason: 'pointer' },
    });
  });

  it('refuses an empty key', async () => {
    expect(await codeOf(Promise.resolve().then(() => decide({}, during, ' ')))).toBe('UNIT_INVALID');
  });
});

describe('the experiment in force', () => {
  const at = '2026-01-01T00:00:00Z';
  const inForce = (place: object, ...experiments: Parameters<typeof experimentWith>[0][]) =>
    experimentInForce({ ...pointer, at, ...place }, experiments.map(experimentWith))?.id ?? null;

  it.each<[string, string | null, string | null]>([
    ['the running one', inForce({}, { id: 'a', state: 'draft' }, { id: 'b' }), 'b'],
    [
      'of two that a merge brought together the older',
      inForce({}, { id: 'b' }, { id: 'a', startedAt: '2025-12-01T00:00:00Z' }),
      'a',
    ],
    ['none when the pointer moved away from the control', inForce({ version: '0.9.0' }, {}), null],
    [
      'none when the content behind the control’s number is another',
      inForce({ contentHash: hash('c') }, {}),
      null,
    ],
    ['a concluded one', inForce({}, { id: 'a', state: 'concluded', endedAt: '2026-01-05T00:00:00Z' }), 'a'],
    [
      'none when the pointer was moved after the conclusion, even back to the control',
      inForce({ at: '2026-01-06T00:00:00Z' }, { state: 'concluded', endedAt: '2026-01-05T00:00:00Z' }),
      null,
    ],
    [
      'none of those that were stopped',
      inForce({}, { state: 'stopped', endedAt: '2026-01-05T00:00:00Z' }),
      null,
    ],
    ['none that is run in pairs', inForce({}, { design: 'paired' }), null],
  ])('is %s', (_, found, expected) => {
    expect(found).toBe(expected);
  });
});

describe('assign', () => {
  it('counts with the weights of the last phase, and moves nobody back who had the growing variant', () => {
    const phases = [1, 9].map((weight) => ({
      startedAt: '2026-01-01T00:00:00Z',
      weights: { control: 10 - weight, treatment: weight },
      versions: { control: '1.0.0', treatment: '1.1.0' },
    }));
    const [before, after] = [phases.slice(0, 1), phases].map((each) => experimentWith({ phases: each }));
    const units = Array.from({ length: 2000 }, (_, at) => `user-${at}`);
    const early = units.filter((unit) => before && assign(before, unit) === 'treatment');
    const late = new Set(units.filter((unit) => after && assign(after, unit) === 'treatment'));
    expect(early.length).toBeGreaterThan(130);
    expect(late.size).toBeGreaterThan(1700);
    expect(early.filter((unit) => !late.has(unit))).toEqual([]);
  });
});
