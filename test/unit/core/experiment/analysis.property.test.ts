import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustPValues } from '../../../../src/core/stats/multiplicity.ts';
import {
  analyze,
  describeExperiment,
  metricNamed,
  type ObservedRecord,
  unitsOf,
} from '../../../helpers/observed.ts';

const swapped = describeExperiment({
  variants: [
    { name: 'treatment', version: '1.1.0', weight: 50, contentHash: null },
    { name: 'control', version: '1.0.0', weight: 50, contentHash: null },
  ],
});
const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 40, maxLength: 80 });
const modes = fc.constantFrom('sequential' as const, 'fixed' as const);

const close = (a: number | null | undefined, b: number | null | undefined, tolerance = 1e-9): void => {
  if (typeof a === 'number' && typeof b === 'number')
    expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(a), Math.abs(b)));
  else expect(a).toEqual(b);
};

const first = (
  experiment: Parameters<typeof analyze>[0],
  records: readonly ObservedRecord[],
  mode: 'sequential' | 'fixed',
) => {
  const [row] = analyze(experiment, records, { mode }).metrics;
  if (row === undefined) throw new Error('no metric');
  return row;
};

describe('an analysis', () => {
  it('flips signs and keeps p when the variants are swapped', () => {
    fc.assert(
      fc.property(values, values, modes, (control, treatment, mode) => {
        const records = unitsOf({ control, treatment });
        const there = first(describeExperiment(), records, mode);
        const back = first(swapped, records, mode);
        close(back.absolute, there.absolute === null ? null : -there.absolute);
        close(back.p, there.p);
        close(back.ranks?.p, there.ranks?.p);
        close(back.cliffsDelta, there.cliffsDelta === null ? null : -there.cliffsDelta);
        close(back.interval?.[0], there.interval === null ? undefined : -there.interval[1]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('keeps effect, interval and p when a constant is added to every value', () => {
    fc.assert(
      fc.property(
        values,
        values,
        modes,
        fc.integer({ min: -500, max: 500 }),
        (control, treatment, mode, shift) => {
          const plain = first(describeExperiment(), unitsOf({ control, treatment }), mode);
          const moved = first(
            describeExperiment(),
            unitsOf({ control: control.map((x) => x + shift), treatment: treatment.map((x) => x + shift) }),
            mode,
          );
          close(moved.absolute, plain.absolute);
          close(moved.p, plain.p);
          close(moved.hedgesG, plain.hedgesG);
        },
      ),
      { seed: 2, numRuns: 60 },
    );
  });

  it('is the same in whatever order the records come', () => {
    fc.assert(
      fc.property(values, values, fc.integer(), (control, treatment, at) => {
        const records = unitsOf({ control, treatment });
        const cut = Math.abs(at) % records.length;
        const turned = [...records.slice(cut), ...records.slice(0, cut)];
        const [a, b] = [records, turned].map((list) => first(describeExperiment(), list, 'sequential'));
        close(a?.p, b?.p, 1e-7);
        close(a?.absolute, b?.absolute);
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  it('treats a unit of several equal values like a unit of one', () => {
    fc.assert(
      fc.property(values, values, (control, treatment) => {
        const records = unitsOf({ control, treatment });
        const once = first(describeExperiment(), records, 'fixed');
        const twice = first(describeExperiment(), [...records, ...records], 'fixed');
        expect(twice.control.n).toBe(once.control.n);
        close(twice.absolute, once.absolute);
        close(twice.p, once.p, 1e-6);
      }),
      { seed: 4, numRuns: 40 },
    );
  });

  it('never gives a p-value less than the raw one, and keeps their order', () => {
    const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(ps, (raw) => {
        const { holm } = adjustPValues(raw);
        const pairs = raw.map((p, at) => ({ p, holm: holm[at] ?? Number.NaN }));
        expect(pairs.every(({ p, holm: adjusted }) => adjusted >= p && adjusted <= 1)).toBe(true);
        const sorted = pairs.toSorted((a, b) => a.p - b.p);
        expect(sorted.every(({ holm: adjusted }, at) => adjusted >= (sorted[at - 1]?.holm ?? 0))).toBe(true);
      }),
      { seed: 5 },
    );
  });

  it('has no NaN and no infinity, whatever is observed', () => {
    const record = fc.record({
      variant: fc.constantFrom('control', 'treatment', 'unknown'),
      unit: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { nil: undefined }),
      status: fc.option(fc.constantFrom('success' as const, 'error' as const), { nil: undefined }),
      metrics: fc.dictionary(
        fc.constantFrom('quality', 'latency_ms', 'requests'),
        fc.oneof(fc.constant(0), fc.constant(1), fc.double({ noNaN: true, noDefaultInfinity: true })),
      ),
    });
    const experiment = describeExperiment({
      minUnits: { show: 1, recommend: 2 },
      metrics: [
        metricNamed('quality', { weight: 1 }),
        metricNamed('latency_ms', { weight: 1, direction: 'lower' }),
        metricNamed('error_rate', { kind: 'rate' }),
        metricNamed('quality', { kind: 'ratio', denominator: 'requests' }),
        metricNamed('latency_ms', { kind: 'quantile', quantile: 0.95 }),
      ],
      guardrails: [
        { metric: 'error_rate', bound: { kind: 'absolute', by: 0.02 } },
        { metric: 'latency_ms', bound: { kind: 'relative', by: 0.2 } },
      ],
    });
    const areFinite = (value: unknown): boolean => {
      if (typeof value === 'number') return Number.isFinite(value);
      if (typeof value !== 'object' || value === null) return true;
      return Object.values(value).every(areFinite);
    };
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 60 }),
        modes,
        fc.constantFrom('units' as const, 'paired' as const),
        (records, mode, design) => {
          const analysis = analyze({ ...experiment, design }, records.map(withoutUndefined), { mode });
          expect(areFinite(analysis)).toBe(true);
        },
      ),
      { seed: 6, numRuns: 300 },
    );
  });
});

const withoutUndefined = ({
  unit,
  status,
  ...rest
}: {
  readonly variant: string;
  readonly unit: string | undefined;
  readonly status: 'success' | 'error' | undefined;
  readonly metrics: Readonly<Record<string, number>>;
}): ObservedRecord => ({
  ...rest,
  ...(unit === undefined ? {} : { unit }),
  ...(status === undefined ? {} : { status }),
});
