import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineScanner } from '../../../../src/store/metrics-log/line-scanner.ts';
import { findRepeatedRows } from '../../../../src/store/metrics-log/repeated-rows.ts';
import { TableBuilder } from '../../../../src/store/metrics-log/table-builder.ts';

/** Rows of which each has an id, or none, and a hash that several ids may share. */
const hashesOf = (rows: readonly { readonly id: number | null; readonly hash: number }[]): Int32Array =>
  Int32Array.from(rows.flatMap(({ id, hash }) => (id === null ? [hash, 0] : [hash, 1])));

describe('the rows that are repeated', () => {
  it('are those whose id an earlier row has, whatever hashes the ids share', () => {
    const row = fc
      .record({ id: fc.option(fc.integer({ min: 0, max: 40 })), share: fc.integer({ min: 1, max: 8 }) })
      .map(({ id, share }) => ({ id, hash: Math.imul((id ?? 0) % (5 * share), 0x9e3779b1) }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 200 }), (drawn) => {
        // One id has one hash.
        const hashOf = new Map(drawn.map(({ id, hash }) => [id, hash]));
        const rows = drawn.map(({ id }) => ({ id, hash: hashOf.get(id) ?? 0 }));
        const expected = rows.flatMap(({ id }, at) =>
          id !== null && rows.slice(0, at).some((before) => before.id === id) ? [at] : [],
        );
        const isSame = (a: number, b: number): boolean => rows[a]?.id === rows[b]?.id;
        expect([...findRepeatedRows(hashesOf(rows), isSame)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('are found among many buckets of them', () => {
    const count = 50_000;
    const rows = Array.from({ length: count }, (_, at) => ({
      id: at % 30_000,
      hash: Math.imul(at % 30_000, 0x9e3779b1),
    }));
    const found = findRepeatedRows(hashesOf(rows), () => true);
    expect(found.length).toBe(20_000);
    expect([found[0], found.at(-1)]).toEqual([30_000, count - 1]);
  });
});

describe('a table without its repeated rows', () => {
  const line = fc.record(
    {
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      version: fc.constantFrom('1.0.0', '2.0.0'),
      unit: fc.constantFrom('u', 'v'),
      a: fc.integer(),
      b: fc.integer(),
    },
    { requiredKeys: ['a'] },
  );

  const read = (
    lines: readonly { id?: string; version?: string; unit?: string; a: number; b?: number }[],
  ) => {
    const scanner = new LineScanner('s', new TableBuilder(1), {
      lines: 0,
      duplicates: 0,
      skipped: 0,
      problems: [],
    });
    const text = lines.map(({ a, b, ...rest }) =>
      JSON.stringify({
        ts: '2026-01-01T00:00:00.000Z',
        prompt: 'p',
        ...rest,
        metrics: b === undefined ? { a } : { a, b },
      }),
    );
    const bytes = Buffer.from(`${text.join('\n')}\n${' '.repeat(512)}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    scanner.scan(bytes, view, { from: 0, to: bytes.length - 512, offset: 0 });
    const { rows, unitHashes, dimensions, metrics } = scanner.build();
    return {
      rows,
      unitHashes,
      texts: new Map(
        [...dimensions].map(([field, { dictionary, codes }]) => [
          field,
          [...codes].map((code) => dictionary[code - 1] ?? null),
        ]),
      ),
      values: new Map(
        [...metrics].map(([name, { rows: named, values }]) => [
          name,
          [...values].map((value, at) => [named === null ? at : named[at], value]),
        ]),
      ),
      duplicates: scanner.counts.duplicates,
    };
  };

  it('is that of the log in which they never came', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
        const seen = new Set<string>();
        const kept = lines.filter(({ id }) => id === undefined || (!seen.has(id) && seen.add(id)));
        const once = read(kept);
        const { duplicates, ...all } = read(lines);
        expect(duplicates).toBe(lines.length - kept.length);
        expect(all.rows).toBe(once.rows);
        // A field that only a repeated record had is one that no record has.
        const absent = Array.from({ length: once.rows }, () => null);
        for (const [field, texts] of all.texts) expect(texts).toEqual(once.texts.get(field) ?? absent);
        expect([...all.unitHashes].slice(0, once.unitHashes.length)).toEqual([...once.unitHashes]);
        expect(all.values).toEqual(once.values);
      }),
      { numRuns: 500 },
    );
  });
});
