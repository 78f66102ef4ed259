import { describe, expect, it } from 'vitest';
import { runStats } from '../../../src/operations/stats.ts';

describe('runStats', () => {
  it('gives the bare result of one function', () => {
    expect(runStats({ fn: 'normalTwoSidedP', input: '{"z": 0}' })).toEqual({
      kind: 'result',
      result: { p: 1 },
    });
    expect(runStats({ fn: 'normalTwoSidedP', input: '\uFEFF{"z": 0}\r\n' })).toMatchObject({
      result: { p: 1 },
    });
  });

  it('throws for one function what is wrong with it', () => {
    expect(() => runStats({ fn: 'normalTwoSidedP', input: '{"z":' })).toThrow(
      expect.objectContaining({ code: 'STATS_INPUT_INVALID', exitCode: 2 }),
    );
    expect(() => runStats({ fn: 'normalTwoSidedP', input: '' })).toThrow('it is not JSON');
    expect(() => runStats({ fn: 'nothing', input: '{}' })).toThrow(
      expect.objectContaining({ code: 'STATS_FUNCTION_UNKNOWN' }),
    );
  });

  it('answers JSON lines in order, a wrong one by its error', () => {
    const input = [
      '{"fn":"normalQuantile","input":{"p":0.5}}',
      '{"fn":"normalQuantil","input":{"p":0.5}}',
      '',
      'not json',
      '[1]',
      '{"input":{}}',
      '{"fn":"normalQuantile","input":{"p":2}}',
      '{"fn":"normalQuantile"}',
      '{"id":"x","group":"dist","fn":"mcnemarExact","input":{"onlyA":7,"onlyB":7},"expected":{"p":1}}',
    ].join('\r\n');
    const result = runStats({ input });
    const lines = result.kind === 'lines' ? result.lines : [];
    const codes = lines.map((line) => ('error' in line ? line.error.code : line.result));
    expect(codes).toEqual([
      { z: 0 },
      'STATS_FUNCTION_UNKNOWN',
      'STATS_INPUT_INVALID',
      'STATS_INPUT_INVALID',
      'STATS_INPUT_INVALID',
      'STATS_INPUT_INVALID',
      'STATS_INPUT_INVALID',
      { p: 1, reason: null },
    ]);
    expect(lines[1]).toMatchObject({
      error: { hint: expect.any(String), details: { nearest: ['normalQuantile'] } },
    });
  });

  it('answers nothing with nothing', () => {
    expect(runStats({ input: '\n \n' })).toEqual({ kind: 'lines', lines: [] });
  });

  it('refuses numbers beyond the range of doubles, which JSON can write', () => {
    const result = runStats({ input: '{"fn":"quantile","input":{"x":[1e999],"q":0.5}}' });
    expect(result).toMatchObject({ lines: [{ error: { code: 'STATS_INPUT_INVALID' } }] });
  });
});
