import { describe, expect, it } from 'vitest';
import { planBatch } from '../../../../src/core/metrics/batch.ts';
import { directionOf, normalizeMetric } from '../../../../src/core/metrics/names.ts';
import { computeCostUsd, parseUtcTime, readMetricRecord } from '../../../../src/core/metrics/record.ts';
import { parseStrictJson } from '../../../../src/core/metrics/strict-json.ts';

const now = Date.UTC(2026, 5, 15, 12);
const record = {
  ts: '2026-06-15T10:00:00.000Z',
  prompt: 'support/triage',
  version: '1.0.0',
  id: 'a',
  status: 'success',
  metrics: { latency_ms: 12.5 },
};
const withoutUnset = (fields: object): object =>
  Object.fromEntries(Object.entries({ ...record, ...fields }).filter(([, value]) => value !== undefined));

describe('reading a record', () => {
  const refused: readonly [string, unknown, string][] = [
    ['a list', [], 'not a JSON object'],
    ['no time', withoutUnset({ ts: undefined }), '"ts" is not an ISO 8601 time'],
    ['a number as time', withoutUnset({ ts: 5 }), '"ts" is not an ISO 8601 time'],
    ['no prompt', withoutUnset({ prompt: undefined }), 'no "prompt"'],
    ['a number as version', withoutUnset({ version: 1 }), '"version" is not text'],
    ['another status', withoutUnset({ status: 'ok' }), '"status" is neither "success" nor "error"'],
    [
      'text as a metric',
      withoutUnset({ metrics: { quality: '1' } }),
      'the metric "quality" is not a finite number',
    ],
    [
      'NaN',
      withoutUnset({ metrics: { quality: Number.NaN } }),
      'the metric "quality" is not a finite number',
    ],
    ['a list of metrics', withoutUnset({ metrics: [1] }), '"metrics" is not an object'],
    ['a list as meta', withoutUnset({ meta: [1] }), '"meta" is not an object'],
    ['the prototype', JSON.parse('{"meta":{"a":{"__proto__":1}}}'), 'the key "__proto__"'],
  ];
  it.each(refused)('refuses %s', (_, value, reason) => {
    expect(readMetricRecord(value)).toEqual({ ok: false, reason });
  });

  it('takes null for absent and drops what it does not know', () => {
    const reading = readMetricRecord({
      ...record,
      variant: null,
      unknown: 1,
      metrics: { quality: null, a: -0 },
    });
    expect(reading).toEqual({
      ok: true,
      record: { ...record, metrics: { a: 0 } },
      time: Date.parse(record.ts),
    });
  });

  it('brings every offset to UTC', () => {
    const reading = readMetricRecord({ ...record, ts: '2026-06-15T01:30:00.123456+02:00' });
    expect(reading.ok && reading.record.ts).toBe('2026-06-14T23:30:00.123Z');
  });

  it.each([
    ['2026-02-29T00:00:00Z', null],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2026-06-15T24:00:00Z', null],
    ['2026-06-15T10:00:60Z', null],
    ['2026-06-15T10:00:00', null],
    ['2026-06-15', null],
    ['2026-06-15T10:00:00.5-0330', Date.UTC(2026, 5, 15, 13, 30, 0, 500)],
  ])('reads the time %s as %s', (text, time) => {
    expect(parseUtcTime(text)).toBe(time);
  });
});

describe('strict JSON', () => {
  it.each([
    ['{"a":1,"a":2}', 'a key stands twice'],
    ['{"m":{"a":1,"\\u0061":2}}', 'a key stands twice'],
    ['{"__proto__":1,"__proto__":2}', 'a key stands twice'],
    ['{"a":1', 'not JSON'],
    ['', 'not JSON'],
  ])('refuses %s', (text, reason) => {
    expect(parseStrictJson(text)).toEqual({ ok: false, reason });
  });

  it('takes colons and quotes in texts for what they are', () => {
    const value = { 'a:"b': ':"\\', list: [{ a: 1 }, { a: ':' }], deep: { a: { a: null } } };
    expect(parseStrictJson(JSON.stringify(value))).toEqual({ ok: true, value });
  });

  it('parses what is nested a thousand deep', () => {
    const text = `${'[{"a":'.repeat(1000)}1${'}]'.repeat(1000)}`;
    expect(parseStrictJson(text).ok).toBe(true);
  });
});

describe('a batch', () => {
  it('has a write for each day, which begins and ends with a newline', () => {
    const next = { ...record, ts: '2026-06-14T23:59:59.999Z', id: 'b' };
    const batches = planBatch([record, next, { ...record, id: 'c' }], now);
    expect(batches.map(({ day, records }) => [day, records.map(({ id }) => id)])).toEqual([
      ['2026-06-15', ['a', 'c']],
      ['2026-06-14', ['b']],
    ]);
    expect(batches[1]?.text).toBe(`\n${JSON.stringify(next)}\n`);
  });

  it.each([
    ['a time in the far future', { ...record, ts: '2026-06-17T00:00:00Z' }, 'METRICS_RECORD_INVALID'],
    ['no id', withoutUnset({ id: undefined }), 'METRICS_RECORD_INVALID'],
    ['Infinity', { ...record, metrics: { a: Number.POSITIVE_INFINITY } }, 'METRICS_RECORD_INVALID'],
    ['more than 64 KiB', { ...record, input: 'é'.repeat(32_768) }, 'METRICS_RECORD_TOO_LARGE'],
  ])('is refused as a whole for %s', (_, wrong, code) => {
    expect(() => planBatch([record, wrong], now)).toThrow(expect.objectContaining({ code }));
  });
});

describe('metric names', () => {
  it('converts the usual other names and their units', () => {
    expect(normalizeMetric('response_time', 1.5)).toEqual({ name: 'latency_ms', value: 1500 });
    expect(normalizeMetric('gen_ai.usage.prompt_tokens', 7)).toEqual({ name: 'input_tokens', value: 7 });
    expect(normalizeMetric('constructor', 1)).toEqual({ name: 'constructor', value: 1 });
  });

  it('knows which way is better, unless it is configured', () => {
    expect(['latency_ms', 'cost_usd', 'quality', 'constructor'].map((name) => directionOf(name))).toEqual([
      'lower',
      'lower',
      'higher',
      'higher',
    ]);
    expect(directionOf('quality', { quality: 'lower' })).toBe('lower');
  });

  it('computes a cost from tokens and prices for a million', () => {
    expect(computeCostUsd({ input_tokens: 1000, output_tokens: 500 }, { input: 0.15, output: 0.6 })).toBe(
      0.00045,
    );
    expect(computeCostUsd({ latency_ms: 1 }, { input: 1, output: 1 })).toBeNull();
  });
});
