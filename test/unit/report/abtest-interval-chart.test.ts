import { describe, expect, it } from 'vitest';
import { drawIntervals } from '../../../src/report/abtest/interval-chart.ts';

const plain = (text: string): string => text;
const options = { columns: 60, dim: plain, formatTick: (share: number) => `${Math.round(share * 100)} %` };
const row = { label: 'quality', value: 0.1, interval: [0.05, 0.15] as const, remark: '+10 %', paint: plain };

describe('the picture of intervals', () => {
  it('draws every interval on one axis with 0 in the middle', () => {
    const drawn = drawIntervals(
      [row, { ...row, label: 'latency', value: -0.02, interval: [-0.2, 0.16], remark: '-2 %' }],
      options,
    );
    const places = drawn.split('\n').map((line) => line.search(/[│┼0](?!\d* %)/));
    expect(new Set(places)).toEqual(new Set([30]));
  });

  it('never draws wider than the terminal, and shows with an arrow that an interval goes on', () => {
    const wide = drawIntervals([{ ...row, interval: [-3, 9], value: 2 }], { ...options, columns: 40 });
    expect(wide.split('\n').every((line) => line.length <= 40)).toBe(true);
    expect(wide).toMatch(/◂─+┼─+●?▸?/);
    expect(wide).toContain('-100 %');
  });

  it('keeps the row of what has no interval', () => {
    const drawn = drawIntervals([{ ...row, value: null, interval: null, remark: '–' }], options);
    expect(drawn.split('\n')[0]).toMatch(/^quality {2}·+│·+ {2}–$/);
  });
});
