import { describe, expect, it } from 'vitest';
import { describeSampling, drawSample } from '../../../../src/core/metrics/draw-sample.ts';

describe('a drawn sample', () => {
  const many = Float64Array.from({ length: 30_000 }, (_, i) => i);

  it('is all of few values, in their order', () => {
    expect(drawSample(Float64Array.of(3, 1, 2), 'x')).toEqual([3, 1, 2]);
    expect(describeSampling([3, 10_000], 'x')).toEqual({ a: 3, b: 10_000, seed: null });
  });

  it('is 10,000 different ones of many, the same for the same seed, from everywhere', () => {
    const drawn = drawSample(many, 'x');
    expect(new Set(drawn).size).toBe(10_000);
    expect(drawSample(many, 'x')).toEqual(drawn);
    expect(drawSample(many, 'y')).not.toEqual(drawn);
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    expect(Math.abs(mean - 15_000)).toBeLessThan(300);
    expect(many[0]).toBe(0);
    expect(describeSampling([30_000, 5], 'x')).toEqual({ a: 10_000, b: 5, seed: 'x' });
  });
});
