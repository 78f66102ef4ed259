import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricsSource } from '../../../src/core/metrics/source.ts';
import { openMetricsLog } from '../../../src/store/metrics-log/source.ts';

let root: string;
let segment: string;
let source: MetricsSource;

const line = (id: number | string, value: number): string =>
  `{"ts":"2026-01-01T00:00:00.000Z","prompt":"p","id":"${id}","metrics":{"a":${value}}}\n`;
const many = (count: number): string => Array.from({ length: count }, (_, id) => line(id, 1)).join('');
const sum = async (): Promise<number | null | undefined> =>
  (await source.summarize({})).groups[0]?.metrics.a?.sum;
const caches = (): string[] =>
  readdirSync(join(root, 'cache'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.cache'),
  );
/** The same whole second every time, so that a time that is set again is exactly the old one. */
const longAgo = Date.UTC(2026, 0, 1) / 1000;
const age = (path: string): void => utimesSync(path, longAgo, longAgo);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'promptv-log-'));
  mkdirSync(join(root, 'log'));
  segment = join(root, 'log', '2026-01-01.jsonl');
  source = openMetricsLog({ directory: join(root, 'log') }, { cacheDirectory: join(root, 'cache') });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a segment that changes', () => {
  it('in its middle, with the same size and the old time, is read again', async () => {
    writeFileSync(segment, many(50_000));
    age(segment);
    expect(await sum()).toBe(50_000);
    const file = openSync(segment, 'r+');
    const at = readFileSync(segment).indexOf('"id":"25000"') + '"id":"25000","metrics":{"a":'.length;
    writeSync(file, '9', at);
    closeSync(file);
    age(segment);
    expect(await sum()).toBe(50_008);
  });

  it('in its middle and at its end is not taken for one that has only grown', async () => {
    writeFileSync(segment, many(50_000));
    expect(await sum()).toBe(50_000);
    const file = openSync(segment, 'r+');
    writeSync(file, '5', readFileSync(segment).indexOf('"a":1') + 4);
    closeSync(file);
    appendFileSync(segment, line('new', 1));
    expect(await sum()).toBe(50_005);
  });

  it('by growing keeps the cache of what was there', async () => {
    writeFileSync(segment, many(50_000));
    expect(await sum()).toBe(50_000);
    const [cache] = caches();
    const before = statSync(join(root, 'cache', cache ?? '')).ino;
    appendFileSync(segment, line('new', 1) + line(7, 100));
    expect(await sum()).toBe(50_001);
    expect(statSync(join(root, 'cache', cache ?? '')).ino).toBe(before);
  });

  it('by growing much has a new cache', async () => {
    writeFileSync(segment, many(10));
    expect(await sum()).toBe(10);
    const before = statSync(join(root, 'cache', caches()[0] ?? '')).size;
    appendFileSync(segment, many(50_000));
    expect(await sum()).toBe(50_000);
    expect(statSync(join(root, 'cache', caches()[0] ?? '')).size).toBeGreaterThan(before);
  });

  it('by other values than before has a new cache once, on which later answers rest', async () => {
    const rising = (from: number, count: number): string =>
      Array.from({ length: count }, (_, at) => line(from + at, from + at)).join('');
    const median = async (): Promise<number | undefined> =>
      (await source.summarize({ percentiles: [0.5] })).groups[0]?.metrics.a?.quantiles[0] ?? undefined;
    const size = (): number => statSync(join(root, 'cache', caches()[0] ?? '')).size;
    writeFileSync(segment, rising(0, 50_001));
    expect(await median()).toBe(25_000);
    const first = size();
    appendFileSync(segment, rising(50_001, 1000));
    expect(await median()).toBe(25_500);
    expect(size()).toBe(first);
    appendFileSync(segment, rising(51_001, 20_000));
    expect(await median()).toBe(35_500);
    const second = size();
    expect(second).toBeGreaterThan(first);
    appendFileSync(segment, rising(71_001, 200));
    expect(await median()).toBe(35_600);
    expect(size()).toBe(second);
  });

  it('in what was appended, with the same size and the old time, is read again by the same source', async () => {
    const later = openMetricsLog(
      { directory: join(root, 'log') },
      { cacheDirectory: join(root, 'cache'), now: () => Date.now() + 60_000 },
    );
    const total = async (percentiles: number[]) =>
      (await later.summarize({ percentiles })).groups[0]?.metrics.a?.sum;
    writeFileSync(segment, many(1000));
    expect(await total([])).toBe(1000);
    appendFileSync(segment, line('new', 1) + line('newer', 1));
    age(segment);
    expect(await total([0.1])).toBe(1002);
    expect(await total([0.2])).toBe(1002);
    const file = openSync(segment, 'r+');
    writeSync(file, '7', readFileSync(segment).lastIndexOf('"a":1') + 4);
    closeSync(file);
    age(segment);
    expect(await total([0.3])).toBe(1008);
    appendFileSync(segment, line('newest', 2));
    expect(await total([0.4])).toBe(1010);
  });

  it('at its end in other records of another segment than before is not answered with the old ones', async () => {
    const other = join(root, 'log', '2026-01-01.w.jsonl');
    writeFileSync(segment, line('x', 1));
    writeFileSync(other, line('a', 10) + line('b', 100));
    expect(await sum()).toBe(111);
    appendFileSync(segment, line('a', 1000));
    expect(await sum()).toBe(1101);
    truncateSync(segment, line('x', 1).length);
    appendFileSync(segment, line('b', 2000));
    expect(await sum()).toBe(2011);
  });

  it('by being cut off, or replaced, is read again', async () => {
    writeFileSync(segment, many(1000));
    expect(await sum()).toBe(1000);
    truncateSync(segment, many(10).length);
    expect(await sum()).toBe(10);
    writeFileSync(join(root, 'other'), many(1000).replaceAll('"a":1', '"a":2'));
    renameSync(join(root, 'other'), segment);
    expect(await sum()).toBe(2000);
  });

  it('by being removed takes its cache with it when another is written', async () => {
    writeFileSync(segment, many(10));
    writeFileSync(join(root, 'log', '2026-01-02.jsonl'), line('x', 5).replace('01-01', '01-02'));
    expect(await sum()).toBe(15);
    rmSync(segment);
    writeFileSync(join(root, 'log', '2026-01-03.jsonl'), line('y', 7).replace('01-01', '01-03'));
    expect(await sum()).toBe(12);
    expect(caches().map((name) => name.split('/').at(-1))).toEqual([
      '2026-01-02.jsonl.cache',
      '2026-01-03.jsonl.cache',
    ]);
  });

  it('does not make the others be read again', async () => {
    writeFileSync(segment, many(1000));
    expect(await sum()).toBe(1000);
    const before = statSync(join(root, 'cache', caches()[0] ?? '')).ino;
    writeFileSync(join(root, 'log', '2026-01-02.jsonl'), line('x', 5).replace('01-01', '01-02'));
    expect(await sum()).toBe(1005);
    expect(statSync(join(root, 'cache', caches()[0] ?? '')).ino).toBe(before);
  });
});

