import { describe, expect, it } from 'vitest';
import { readQueryAnswer } from '../../../../src/core/prometheus/answer.ts';

const vector = (...values: readonly string[]) => ({
  status: 'success',
  data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
});

describe('the answer of a server', () => {
  it.each([
    ['one series', vector('0.25'), 'value', 0.25],
    ['a negative value', vector('-3'), 'value', -3],
    ['a scalar', { status: 'success', data: { resultType: 'scalar', result: [1, '2'] } }, 'value', 2],
    ['no series', vector(), 'no-series', null],
    ['several series', vector('1', '1'), 'several-series', null],
    ['NaN', vector('NaN'), 'nan', null],
    ['+Inf', vector('+Inf'), 'infinite', null],
    ['-Inf', vector('-Inf'), 'infinite', null],
    ['an empty value', vector(''), 'malformed', null],
    ['a value that is no number', vector('many'), 'malformed', null],
    ['an error', { status: 'error', errorType: 'bad_data', error: 'parse error' }, 'refused', null],
    ['a warning', { ...vector('1'), warnings: ['one store is down'] }, 'warning', null],
    ['a partial answer', { ...vector('1'), isPartial: true }, 'warning', null],
    ['a matrix', { status: 'success', data: { resultType: 'matrix', result: [] } }, 'malformed', null],
    [
      'a number as JSON',
      { status: 'success', data: { resultType: 'vector', result: [{ value: [1, 1] }] } },
      'malformed',
      null,
    ],
    ['no data', { status: 'success' }, 'malformed', null],
    ['a list', [], 'malformed', null],
    ['nothing', null, 'malformed', null],
  ])('tells %s apart', (_, body, outcome, value) => {
    expect(readQueryAnswer(body)).toMatchObject({ outcome, value });
  });

  it('is told on one line, and not for ever', () => {
    const { detail } = readQueryAnswer({ status: 'error', error: `a\nb${'x'.repeat(1000)}` });
    expect(detail).toMatch(/^a bx{297}$/);
  });
});
