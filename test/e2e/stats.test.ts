import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

interface Case {
  readonly id: string;
  readonly fn: string;
  readonly input: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tol: { readonly rel: number; readonly abs: number };
}

const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('../fixtures/stats.json', import.meta.url), 'utf8'),
);

const isClose = (actual: unknown, expected: unknown, tol: Case['tol']): boolean => {
  if (Array.isArray(expected))
    return Array.isArray(actual) && expected.every((each, index) => isClose(actual[index], each, tol));
  if (typeof expected !== 'number') return actual === expected;
  return (
    typeof actual === 'number' &&
    Math.abs(actual - expected) <= Math.max(tol.abs, tol.rel * Math.abs(expected))
  );
};

describe('promptv stats', () => {
  let repo: TempRepo;
  beforeAll(() => {
    repo = createTempRepo();
  });
  afterAll(() => repo.remove());

  it('answers every reference value within its tolerance, in one process and without a repository', async () => {
    const input = cases.map(({ fn, input: each }) => JSON.stringify({ fn, input: each })).join('\n');
    const run = await repo.promptv(['stats'], { input, cwd: repo.root });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    const answers: { result: Record<string, unknown> }[] = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toHaveLength(cases.length);
    const wrong = cases.flatMap(({ id, expected, tol }, index) =>
      Object.entries(expected)
        .filter(([key, value]) => !isClose(answers[index]?.result[key], value, tol))
        .map(([key]) => `${id}: ${key}`),
    );
    expect(wrong).toEqual([]);
  });

  it('prints the bare result of one function, and a coded error for a name that is none', async () => {
    const asked = await repo.promptv(['stats', 'tTwoSidedP', '--json'], { input: '{"t":2,"df":10}' });
    expect(Object.keys(asked.json())).not.toContain('schemaVersion');
    expect(asked.json().p).toBeCloseTo(0.0734, 4);
    const wrong = await repo.promptv(['stats', 'tTwoSidedX', '--json'], { input: '{}' });
    expect([wrong.exitCode, wrong.stdout, wrong.error().code]).toEqual([2, '', 'STATS_FUNCTION_UNKNOWN']);
  });
});