describe('a summary asked for again after a new segment', () => {
  const segmentOf = (day: number, count: number): void => {
    const text = many(count).replaceAll('2026-01-01', `2026-01-0${day}`);
    writeFileSync(join(root, 'log', `2026-01-0${day}.jsonl`), text);
  };

  it('does not open the others, and one of the same day only for its ids', async () => {
    // A clock ahead of the files' times: nothing is so new that it could have changed unseen.
    const later = openMetricsLog(
      { directory: join(root, 'log') },
      { cacheDirectory: join(root, 'cache'), now: () => Date.now() + 60_000 },
    );
    const ask = async () => (await later.summarize({ percentiles: [0.5] })).groups[0];
    segmentOf(1, 1000);
    segmentOf(2, 1000);
    expect(await ask()).toMatchObject({ records: 2000 });
    for (const name of caches()) rmSync(join(root, 'cache', name));
    segmentOf(3, 5);
    expect(await ask()).toMatchObject({ records: 2005 });
    expect(caches().map((name) => name.split('/').at(-1))).toEqual(['2026-01-03.jsonl.cache']);
    writeFileSync(join(root, 'log', '2026-01-02.w.jsonl'), many(1002).replaceAll('2026-01-01', '2026-01-02'));
    expect(await ask()).toMatchObject({ records: 2007 });
    expect(caches().map((name) => name.split('/').at(-1))).not.toContain('2026-01-01.jsonl.cache');
  });

  it('that comes before them and takes records from them is answered from the columns', async () => {
    segmentOf(2, 1000);
    expect(await sum()).toBe(1000);
    const early = many(3).replaceAll('2026-01-01T', '2026-01-02T').replaceAll('"a":1', '"a":5');
    writeFileSync(join(root, 'log', '2026-01-01.jsonl'), early);
    expect(await sum()).toBe(997 + 15);
  });

  it('is right however many records have come', async () => {
    const value = async () =>
      (await source.summarize({ percentiles: [0.5] })).groups[0]?.metrics.a?.quantiles[0];
    writeFileSync(segment, many(2000));
    expect(await value()).toBe(1);
    appendFileSync(segment, Array.from({ length: 1990 }, (_, id) => line(`b${id}`, 9)).join(''));
    expect(await value()).toBe(1);
    appendFileSync(segment, Array.from({ length: 10 }, (_, id) => line(`c${id}`, 9)).join(''));
    expect(await value()).toBe(5);
    appendFileSync(segment, line('d', 9));
    expect(await value()).toBe(9);
  });
});

