import { describe, expect, it } from 'vitest';
import { parseMoment } from '../../../src/core/moment.ts';

/** The local offset of this machine at a local time, as git prints it, with a colon. */
const localOffset = (text: string): string => {
  const minutes = -new Date(text).getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
};

describe('parseMoment', () => {
  it.each([
    ['2026-03-01T14:30:00Z', '2026-03-01T14:30:00.000Z', '2026-03-01T14:30:00Z'],
    ['2026-03-01T14:30:00.250Z', '2026-03-01T14:30:00.250Z', '2026-03-01T14:30:00.250Z'],
    ['2026-03-01T14:30+02:00', '2026-03-01T12:30:00.000Z', '2026-03-01T14:30:00+02:00'],
    ['2026-03-01 14:30-0130', '2026-03-01T16:00:00.000Z', '2026-03-01T14:30:00-01:30'],
    [' 2026-03-01t14:30z ', '2026-03-01T14:30:00.000Z', '2026-03-01T14:30:00Z'],
    ['2024-02-29T00:00Z', '2024-02-29T00:00:00.000Z', '2024-02-29T00:00:00Z'],
  ])('reads %s and keeps its offset', (text, utc, local) => {
    expect(parseMoment(text)).toEqual({ utc, local });
  });

  it.each([
    ['2026-07-01T14:30', '2026-07-01T14:30:00'],
    ['2026-01-15', '2026-01-15T00:00:00'],
  ])('takes %s as local, and says with which offset', (text, written) => {
    const local = `${written}${localOffset(written)}`;
    expect(parseMoment(text)).toEqual({ utc: new Date(written).toISOString(), local });
    expect(parseMoment(local)?.utc).toBe(new Date(written).toISOString());
  });

  it.each([
    '',
    'yesterday',
    '1',
    '2026-02-30',
    '2025-02-29',
    '2026-00-10',
    '2026-13-01',
    '2026-03-00',
    '2026-03-01T25:00Z',
    '2026-03-01T14:61Z',
    '2026-03-01T14:30:00+99:00',
    '2026-3-1',
    '2026-03-01T14:30:00Z; rm',
    '+002026-03-01',
  ])('refuses "%s"', (text) => {
    expect(parseMoment(text)).toBeNull();
  });
});
