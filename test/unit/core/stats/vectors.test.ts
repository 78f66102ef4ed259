import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calculate } from '../../../../src/core/stats/calculator.ts';

interface Case {
  readonly id: string;
  readonly group: string;
  readonly fn: string;
  readonly input: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tol: { readonly rel: number; readonly abs: number };
}

const path = new URL('../../../fixtures/stats.json', import.meta.url);
const { meta, cases }: { meta: { count: number }; cases: readonly Case[] } = JSON.parse(
  readFileSync(path, 'utf8'),
);

/** The vectors' own rule: |x - e| ≤ max(abs, rel × |e|), arrays elementwise, null means null with a reason. */
const findDifferences = (actual: unknown, expected: unknown, tol: Case['tol'], where: string): string[] => {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return [`${where}: not an array of ${expected.length}`];
    return expected.flatMap((entry, i) => findDifferences(actual[i], entry, tol, `${where}.${i}`));
  }
  if (typeof expected === 'number') {
    const isClose =
      typeof actual === 'number' &&
      Math.abs(actual - expected) <= Math.max(tol.abs, tol.rel * Math.abs(expected));
    return isClose ? [] : [`${where}: ${String(actual)} instead of ${expected}`];
  }
  return actual === expected ? [] : [`${where}: ${String(actual)} instead of ${String(expected)}`];
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

describe('the reference vectors', () => {
  it('are all here', () => {
    expect(cases).toHaveLength(meta.count);
  });

  it.each(
    cases.map((one) => [one.group, one.id, one] as const),
  )('%s: %s is met within its tolerance', (_, __, one) => {
    const result = calculate(one.fn, one.input);
    if (!isRecord(result)) throw new Error('the result is not an object');
    const keys = Object.keys(one.expected);
    // SciPy's whole sizes are to be met exactly; everything else within the tolerance.
    const differences = keys.flatMap((key) =>
      findDifferences(
        result[key],
        one.expected[key],
        ['nA', 'nB'].includes(key) ? { rel: 0, abs: 0 } : one.tol,
        key,
      ),
    );
    expect(differences).toEqual([]);
    if (Object.values(one.expected).includes(null)) expect(result.reason).toEqual(expect.any(String));
  });
});
