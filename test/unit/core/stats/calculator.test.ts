import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculate, calculatorNames } from '../../../../src/core/stats/calculator.ts';
import { PromptvError } from '../../../../src/errors.ts';

const failure = (fn: string, input: unknown): PromptvError => {
  try {
    calculate(fn, input);
  } catch (error) {
    if (error instanceof PromptvError) return error;
    throw error;
  }
  throw new Error(`${fn} accepted its input`);
};

/** Every number in a result; `NaN` and `Infinity` among them are a breach. */
const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const gappy = fc.array(fc.oneof(finite, fc.integer({ min: 0, max: 3 }), fc.constant(null)), {
  maxLength: 12,
});
const gappyPairs = fc.array(fc.tuple(finite, finite), { maxLength: 12 });
const counted = fc.nat(1000).chain((n) => fc.record({ n: fc.constant(n), x: fc.nat(n) }));
const probability = fc.double({ min: 1e-6, max: 0.999999, noNaN: true });
const level = fc.double({ min: 0.001, max: 0.4, noNaN: true });
const direction = fc.constantFrom('higher', 'lower');

const inputs: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  normalTwoSidedP: fc.record({ z: finite }),
  normalSf: fc.record({ z: finite }),
  normalQuantile: fc.record({ p: probability }),
  tTwoSidedP: fc.record({ t: finite, df: fc.double({ min: 0.01, max: 1e300, noNaN: true }) }),
  tQuantile: fc.record({ p: probability, df: fc.double({ min: 0.01, max: 1e9, noNaN: true }) }),
  chiSquareSf: fc.record({ x: finite, df: fc.double({ min: 0.01, max: 1e6, noNaN: true }) }),
  chiSquareQuantile: fc.record({ p: probability, df: fc.double({ min: 0.01, max: 1e6, noNaN: true }) }),
  adjust: fc.record({ p: fc.array(fc.option(probability)) }),
  describe: fc.record({ x: gappy }),
  meanInterval: fc.record({ x: gappy, alpha: level }),
  quantile: fc.record({ x: gappy, q: probability }),
  outliersMad: fc.record({ x: gappy }),
  linearTrend: gappyPairs.map((pairs) => ({
    x: pairs.map(([x]) => x),
    y: pairs.map(([, y]) => y),
    forecast: [0, 5],
  })),
  welchT: fc.record({ a: gappy, b: gappy, alpha: level }),
  mannWhitney: fc.record({ a: gappy, b: gappy }),
  ks2: fc.record({ a: gappy, b: gappy }),
  quantileEffect: fc.record({ a: gappy, b: gappy, q: probability, alpha: level }),
  twoProportion: fc.record({ a: counted, b: counted, alpha: level }),
  equalRates: fc.record({ rates: fc.array(counted, { maxLength: 4 }) }),
  paired: gappyPairs.map((pairs) => ({ a: pairs.map(([x]) => x), b: pairs.map(([, y]) => y) })),
  ratioMetric: fc.tuple(gappyPairs, gappyPairs).map(([a, b]) => ({
    a: { num: a.map(([x]) => x), den: a.map(([, y]) => y) },
    b: { num: b.map(([x]) => x), den: b.map(([, y]) => y) },
  })),
  bootstrap: fc.record({ a: gappy, b: gappy, resamples: fc.constant(20), alpha: level }),
  srm: fc
    .array(fc.tuple(fc.nat(1000), fc.nat(3)), { maxLength: 4 })
    .map((arms) => ({ observed: arms.map(([n]) => n), weights: arms.map(([, w]) => w) })),
  powerMeans: fc.record({
    d: finite,
    nA: fc.integer({ min: 2, max: 1e9 }),
    nB: fc.integer({ min: 2, max: 1e9 }),
    alpha: level,
  }),
  sampleSizeMeans: fc.record({
    d: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    alpha: level,
    power: fc.constant(0.9),
  }),
  asymptoticCS: fc.record({
    estimate: finite,
    se: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    n: fc.nat(),
    alpha: level,
    nStar: fc.integer({ min: 1, max: 1e9 }),
  }),
  msprt: fc.record({
    diff: finite,
    v: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    n: fc.nat(),
    tau2: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
  }),
  relativeGate: fc.record({ stable: gappy, canary: gappy, margin: finite, direction, alpha: level }),
  absoluteGate: fc.record({ stable: gappy, canary: gappy, margin: finite, direction, alpha: level }),
  rateGate: fc.record({ stable: counted, canary: counted, margin: probability, direction, alpha: level }),
};

