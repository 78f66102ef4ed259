import { describe, expect, it } from 'vitest';
import { formatFigure, formatP, formatShare } from '../../../../src/report/metrics/figure.ts';

describe('a figure', () => {
  it.each([
    ['latency_ms', 812.4, '812 ms'],
    ['latency_ms', 2116.6, '2.12 s'],
    ['cost_usd', 0.000178, '$0.000178'],
    ['cost_usd', 5.9, '$5.90'],
    ['cost_usd', 12345.678, '$12,345.68'],
    ['input_tokens', 15742966, '15,742,966'],
    ['quality', 0.83503874, '0.835'],
    ['x', -0.00000001, '-1.000e-8'],
    ['x', 0, '0'],
    ['x', null, ''],
  ] as const)('%s %s is %s', (metric, value, text) => {
    expect(formatFigure(metric, value)).toBe(text);
  });

  it.each([
    [1, '100 %'],
    [0.99999, '> 99.9 %'],
    [0.9694, '96.9 %'],
    [0.00001, '< 0.1 %'],
    [0, '0 %'],
    [null, ''],
  ])('the share %s is %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  it('says small probabilities as a bound', () => {
    expect([formatP(1e-9), formatP(0.0213)]).toEqual(['< 0.001', '0.021']);
  });
});
