import { describe, expect, it } from 'vitest';
import { parsePeriod } from '../../../../src/core/metrics/period.ts';

const now = Date.parse('2026-03-15T12:00:00Z');
const day = 86_400_000;

describe('a period', () => {
  it.each([
    ['7d', now - 7 * day, now + 1],
    ['2w..1w', now - 14 * day, now - 7 * day],
    ['36h..', now - 1.5 * day, now + 1],
    ['2026-03-01T00:00Z..2026-03-08T00:00Z', Date.parse('2026-03-01'), Date.parse('2026-03-08')],
    ['2026-02-28T10:00+02:00..7d', Date.parse('2026-02-28T08:00Z'), now - 7 * day],
  ])('%s is read', (text, since, until) => {
    expect(parsePeriod(text, now)).toMatchObject({ since, until });
  });

  it('of one date is that local day, as long as the clocks made it', () => {
    const period = parsePeriod('2026-03-01', now);
    expect(period?.since).toBe(new Date('2026-03-01T00:00:00').getTime());
    expect(period?.until).toBe(new Date('2026-03-02T00:00:00').getTime());
    expect(period?.label).toMatch(/^2026-03-01T00:00:00[+-]\d\d:\d\d\.\./);
  });

  it.each([
    '1.2.0',
    'latest',
    '',
    '..',
    '7d..14d',
    '2026-02-30',
    '1.0.0..2.0.0',
    '2026-03-01T10:00',
    '0d..0d',
  ])('%j is none', (text) => {
    expect(parsePeriod(text, now)).toBeNull();
  });
});
