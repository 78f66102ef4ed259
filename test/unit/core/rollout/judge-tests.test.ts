import { describe, expect, it } from 'vitest';
import { parseGate } from '../../../../src/core/rollout/gate.ts';
import { judgeByTests } from '../../../../src/core/rollout/judge-tests.ts';

const figures = {
  cases: 20,
  errors: 1,
  means: { latency_ms: { n: 19, mean: 480 }, passed: { n: 20, mean: 0.9 } },
};

const verdictOf = (text: string, seen = figures) => {
  const gate = parseGate(text);
  if (gate === null) throw new Error(`Not a gate: ${text}`);
  const check = judgeByTests(gate, seen);
  return check && [check.verdict, check.value, check.candidate?.n];
};

describe('a gate judged by a run of tests', () => {
  it.each([
    ['latency_ms <= 500', ['pass', 480, 19]],
    ['latency_ms <= 479', ['fail', 480, 19]],
    ['error_rate <= 2%', ['fail', 0.05, 20]],
    ['success_rate >= 95%', ['pass', 0.95, 20]],
    ['quality >= 0.85', ['pass', 0.9, 20]],
    ['quality >= 0.95', ['fail', 0.9, 20]],
  ])('%s is %j', (text, expected) => {
    expect(verdictOf(text)).toEqual(expected);
  });

  it('takes a quality that the tests measured before the share that passed', () => {
    const means = { ...figures.means, quality: { n: 20, mean: 0.5 } };
    expect(verdictOf('quality >= 0.85', { ...figures, means })).toEqual(['fail', 0.5, 20]);
  });

  it.each(['latency_ms <= +20%', 'latency_ms.p95 <= 900', 'cost_usd <= 1'])('says nothing of %s', (text) => {
    expect(verdictOf(text)).toBeNull();
  });

  it('says nothing where none ran', () => {
    expect(verdictOf('error_rate <= 2%', { cases: 0, errors: 0, means: figures.means })).toBeNull();
  });
});
