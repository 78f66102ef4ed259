import { describe, expect, it } from 'vitest';
import { compareErrorRates, compareFigures } from '../../../../src/core/metrics/judge.ts';
import type { MetricFigures } from '../../../../src/core/metrics/source.ts';

const figures = (count: number, mean: number, sd: number, missing = 0): MetricFigures => ({
  count,
  missing,
  sum: count * mean,
  mean: count === 0 ? null : mean,
  m2: count === 0 ? null : sd * sd * (count - 1),
  sd: count < 2 ? null : sd,
  min: null,
  max: null,
  quantiles: [],
  reason: count < 2 ? 'insufficient-data' : null,
});

const lower = { metric: 'latency_ms', direction: 'lower', alpha: 0.05 } as const;
const higher = { metric: 'quality', direction: 'higher', alpha: 0.05 } as const;

describe('the verdict on a mean', () => {
  it.each([
    ['a latency that falls beyond chance', figures(100, 200, 20), figures(100, 150, 20), lower, 'better'],
    ['a latency that grows beyond chance', figures(100, 150, 20), figures(100, 200, 20), lower, 'worse'],
    ['a quality that grows beyond chance', figures(100, 0.7, 0.1), figures(100, 0.8, 0.1), higher, 'better'],
    [
      'a doubled mean that may be chance',
      figures(12, 100, 400),
      figures(12, 200, 400),
      lower,
      'no difference',
    ],
    ['a change of a hundredth that is none', figures(1e6, 100, 1), figures(1e6, 101, 1), lower, 'worse'],
    [
      'too few values to rule a difference out',
      figures(5, 100, 40),
      figures(5, 101, 40),
      lower,
      'insufficient',
    ],
    ['one value', figures(1, 100, 0), figures(100, 101, 40), lower, 'insufficient'],
    ['no values', figures(0, 0, 0), figures(100, 101, 40), lower, 'insufficient'],
    ['equal values on both sides', figures(20, 1, 0), figures(20, 1, 0), higher, 'no difference'],
    ['other equal values', figures(20, 1, 0), figures(20, 0, 0), higher, 'worse'],
  ])('of %s', (_, a, b, options, verdict) => {
    expect(compareFigures(a, b, options).verdict).toBe(verdict);
  });

  it('comes with reasons in place of numbers that do not exist', () => {
    const compared = compareFigures(figures(0, 0, 0, 7), figures(3, 1, 1), higher);
    expect(compared).toMatchObject({ change: null, interval: null, p: null, reason: 'insufficient-data' });
    expect(compared.a).toEqual({ count: 0, missing: 7, mean: null, sd: null });
    const fromZero = compareFigures(figures(20, 0, 1), figures(20, 5, 1), higher);
    expect(fromZero).toMatchObject({ verdict: 'better', relativeChange: null, reason: 'zero-baseline' });
  });

  it('gives the interval of the change in units of the metric and as a share', () => {
    const { change, interval, relativeChange, relativeInterval } = compareFigures(
      figures(400, 200, 20),
      figures(400, 150, 20),
      lower,
    );
    expect([change, relativeChange]).toEqual([-50, -0.25]);
    expect(interval?.map(Math.round)).toEqual([-53, -47]);
    expect(relativeInterval?.every((end) => end < -0.23 && end > -0.27)).toBe(true);
  });
});

describe('the verdict on an error rate', () => {
  const options = { metric: 'error_rate', direction: 'lower', alpha: 0.05 } as const;
  it.each([
    [{ x: 10, n: 1000 }, { x: 40, n: 1000 }, 'worse'],
    [{ x: 40, n: 1000 }, { x: 10, n: 1000 }, 'better'],
    [{ x: 1, n: 100 }, { x: 2, n: 100 }, 'no difference'],
    [{ x: 0, n: 1000 }, { x: 0, n: 1000 }, 'no difference'],
    [{ x: 0, n: 3 }, { x: 0, n: 3 }, 'insufficient'],
    [{ x: 0, n: 0 }, { x: 0, n: 50 }, 'insufficient'],
  ])('of %j and %j', (a, b, verdict) => {
    expect(compareErrorRates({ ...a, missing: 0 }, { ...b, missing: 0 }, options).verdict).toBe(verdict);
  });
});
