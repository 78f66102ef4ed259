import { describe, expect, it } from 'vitest';
import { formatComparedMetrics } from '../../../../src/report/metrics/compare.ts';
import { measureWidth } from '../../../../src/report/width.ts';
import { plain } from '../results.ts';

type Row = Parameters<typeof formatComparedMetrics>[0][number];

const rowOf = (metric: string, mean: number, interval: readonly [number, number]): Row => ({
  ...{ metric, direction: 'lower', verdict: 'no difference', relativeChange: 0.01, p: 0.4, reason: null },
  ...{ test: 'welch', relativeInterval: null },
  a: { count: 400, missing: 0, mean, sd: 1 },
  b: { count: 400, missing: 3, mean: mean * 1.01, sd: 1 },
  change: mean * 0.01,
  interval,
});

describe('two sides compared', () => {
  it('shows every interval whole on 80 columns', () => {
    const rows = [
      rowOf('cost_usd', 0.0000913, [-0.0000077, 0.00000568]),
      rowOf('satisfaction_of_customers_score', 2.98612, [-0.0617, 0.204]),
      rowOf('error_rate', 0.073, [-0.0312, 0.0388]),
      rowOf('latency_ms', 912_345, [-1_234_567, 2_345_678]),
    ];
    const lines = formatComparedMetrics(rows, { ...plain, columns: 80 }).split('\n');
    expect(lines.slice(1).map((line) => /\[[^\]…]+\]/.test(line))).toEqual([true, true, true, true]);
    expect(Math.max(...lines.map(measureWidth))).toBeLessThanOrEqual(80);
  });
});
