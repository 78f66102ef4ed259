import { describe, expect, it } from 'vitest';
import { formatTable } from '../../../src/report/table.ts';
import { sanitize, sanitizeLine } from '../../../src/report/text.ts';
import { formatDay, formatTime } from '../../../src/report/time.ts';
import { measureWidth, padText, takeWidth, truncateText, wrapText } from '../../../src/report/width.ts';
import { narrow, pipe, plain } from './results.ts';

describe('sanitize', () => {
  it.each([
    ['plain text\twith a tab\nand lines\r\n', 'plain text\twith a tab\nand lines\r\n'],
    ['\x1b[31mred\x1b]0;title\x07', '\\x1b[31mred\\x1b]0;title\\x07'],
    ['good\rbad', 'good\\x0dbad'],
    ['\x00\x7f\x9b', '\\x00\\x7f\\x9b'],
    ['a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['שלום \u200f ‍👩‍🚀', 'שלום \u200f ‍👩‍🚀'],
  ])('makes %j visible', (text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  it('puts text on one line', () => {
    expect(sanitizeLine(' a\n\tb\r\nc \x1b')).toBe('a b c \\x1b');
  });
});

describe('the width of text', () => {
  it.each([
    ['abc', 3],
    ['東京', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👍', 2],
    ['🫡', 2],
    ['👩‍🚀', 2],
    ['❤️', 2],
    ['ﾊﾛｰ', 3],
    ['…', 1],
    ['', 0],
  ])('%j takes %i columns', (text, expected) => {
    expect(measureWidth(text)).toBe(expected);
  });

  it.each([
    ['hello', 5, 'hello'],
    ['hello!', 5, 'hell…'],
    ['東京タワー', 6, '東京…'],
    ['東京タワー', 5, '東京…'],
    ['👩‍🚀👩‍🚀', 3, '👩‍🚀…'],
    ['hello', 1, '…'],
    ['hello', 0, ''],
  ])('%j in %i columns is %j', (text, columns, expected) => {
    expect(truncateText(text, columns)).toBe(expected);
  });

  it('never cuts a character in half', () => {
    expect(takeWidth('a東', 2)).toBe('a');
    expect(padText('東', 4)).toBe('東  ');
  });
});

describe('formatTime', () => {
  it.each([
    ['2026-01-10T11:59:30Z', 'just now'],
    ['2026-01-10T12:00:30Z', 'just now'],
    ['2026-01-10T11:58:59Z', '1 min ago'],
    ['2026-01-10T11:20:00Z', '40 min ago'],
    ['2026-01-10T09:00:00Z', '3 hours ago'],
    ['2026-01-07T12:00:00Z', '3 days ago'],
    ['2025-12-24T12:00:00Z', '2 weeks ago'],
    ['2024-01-10T00:00:00Z', '2 years ago'],
    ['2026-02-10T12:00:00Z', '2026-02-10T12:00:00Z'],
    ['no time', 'no time'],
  ])('%s is %s', (time, expected) => {
    expect(formatTime(time, narrow)).toBe(expected);
    expect(formatTime(time, pipe)).toBe(time);
  });

  it('names the day in UTC', () => {
    expect(formatDay('2026-01-02T23:30:00-02:00')).toBe('2026-01-03');
    expect(formatDay('no time')).toBe('no time');
  });
});

describe('formatTable', () => {
  const columns = [
    { title: 'name', shrinksTo: 8 },
    { title: 'count', align: 'right' },
    { title: 'note', shrinksTo: 8, optional: true },
    { title: 'empty' },
  ] as const;
  const rows = [
    ['support/triage', '12', '東京 🫡 is far away', ''],
    ['x', '3', '', ''],
  ];

  it('aligns columns, leaves empty ones out and ends lines without spaces', () => {
    expect(formatTable(columns, rows, plain).split('\n')).toEqual([
      'NAME            COUNT  NOTE',
      'support/triage     12  東京 🫡 is far away',
      'x                   3',
    ]);
  });

  it('shrinks the widest column first, then leaves optional ones out', () => {
    expect(formatTable(columns, rows, { ...plain, columns: 35 }).split('\n')[1]).toBe(
      'support/tria…     12  東京 🫡 is f…',
    );
    expect(formatTable(columns, rows, { ...plain, columns: 21 }).split('\n')[1]).toBe(
      'support/triage     12',
    );
    expect(formatTable(columns, rows, { ...plain, columns: 3 }).split('\n')[1]).toBe('su…');
  });

  it('separates by tabs in a pipe, with every column and no header', () => {
    expect(formatTable(columns, [['a\tb', '1', 'c\nd', '']], pipe)).toBe('a\\tb\t1\tc\\nd\t');
  });

  it('keeps every row and its order in a long table', () => {
    const numbers = Array.from({ length: 1_234 }, (_, i) => [String(i)]);
    const text = formatTable([{ title: 'n' }], numbers, plain, { header: false });
    expect(text).toBe(numbers.map(([number]) => number).join('\n'));
  });

  it('colours what it cut, never half a code', () => {
    const red = (text: string) => `<${text}>`;
    const table = formatTable(
      [{ title: 'a' }],
      [[{ text: 'xxxxxx', paint: red }]],
      { ...plain, columns: 4 },
      {
        header: false,
      },
    );
    expect(table).toBe('<xxx…>');
  });
});

describe('a long line', () => {
  it.each([
    ['one two three', 20, 'one two three'],
    ['one two three', 7, 'one two\nthree'],
    ['endlessly long', 4, 'endlessly\nlong'],
    ['東京 東京', 6, '東京\n東京'],
  ])('%j is broken at spaces for %i columns', (text, columns, expected) => {
    expect(wrapText(text, columns)).toBe(expected);
  });
});
