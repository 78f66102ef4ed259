import { expect, it } from 'vitest';
import { formatSpan } from '../../../src/report/span.ts';

it.each([
  [0, '0 s'],
  [999, '0 s'],
  [59_000, '59 s'],
  [60_000, '1 m'],
  [90_000, '1 m 30 s'],
  [599_000, '9 m 59 s'],
  [3_599_000, '59 m'],
  [5_400_000, '1 h 30 m'],
  [7_200_000, '2 h'],
  [86_400_000 - 1, '23 h'],
  [36 * 3_600_000, '1 d 12 h'],
  [14 * 86_400_000, '14 d'],
])('a span of %d ms is %s', (spanMs, text) => {
  expect(formatSpan(spanMs)).toBe(text);
});
