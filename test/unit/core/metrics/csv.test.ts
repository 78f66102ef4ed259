import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCsvHeader, formatCsvRecord, parseCsv } from '../../../../src/core/metrics/csv.ts';

const parse = async (...chunks: readonly string[]): Promise<string[][]> => {
  const rows: string[][] = [];
  const stream = (async function* () {
    yield* chunks;
  })();
  for await (const row of parseCsv(stream)) rows.push(row);
  return rows;
};

describe('CSV', () => {
  it.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a;b\r\n1,5;2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a,b\n"x, ""y""\nz",2\n\n',
      [
        ['a', 'b'],
        ['x, "y"\nz', '2'],
      ],
    ],
    ['a\n""\n', [['a']]],
    ['', []],
  ])('%j is read', async (text, rows) => {
    expect(await parse(text)).toEqual(rows);
  });

  it('reads back what it wrote, wherever the pieces are cut', async () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'ü') });
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(80), async (text, cut) => {
        const record = { ts: 't', prompt: text, metrics: { x: 0.1 } };
        const csv = `${formatCsvHeader(['x'])}\n${formatCsvRecord(record, ['x'])}\n`;
        const [header = [], row = []] = await parse(csv.slice(0, cut), csv.slice(cut));
        expect(row[header.indexOf('prompt')]).toBe(text);
        expect(row[header.indexOf('metrics.x')]).toBe('0.1');
      }),
    );
  });
});