describe('a cache', () => {
  it.each([
    ['empty', () => ''],
    ['garbage', () => 'x'.repeat(5000)],
    ['cut off', (content: string) => content.slice(0, -100)],
    ['of another header', (content: string) => content.replace('"rows":1000', '"rows":9999')],
  ])('that is %s is not used', async (_, spoil) => {
    writeFileSync(segment, many(1000));
    expect(await sum()).toBe(1000);
    for (const name of readdirSync(join(root, 'cache'), { recursive: true, encoding: 'utf8' })) {
      const path = join(root, 'cache', name);
      if (statSync(path).isFile()) writeFileSync(path, spoil(readFileSync(path, 'latin1')), 'latin1');
    }
    expect(await sum()).toBe(1000);
  });

  it('that cannot be written changes no answer, and is reported', async () => {
    writeFileSync(segment, many(10));
    writeFileSync(join(root, 'file'), '');
    const failures: unknown[] = [];
    const log = openMetricsLog(
      { directory: join(root, 'log') },
      { cacheDirectory: join(root, 'file'), onCacheFailure: (cause) => failures.push(cause) },
    );
    expect((await log.summarize({})).groups[0]?.records).toBe(10);
    expect(failures.length).toBeGreaterThan(0);
  });

  it('leaves no temporary file behind', async () => {
    writeFileSync(segment, many(1000));
    await Promise.all(Array.from({ length: 8 }, () => sum()));
    const names = readdirSync(join(root, 'cache'), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('lines that are no records', () => {
  it('are skipped, counted and named by segment, line and offset', async () => {
    const broken: readonly (readonly [Buffer, string])[] = [
      [Buffer.from('garbage'), 'not JSON'],
      [Buffer.from(line('half', 1).slice(0, 40)), 'not JSON'],
      [Buffer.alloc(64), 'not JSON'],
      [Buffer.alloc(100_000_000, 'x'), 'longer than 65536 bytes'],
      [Buffer.from([0x7b, 0xff, 0x7d]), 'not UTF-8'],
      [Buffer.from('{"ts":"2026-01-01T00:00:00Z","prompt":"p","prompt":"q"}'), 'a key stands twice'],
      [
        Buffer.from('{"ts":"2026-01-01T00:00:00Z","prompt":"p","metrics":{"__proto__":1}}'),
        'the key "__proto__"',
      ],
      [
        Buffer.from(`{"ts":"2026-01-01T00:00:00Z","prompt":"${'p'.repeat(65_536)}"}`),
        'longer than 65536 bytes',
      ],
    ];
    const expected: object[] = [];
    let content = Buffer.from(line('first', 1));
    for (const [index, [bytes, reason]] of broken.entries()) {
      expected.push({ segment: '2026-01-01.jsonl', line: 2 + 2 * index, offset: content.length, reason });
      content = Buffer.concat([content, bytes, Buffer.from(`\n${line(index, 1)}`)]);
    }
    writeFileSync(segment, content);
    const { groups, coverage } = await source.summarize({});
    expect(groups[0]?.records).toBe(1 + broken.length);
    expect(coverage).toMatchObject({ skipped: broken.length, problems: expected });
    expect((await source.summarize({ by: ['prompt'] })).coverage).toEqual(coverage);
    appendFileSync(segment, `\n\nmore garbage\n`);
    expect((await source.coverage()).problems.at(-1)).toMatchObject({ line: 2 + 2 * broken.length + 2 });
  });

  it('are listed up to a hundred and counted beyond', async () => {
    writeFileSync(segment, 'x\n'.repeat(1000) + line('a', 1));
    const { coverage } = await source.summarize({});
    expect([coverage.skipped, coverage.problems.length]).toEqual([1000, 100]);
  });

  it('include a last line that has not been finished, until it is', async () => {
    writeFileSync(segment, line('a', 1) + line('b', 2).slice(0, 30));
    expect((await source.summarize({})).coverage.problems).toEqual([
      { segment: '2026-01-01.jsonl', line: 2, offset: line('a', 1).length, reason: 'unfinished last line' },
    ]);
    appendFileSync(segment, line('b', 2).slice(30));
    expect(await sum()).toBe(3);
    expect((await source.coverage()).skipped).toBe(0);
  });
});

describe('what is asked of a log', () => {
  it('has no segments where there is no log', async () => {
    const none = openMetricsLog({ directory: join(root, 'none') }, { cacheDirectory: null });
    expect(await none.summarize({})).toEqual({
      groups: [],
      coverage: { segments: 0, records: 0, duplicates: 0, skipped: 0, problems: [] },
    });
  });

  it('is refused for a field that no record has', async () => {
    const expected = expect.objectContaining({ code: 'METRICS_FIELD_UNKNOWN' });
    await expect(source.summarize({ by: ['colour'] })).rejects.toThrow(expected);
    await expect(source.summarize({ where: [{ field: 'day', value: 'x' }] })).rejects.toThrow(expected);
  });

  it('may be its values and its records, in their order and without copies', async () => {
    writeFileSync(segment, line('a', 3) + line('b', 1) + line('a', 9));
    writeFileSync(join(root, 'log', '2026-01-01.w.jsonl'), line('b', 8) + line('c', 2));
    const values = await source.values({ metrics: ['a', 'z'] });
    expect(values.map(({ metrics }) => [...metrics].map(([name, found]) => [name, [...found]]))).toEqual([
      [['a', [3, 1, 2]]],
    ]);
    const ids: (string | undefined)[] = [];
    for await (const { id } of source.records({
      where: [
        { field: 'id', value: 'a' },
        { field: 'id', value: 'c' },
      ],
    }))
      ids.push(id);
    expect(ids).toEqual(['a', 'c']);
  });
});
