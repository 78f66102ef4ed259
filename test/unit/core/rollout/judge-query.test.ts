import { describe, expect, it } from 'vitest';
import { failedAnswer, type QueryAnswer } from '../../../../src/core/prometheus/answer.ts';
import { judgeQueryGate } from '../../../../src/core/rollout/judge-query.ts';
import type { QueryGate } from '../../../../src/core/rollout/record.ts';
import { resolveGate } from '../../../../src/core/rollout/resolve-gate.ts';

const gate = (fields: Partial<QueryGate> = {}): QueryGate => ({
  name: 'query:p95 <= +20%',
  source: 'prometheus',
  query: 'q',
  operator: '<=',
  kind: 'relative',
  bound: 0.2,
  ...fields,
});
const value = (number: number): QueryAnswer => ({ outcome: 'value', value: number, detail: null });
const judge = (own: QueryGate, candidate: QueryAnswer, stable: QueryAnswer | null) =>
  judgeQueryGate(own, {
    candidate: { query: 'c', answer: candidate },
    stable: stable && { query: 's', answer: stable },
  });

describe('a gate with a query', () => {
  it.each([
    ['within', gate(), 119, 100, 'pass', 0.19],
    ['at the bound', gate(), 120, 100, 'pass', 0.2],
    ['beyond', gate(), 121, 100, 'fail', 0.21],
    ['of a negative value', gate(), -130, -100, 'pass', -0.3],
    ['nothing on either side', gate(), 0, 0, 'pass', 0],
    ['something where there was nothing', gate(), 1, 0, 'inconclusive', null],
    ['at least', gate({ operator: '>=', bound: -0.05 }), 96, 100, 'pass', -0.04],
    ['less than that', gate({ operator: '>=', bound: -0.05 }), 94, 100, 'fail', -0.06],
  ])('%s', (_, own, candidate, stable, verdict, change) => {
    const check = judge(own, value(candidate), value(stable));
    expect(check.verdict).toBe(verdict);
    if (change === null) expect(check.value).toBeNull();
    else expect(check.value).toBeCloseTo(change, 12);
    expect(check.queries).toMatchObject([
      { of: 'candidate', query: 'c', value: candidate },
      { of: 'stable', query: 's', value: stable },
    ]);
  });

  it('looks at the candidate alone where its bound is absolute', () => {
    expect(judge(gate({ kind: 'absolute', bound: 500 }), value(400), null)).toMatchObject({
      verdict: 'pass',
      value: 400,
      stable: null,
    });
  });

  it.each([
    ['no-series', 'no-data'],
    ['nan', 'no-data'],
    ['several-series', 'error'],
    ['infinite', 'error'],
    ['warning', 'error'],
    ['refused', 'error'],
    ['http-error', 'error'],
    ['unreachable', 'error'],
    ['timeout', 'error'],
    ['malformed', 'error'],
    ['not-configured', 'error'],
  ] as const)('never passes on %s, of either side', (outcome, verdict) => {
    const failed = failedAnswer(outcome, 'why');
    expect(judge(gate(), failed, value(1))).toMatchObject({ verdict, value: null });
    expect(judge(gate(), value(1), failed)).toMatchObject({ verdict, detail: `stable: ${outcome} (why)` });
  });
});

describe('the text query:NAME', () => {
  const queries = {
    p95: { query: 'q', relativeTo: 'stable', min: null, max: 0.2 },
    share: { query: 'q', relativeTo: null, min: 0.9, max: null },
  } as const;
  it.each([
    ['query:p95', 'query:p95 <= +20%', '<=', 'relative'],
    ['query:share', 'query:share >= 0.9', '>=', 'absolute'],
  ])('%s is the gate %s', (text, name, operator, kind) => {
    expect(resolveGate(text, queries)).toMatchObject({ name, operator, kind, query: 'q' });
  });
  it.each(['query:other', 'query:', 'query:__proto__', 'query:constructor'])('%s is none', (text) => {
    expect(resolveGate(text, queries)).toBeNull();
  });
});
