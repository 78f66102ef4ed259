import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseGate } from '../../../../src/core/rollout/gate.ts';
import { type ArmFigures, judgeGate } from '../../../../src/core/rollout/judge-gate.ts';
import { judgeRatio } from '../../../../src/core/rollout/sample-ratio.ts';
import { computeMoments } from '../../../../src/core/stats/moments.ts';
import { gatesOf } from '../../../helpers/rollouts.ts';

describe('the text of a gate', () => {
  it.each([
    ['latency_ms<=+20%', 'latency_ms <= +20%', 'relative', 0.2],
    ['latency_ms.p95 <= +20%', 'latency_ms.p95 <= +20%', 'relative', 0.2],
    ['latency_ms.p99.9 <= 500', 'latency_ms.p99.9 <= 500', 'absolute', 500],
    ['quality >= -5%', 'quality >= -5%', 'relative', -0.05],
    ['quality ≥ 0.85', 'quality >= 0.85', 'absolute', 0.85],
    ['error_rate <= +2pp', 'error_rate <= +2pp', 'change', 0.02],
    ['error_rate <= 10%', 'error_rate <= 10%', 'absolute', 0.1],
    ['output_tokens <= +30', 'output_tokens <= +30', 'change', 30],
  ])('%s is read', (text, name, kind, bound) => {
    expect(parseGate(text)).toMatchObject({ name, kind, bound });
    expect(parseGate(name)).toEqual(parseGate(text));
  });

  it.each([
    '',
    'latency_ms',
    'latency_ms < 5',
    'latency_ms <= ',
    'latency_ms <= 20%',
    'latency_ms <= +2pp',
    'error_rate <= 2pp',
    'error_rate.p95 <= 10%',
    'latency_ms <= NaN',
    'a b <= 5',
  ])('%j is none', (text) => {
    expect(parseGate(text)).toBeNull();
  });
});

const arm = (fields: Partial<ArmFigures> = {}): ArmFigures => ({
  errors: { x: 0, n: 0 },
  means: {},
  quantiles: {},
  ...fields,
});
const values = (n: number, mean: number, sd: number) => ({ n, mean, M2: sd * sd * (n - 1) });
const options = { mode: 'sequential', alpha: 0.05, minSamples: 100, share: 0.5 } as const;
const judge = (gate: string, stable: ArmFigures, candidate: ArmFigures, more = {}) => {
  const [parsed] = gatesOf(gate);
  if (!parsed) throw new Error('There is no gate.');
  return judgeGate(parsed, { stable, candidate }, { ...options, ...more });
};
const latency = (n: number, mean: number, sd = 100) => arm({ means: { latency_ms: values(n, mean, sd) } });

describe('a gate', () => {
  it.each([
    ['passes an equal candidate', 1000, 'pass'],
    ['fails one that is half slower', 1500, 'fail'],
    ['is undecided at its bound', 1200, 'inconclusive'],
  ])('%s', (_, mean, verdict) => {
    expect(judge('latency_ms <= +20%', latency(2000, 1000), latency(2000, mean)).verdict).toBe(verdict);
  });

  it('shows the change with its interval in the units of its bound', () => {
    const { value, interval, bound } = judge('latency_ms <= +20%', latency(2000, 1000), latency(2000, 1050));
    expect([value, bound]).toEqual([expect.closeTo(0.05, 9), 0.2]);
    expect(interval?.[0]).toBeLessThan(0.05);
    expect(interval?.[1]).toBeGreaterThan(0.05);
  });

  it('never passes too few samples of either version, however good they look', () => {
    for (const [stable, candidate] of [
      [5000, 99],
      [99, 5000],
    ] as const)
      expect(judge('latency_ms <= +20%', latency(stable, 1000, 1), latency(candidate, 500, 1))).toMatchObject(
        {
          verdict: 'inconclusive',
          detail: '99 of 100 samples',
        },
      );
  });

  it('without a record of a version has no data, and is skipped only if it is built in and nobody records it', () => {
    expect(judge('latency_ms <= +20%', latency(500, 1000), arm()).verdict).toBe('no-data');
    expect(judge('latency_ms <= +20%', arm(), arm()).verdict).toBe('no-data');
    const builtIn = parseGate('quality >= -5%', true);
    if (!builtIn) throw new Error('There is no gate.');
    // Nobody may have recorded it yet, or ever.
    expect(judgeGate(builtIn, { stable: arm(), candidate: arm() }, options)).toMatchObject({
      verdict: 'skipped',
      detail: 'no record of either version yet',
    });
  });

  it('needs no failure at all to say that few fail', () => {
    const clean = (n: number) => arm({ errors: { x: 0, n } });
    expect(judge('error_rate <= +2pp', clean(2000), clean(2000)).verdict).toBe('pass');
    expect(judge('error_rate <= 10%', arm(), clean(500)).verdict).toBe('pass');
    expect(judge('error_rate <= 10%', arm(), arm({ errors: { x: 100, n: 500 } })).verdict).toBe('fail');
  });

  it('tells equal values apart where no test can', () => {
    const quality = (mean: number) => arm({ means: { quality: values(500, mean, 0) } });
    expect(judge('quality >= -5%', quality(1), quality(1)).verdict).toBe('pass');
    expect(judge('quality >= -5%', quality(1), quality(0.9)).verdict).toBe('fail');
  });

  it('judges a quantile by its own error', () => {
    const p95 = (value: number) => arm({ quantiles: { 'latency_ms.p95': { n: 2000, value, se: 10 } } });
    expect(judge('latency_ms.p95 <= +20%', p95(1000), p95(1010)).verdict).toBe('pass');
    expect(judge('latency_ms.p95 <= +20%', p95(1000), p95(1500)).verdict).toBe('fail');
    expect(judge('latency_ms.p95 <= 900', arm(), p95(1010)).verdict).toBe('fail');
  });
});

interface Vector {
  readonly id: string;
  readonly fn: string;
  readonly input: {
    readonly stable: readonly number[];
    readonly canary: readonly number[];
    readonly margin: number;
    readonly direction: 'higher' | 'lower';
    readonly alpha: number;
  };
  readonly expected: { readonly verdict: string; readonly relativeChange: number };
}

const { cases } = JSON.parse(readFileSync('test/fixtures/stats.json', 'utf8')) as { cases: Vector[] };

describe('in mode "fixed" a gate', () => {
  it.each(cases.filter(({ fn }) => fn === 'relativeGate'))('says what the vector $id says', ({
    input,
    expected,
  }) => {
    const { stable, canary, margin, direction, alpha } = input;
    const means = (sample: readonly number[]) => arm({ means: { quality: computeMoments(sample) } });
    const gate = direction === 'higher' ? `quality >= -${margin * 100}%` : `quality <= +${margin * 100}%`;
    const more = { mode: 'fixed', alpha, minSamples: 2 };
    const found = judge(gate, means(stable), means(canary), more);
    expect(found.verdict).toBe(expected.verdict);
    expect(found.value).toBeCloseTo(expected.relativeChange, 9);
  });
});

describe('the sample ratio', () => {
  it.each([
    ['as weighed', { candidate: 100, stable: 900 }, 10, false],
    ['far from it', { candidate: 200, stable: 800 }, 10, true],
    ['with too few units to say', { candidate: 5, stable: 3 }, 10, false],
    ['at 0 %, where previews are all there is', { candidate: 50, stable: 900 }, 0, false],
    ['at 100 %, where late clients are left', { candidate: 900, stable: 50 }, 100, false],
  ])('%s', (_, units, weight, mismatch) => {
    expect(judgeRatio(units, weight).mismatch).toBe(mismatch);
  });
});
