import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../../src/store/metrics-log/byte-reader.ts';
import { LineScanner } from '../../../../src/store/metrics-log/line-scanner.ts';
import { TableBuilder } from '../../../../src/store/metrics-log/table-builder.ts';

const readerOf = (text: string): ByteReader => {
  const reader = new ByteReader();
  reader.bytes = Buffer.from(new ArrayBuffer(text.length + 600));
  reader.bytes.write(text, 'latin1');
  reader.view = new DataView(reader.bytes.buffer);
  return reader;
};

const scan = (...lines: readonly string[]) => {
  const text = Buffer.from(`${lines.join('\n')}\n`);
  const bytes = Buffer.from(new ArrayBuffer(text.length + 600));
  text.copy(bytes);
  const scanner = new LineScanner('s', new TableBuilder(1), {
    lines: 0,
    duplicates: 0,
    skipped: 0,
    problems: [],
  });
  scanner.scan(bytes, new DataView(bytes.buffer), { from: 0, to: text.length, offset: 0 });
  return { table: scanner.build(), counts: scanner.counts };
};

describe('numbers read from bytes', () => {
  const digits = (min: number, max: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''));
  const exponent = fc.oneof(
    fc.constant(''),
    fc
      .tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.integer({ min: 0, max: 320 }))
      .map(([e, n]) => `${e}${n}`),
  );

  it('are what JSON.parse gives, or are left to it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', '-'),
        digits(0, 19),
        fc.oneof(
          fc.constant(''),
          digits(0, 19).map((fraction) => `.${fraction}`),
        ),
        fc.oneof({ weight: 3, arbitrary: fc.constant('') }, exponent),
        (sign, whole, fraction, power) => {
          const text = sign + whole + fraction + power;
          const reader = readerOf(`${text},`);
          const end = reader.takeNumber(0);
          let expected: number | null = null;
          try {
            expected = JSON.parse(text);
          } catch {
            // Not a number of JSON.
          }
          if (expected === null || !Number.isFinite(expected)) expect(end).toBe(-1);
          else expect([end, reader.number]).toEqual([text.length, expected === 0 ? 0 : expected]);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('a scan', () => {
  const start = '{"ts":"2026-01-01T00:00:00.000Z","prompt":"p"';

  it('knows a line by its shape however often it has met it', () => {
    const good = `${start},"metrics":{"a":1,"b":2},"meta":{"x":1}}`;
    const wrong: readonly string[] = [
      `${start},"metrics":{"a":1,"b":2,"a":3}}`,
      `${start},"metrics":{"a":1},"metrics":{"b":2}}`,
      `${start},"metrics":{"a":1},"meta":{"x":1},"meta":{"y":1}}`,
      `${start},"metrics":{},"metrics":{"a":1}}`,
      `${start},"prompt":"p"}`,
      `${start},"metrics":{"a":1,"b":2},"meta":{"x":1}`,
      `${start},"metrics":{"a":1,"b":2}},"meta":{"x":1}}`,
      `${start},"metrics":{"a":1 "b":2}}`,
      `${start},"status":"done"}`,
      '{"ts":"2026-01-01T00:00:00.000Z","metrics":{"a":1,"b":2},"meta":{"x":1}}',
      '{"prompt":"p","metrics":{"a":1,"b":2},"meta":{"x":1}}',
    ];
    const lines = wrong.flatMap((line) => [good, line, good, line]);
    const { table, counts } = scan(...lines, ...lines);
    expect([table.rows, counts.skipped]).toEqual([4 * wrong.length, 4 * wrong.length]);
  });

  it('tells a metric from a key of the same name outside, and a dotted key from a nested one', () => {
    const { table } = scan(
      `${start},"a":7,"metrics.a":8,"metrics":{"a":1,"metrics.a":2},"meta":{"a":3,"prompt":"q"},"b":9}`,
      `${start},"metrics":{"a":4},"a":"x"}`,
    );
    expect(
      [...table.metrics].map(([name, { values, rows }]) => [name, [...values], rows && [...rows]]),
    ).toEqual([
      ['a', [1, 4], null],
      ['metrics.a', [2], null],
    ]);
    expect(table.dimensions.get('prompt')?.dictionary).toEqual(['p']);
  });

  it('keeps apart texts that begin alike, and those that follow each other in turn', () => {
    const names = ['a', 'aa', 'a-very-long-name-of-a-prompt/1', 'a-very-long-name-of-a-prompt/2', 'a'];
    const lines = [...names, ...names, ...names].map(
      (name) => `{"ts":"2026-01-01T00:00:00.000Z","prompt":"${name}","version":"${name}"}`,
    );
    const { table } = scan(...lines);
    const prompt = table.dimensions.get('prompt');
    const read = Array.from(
      { length: table.rows },
      (_, row) => prompt?.dictionary[(prompt.codes[row] ?? 0) - 1],
    );
    expect(read).toEqual([...names, ...names, ...names]);
  });

  it('counts an id once a day, the first written, escaped or not', () => {
    const of = (day: number, id: string, value: number) =>
      `{"ts":"2026-01-0${day}T00:00:00Z","prompt":"p","id":"${id}","metrics":{"a":${value}}}`;
    const { table, counts } = scan(
      of(1, 'x', 1),
      of(2, 'x', 2),
      of(1, '\\u0078', 3),
      of(1, 'x', 4),
      of(1, 'xx', 5),
    );
    expect([...(table.metrics.get('a')?.values ?? [])]).toEqual([1, 2, 5]);
    expect(counts.duplicates).toBe(2);
  });

  it('takes more distinct texts than two bytes can number', () => {
    const lines = Array.from({ length: 70_000 }, (_, n) => `${start},"case":"c${n}"}`);
    const { table } = scan(...lines);
    const column = table.dimensions.get('case');
    expect(column?.dictionary[(column.codes[69_999] ?? 0) - 1]).toBe('c69999');
    expect(column?.dictionary[(column.codes[3] ?? 0) - 1]).toBe('c3');
  });

  it('reads a line of a shape it has no room left to learn', () => {
    const lines = Array.from({ length: 3000 }, (_, n) => `${start},"metrics":{"m${n}":${n}}}`);
    const { table, counts } = scan(...lines);
    expect([table.rows, counts.skipped, table.metrics.size]).toEqual([3000, 0, 3000]);
    expect([...(table.metrics.get('m2999')?.values ?? [])]).toEqual([2999]);
  });
});
