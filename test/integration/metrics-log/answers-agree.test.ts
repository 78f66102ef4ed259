import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricsQuery, MetricsSummary } from '../../../src/core/metrics/source.ts';
import { openMetricsLog } from '../../../src/store/metrics-log/source.ts';
import { type KnownRecord, referenceSummary } from '../../helpers/metrics-reference.ts';

interface WrittenLine {
  readonly bytes: Buffer;
  readonly record: KnownRecord | null;
}

const base = Date.UTC(2024, 1, 28);
const text = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

const number = fc.oneof(
  fc.integer({ min: -5, max: 2000 }),
  fc
    .tuple(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 9 }))
    .map(([n, s]) => n / 10 ** s),
  fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  fc.constantFrom(1e21, 1.5e-9, 123456789.12345678, 0.1),
);

const record: fc.Arbitrary<KnownRecord> = fc
  .record({
    time: fc.integer({ min: 0, max: 3 * 86_400_000 - 1 }).map((offset) => base + offset),
    prompt: fc.constantFrom('support/triage', 'support/triage-long-name', 'sql', 'größe', 'q"uote'),
    version: text('1.0.0', '1.0.0-rc.1', '2.0.0'),
    environment: text('production', 'staging', ''),
    id: text(
      'a',
      'b',
      'c',
      'd',
      'e',
      'ü',
      'a\\b',
      'long-id-0123456789-0123456789',
      'long-id-0123456789-0123456788',
    ),
    unit: text('u1', 'u2'),
    status: text('success', 'error'),
    error: text('timeout', 'rate:limit'),
    region: text('eu'),
    metrics: fc.dictionary(fc.constantFrom('latency_ms', 'cost_usd', 'a.b', 'constructor', 'qu"al'), number, {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  })
  .map(({ time, metrics, ...fields }) => ({
    time,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [name, value === 0 ? 0 : value]),
    ),
    fields: Object.fromEntries(
      Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  }));

const times: ((time: number) => string)[] = [
  (time) => new Date(time).toISOString(),
  (time) => new Date(time).toISOString().replace('Z', '456+00:00'),
  (time) => new Date(time + 5_400_000).toISOString().replace('Z', '+01:30'),
];

const layouts: ((value: object) => string)[] = [
  JSON.stringify,
  JSON.stringify,
  JSON.stringify,
  (value) => JSON.stringify(value, null, 1).replaceAll(/\n */g, ' '),
  (value) => JSON.stringify(Object.fromEntries(Object.entries(value).reverse())),
  (value) => `${JSON.stringify(value)} \r`,
  (value) => JSON.stringify(value).replace('"prompt"', '"\\u0070rompt"'),
  (value) =>
    JSON.stringify({ ...value, variant: null, meta: { run: 7, ok: true, note: 'a\tb', none: null } }),
  (value) =>
    JSON.stringify({ meta: { deep: { x: [1, { y: 2 }] } }, other: [1], ...value, input: 'a "b" {,} : c' }),
  (value) => JSON.stringify({ computed: ['cost_usd'], meta: {}, ...value, output: 'é' }),
];

const good: fc.Arbitrary<WrittenLine> = fc
  .tuple(record, fc.constantFrom(...times), fc.constantFrom(...layouts))
  .map(([known, formatTime, layout]) => ({
    record: known,
    bytes: Buffer.from(layout({ ts: formatTime(known.time), ...known.fields, metrics: known.metrics })),
  }));

const ok = '"ts":"2024-02-28T00:00:00Z","prompt":"sql"';
const bad: fc.Arbitrary<WrittenLine> = fc
  .constantFrom<Buffer | string>(
    'garbage',
    '{"ts":"2024-02-28T00:0',
    `{${ok},"metrics":{"latency_ms":12`,
    `{${ok},"metrics":{"latency_ms":1}}}`,
    `{${ok},"metrics":{"latency_ms":01}}`,
    `{${ok},"metrics":{"latency_ms":1.}}`,
    `{${ok},"metrics":{"latency_ms":1e999}}`,
    `{${ok},"metrics":{"latency_ms":"1"}}`,
    `{${ok},"metrics":{"latency_ms":1,"latency_ms":2}}`,
    `{${ok},"prompt":"sql"}`,
    `{${ok},"metrics":{"__proto__":1}}`,
    `{${ok},"__proto__":1}`,
    `{${ok},"status":"fine"}`,
    `{${ok},"unit":7}`,
    `{${ok},"meta":[]}`,
    `{${ok},}`,
    `{${ok}} {}`,
    '{"ts":"2024-02-30T00:00:00.000Z","prompt":"sql"}',
    '{"ts":"2024-02-28T24:00:00.000Z","prompt":"sql"}',
    '{"prompt":"sql"}',
    '{"ts":"2024-02-28T00:00:00Z","prompt":""}',
    'null',
    '[]',
    Buffer.alloc(40),
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    Buffer.concat([Buffer.from(`{${ok},"unit":"`), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    Buffer.from(`{${ok},"unit":"a\0b"}`),
  )
  .map((line) => ({ record: null, bytes: Buffer.from(line) }));

const segmentNames = ['2024-02-28.jsonl', '2024-02-28.w1.jsonl', '2024-02-29.jsonl', '2024-03-01.jsonl'];
const log = fc.array(
  fc.tuple(
    fc.constantFrom(...segmentNames),
    fc.oneof({ weight: 6, arbitrary: good }, { weight: 1, arbitrary: bad }),
  ),
  { maxLength: 80, size: 'max' },
);

const field = fc.constantFrom(
  'prompt',
  'version',
  'environment',
  'status',
  'region',
  'error',
  'unit',
  'id',
  'model',
);
const query: fc.Arbitrary<MetricsQuery> = fc.record(
  {
    prompts: fc.uniqueArray(fc.constantFrom('sql', 'support/triage', 'größe'), { minLength: 1 }),
    since: fc.integer({ min: 0, max: 3 }).map((half) => base + half * 43_200_000),
    until: fc.integer({ min: 2, max: 6 }).map((half) => base + half * 43_200_000),
    where: fc.array(
      fc.record({
        field,
        value: fc.constantFrom(null, 'production', '1.0.0', 'success', 'a', 'u1', 'sql', ''),
      }),
      { maxLength: 2 },
    ),
    by: fc.uniqueArray(fc.oneof(field, fc.constant('day')), { maxLength: 3 }),
    metrics: fc.uniqueArray(fc.constantFrom('latency_ms', 'a.b', 'constructor', 'absent'), { maxLength: 3 }),
    percentiles: fc.array(fc.constantFrom(0, 0.25, 0.5, 0.95, 1), { maxLength: 4 }),
  },
  { requiredKeys: [] },
);

const append = (directory: string, lines: readonly (readonly [string, WrittenLine])[]): void => {
  for (const [name, { bytes }] of lines)
    appendFileSync(join(directory, name), Buffer.concat([Buffer.from('\n'), bytes, Buffer.from('\n')]));
};

const withoutPlaces = ({ groups, coverage }: MetricsSummary) => ({
  groups,
  records: coverage.records,
  duplicates: coverage.duplicates,
  skipped: coverage.skipped,
});

describe('the answers of a log', () => {
  it('are those of a plain reading, bit for bit: cold, warm, grown, from columns and without a cache', async () => {
    await fc.assert(
      fc.asyncProperty(
        log,
        query,
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (lines, asked, share) => {
          const root = mkdtempSync(join(tmpdir(), 'promptv-log-'));
          try {
            const cacheDirectory = join(root, 'cache');
            const summarize = (cached: string | null) =>
              openMetricsLog({ directory: root }, { cacheDirectory: cached }).summarize(asked);
            const cut = Math.floor(share * lines.length);
            append(root, lines.slice(0, cut));
            await summarize(cacheDirectory);
            append(root, lines.slice(cut));
            const grown = await summarize(cacheDirectory);
            const known = segmentNames.map((name) => ({
              name,
              lines: lines.filter(([of]) => of === name).map(([, line]) => line.record),
            }));
            expect(withoutPlaces(grown)).toEqual(referenceSummary(known, asked));
            expect(await summarize(cacheDirectory)).toEqual(grown);
            expect(await summarize(null)).toEqual(grown);
            rmSync(cacheDirectory, { recursive: true, force: true });
            expect(await summarize(cacheDirectory)).toEqual(grown);
            const folder = join(cacheDirectory, 'metrics');
            for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
              if (name.endsWith('.answer')) rmSync(join(folder, name));
            expect(await summarize(cacheDirectory)).toEqual(grown);
          } finally {
            rmSync(root, { recursive: true, force: true });
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  it('are the same for a file without a last newline', async () => {
    const root = mkdtempSync(join(tmpdir(), 'promptv-log-'));
    try {
      const file = join(root, 'export.jsonl');
      const line = (id: string) =>
        `{"ts":"2026-01-01T00:00:00Z","prompt":"p","id":"${id}","metrics":{"a":1}}`;
      writeFileSync(file, `${line('x')}\n${line('y')}`);
      const source = openMetricsLog({ file }, { cacheDirectory: join(root, 'cache') });
      expect((await source.summarize({})).groups[0]?.records).toBe(2);
      appendFileSync(file, `\n${line('y')}\n${line('z')}\n`);
      expect((await source.summarize({})).coverage).toMatchObject({ records: 3, duplicates: 1, skipped: 0 });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
