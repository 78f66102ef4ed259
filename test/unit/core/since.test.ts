import { describe, expect, it } from 'vitest';
import { parseSince, parseSpan } from '../../../src/core/since.ts';

const now = Date.UTC(2026, 2, 8, 12);

describe('the beginning of a period', () => {
  it.each([
    ['7d', '2026-03-01T12:00:00.000Z'],
    ['90m', '2026-03-08T10:30:00.000Z'],
    ['2w', '2026-02-22T12:00:00.000Z'],
    ['2026-03-01T00:00:00+02:00', '2026-02-28T22:00:00.000Z'],
  ])('%s is %s', (text, utc) => {
    expect(parseSince(text, now)?.utc).toBe(utc);
  });

  it('is local without an offset, and is echoed with it', () => {
    const moment = parseSince('2026-03-01T10:00', now);
    expect(moment?.utc).toBe(new Date('2026-03-01T10:00').toISOString());
    expect(moment?.local).toMatch(/^2026-03-01T10:00:00[+-]\d\d:\d\d$/);
  });

  it.each(['', '7', 'd', '7y', '-7d', '2026-02-30', 'yesterday'])('is not %j', (text) => {
    expect(parseSince(text, now)).toBe(null);
    expect(parseSpan(text)).toBe(null);
  });
});