describe('the calculator', () => {
  it.each(
    Object.keys(inputs),
  )('%s never answers NaN or Infinity, and gives a reason for every missing p', (fn) => {
    fc.assert(
      fc.property(inputs[fn] ?? fc.constant({}), (input) => {
        const result = calculate(fn, input);
        expect(numbersIn(result).filter((value) => !Number.isFinite(value))).toEqual([]);
        if (typeof result === 'object' && result !== null && 'p' in result && result.p === null) {
          expect('reason' in result && typeof result.reason).toBe('string');
        }
      }),
      { numRuns: 150 },
    );
  });

  it('excludes and counts missing values instead of taking them for 0', () => {
    expect(calculate('welchT', { a: [1, null, 3, 2], b: [5, 6, null, null, 7] })).toMatchObject({
      meanA: 2,
      meanB: 6,
      missing: { a: 1, b: 2 },
    });
    expect(calculate('paired', { a: [1, null, 3, 4], b: [2, 5, null, 4.5] })).toMatchObject({
      n: 2,
      missing: 2,
    });
    expect(calculate('outliersMad', { x: [null, 1, 2, 1, 2, null, 500] })).toMatchObject({
      outlierIndexes: [6],
      missing: 2,
    });
  });

  it('says when sums have lost the digits that a test needs', () => {
    const offset = { n: 3, sum: 3e8 + 7, sumSquares: 3e16 + 14e8 + 21 };
    expect(calculate('welchTFromStats', { a: offset, b: { n: 3, sum: 6, sumSquares: 14 } })).toMatchObject({
      p: null,
      reason: 'ill-conditioned',
    });
  });

  it('names the nearest functions for a mistyped one', () => {
    expect(failure('welcht', {})).toMatchObject({ code: 'STATS_FUNCTION_UNKNOWN', exitCode: 2 });
    expect(failure('welcht', {}).message).toContain('Did you mean welchT');
    expect(failure('manWhitny', {}).message).toContain('mannWhitney');
    expect(failure('quantil', {}).message).toContain('quantile');
    expect(failure('zzzzzzzzzz', {}).message).not.toContain('Did you mean');
    expect(failure('__proto__', {}).code).toBe('STATS_FUNCTION_UNKNOWN');
    expect(failure('constructor', {}).code).toBe('STATS_FUNCTION_UNKNOWN');
  });

  it.each<[string, unknown, string]>([
    ['tQuantile', { p: 1, df: 3 }, 'p: must be below 1'],
    ['tQuantile', { p: 0.5, df: 0 }, 'df: must be 0.01 or more'],
    ['welchT', { a: [1, 'x'], b: [1, 2] }, 'a.1'],
    ['welchT', { a: [1, 2], b: [1, 2], alhpa: 0.1 }, 'alhpa'],
    ['welchT', null, 'Expected Object'],
    ['quantile', { x: [1, Number.POSITIVE_INFINITY], q: 0.5 }, 'finite'],
    ['paired', { a: [1, 2], b: [1] }, 'as many values'],
    ['twoProportion', { a: { x: 5, n: 4 }, b: { x: 1, n: 4 } }, 'x must not exceed n'],
    ['twoProportion', { a: { x: 0.5, n: 4 }, b: { x: 1, n: 4 } }, 'whole number'],
    ['srm', { observed: [1, 2], weights: [1] }, 'as many as observed'],
    ['sampleSizeMeans', { d: 0 }, 'must not be 0'],
    ['sampleSizeMeans', { d: 1, power: 0.01 }, 'power must be above alpha'],
    ['sampleSizeRates', { rateA: 0.1, rateB: 0.1 }, 'must differ'],
    [
      'welchTFromStats',
      { a: { n: 2, sum: 9, sumSquares: 1 }, b: { n: 2, sum: 1, sumSquares: 1 } },
      'no sample has these sums',
    ],
    ['permutationExact', { a: new Array(20).fill(1), b: new Array(20).fill(2) }, 'too many splits'],
    ['bootstrapEnumerated', { a: new Array(9).fill(1), b: [1] }, 'too many resamples'],
    ['assign', { experiment: 'e', units: ['u'], variants: ['a', 'a'], weights: [1, 1] }, 'different names'],
    [
      'assignCounts',
      { experiment: 'e', unitTemplate: 'u-{i}', from_: 5, to: 4, variants: ['a'], weights: [1] },
      'units',
    ],
  ])('%s refuses a wrong input and says where', (fn, input, words) => {
    const error = failure(fn, input);
    expect(error).toMatchObject({ code: 'STATS_INPUT_INVALID', exitCode: 2 });
    expect(error.message).toContain(words);
    expect(error.message).toContain(fn);
  });

  it('names all problems at once, and counts them when they are many', () => {
    const error = failure('asymptoticCS', { estimate: 'a', se: -1, n: 1.5, alpha: 2, nStar: 0 });
    for (const field of ['estimate', 'se', 'n', 'alpha', 'nStar'])
      expect(error.message).toContain(`${field}: `);
    expect(failure('quantile', { x: new Array(100).fill('?'), q: 0.5 }).message).toContain('and 95 more');
  });

  it('knows every function by one name', () => {
    expect(new Set(calculatorNames).size).toBe(calculatorNames.length);
    expect(calculatorNames).toContain('welchT');
  });

  it('answers the functions beyond the vectors', () => {
    expect(calculate('sampleSizeRates', { rateA: 0.5, rateB: 0.75, power: 0.9 })).toMatchObject({
      nA: 77,
      nB: 77,
    });
    expect(calculate('powerRates', { rateA: 0.5, rateB: 0.75, nA: 50, nB: 50 })).toHaveProperty('power');
    expect(calculate('detectableEffect', { nA: 64, nB: 64 })).toMatchObject({ d: expect.closeTo(0.4991, 3) });
    expect(calculate('chiSquareQuantile', { p: 0.95, df: 1 })).toMatchObject({
      x: expect.closeTo(3.841458820694124, 9),
    });
    expect(calculate('bootstrap', { a: [1, 2, 3], b: [4, 5, 7], statistic: 'median' })).toMatchObject({
      diff: 3,
      seed: 1,
    });
    expect(
      calculate('rateGate', {
        stable: { x: 0, n: 500 },
        canary: { x: 0, n: 500 },
        margin: 0.02,
        direction: 'lower',
      }),
    ).toMatchObject({ verdict: 'pass' });
  });
});
