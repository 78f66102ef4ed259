import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeRatio } from '../../../src/core/rollout/sample-ratio.ts';
import { SegmentCacheFile, writeSegmentCache } from '../../../src/store/metrics-log/segment-cache.ts';
import { openMetricsLog } from '../../../src/store/metrics-log/source.ts';
import { type RecordTable, TableBuilder } from '../../../src/store/metrics-log/table-builder.ts';
import { keptShare, sampleUnits } from '../../../src/store/metrics-log/unit-sample.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'promptv-units-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Two records a unit, every tenth unit has the candidate; and one record of each version without a unit. */
const writeUnits = (name: string, units: number): string => {
  const path = join(root, name);
  const lineOf = (version: string, unit: string): string =>
    `{"ts":"2026-03-01T00:00:00.000Z","prompt":"greet","version":"${version}"${unit},"metrics":{}}\n`;
  const lines = Array.from({ length: 2 * units }, (_, row) => {
    const unit = row % units;
    return lineOf(unit % 10 === 0 ? '1.0.1' : '1.0.0', `,"unit":"user-${unit}"`);
  });
  writeFileSync(path, ['\n', ...lines, lineOf('1.0.0', ''), lineOf('1.0.1', '')].join(''));
  return path;
};

const openFile = (file: string, cacheDirectory: string | null = null) =>
  openMetricsLog({ file }, { cacheDirectory });

const countUnits = (file: string) => openFile(file).unitCounts({ prompts: ['greet'] });

describe('units by version', () => {
  it('are counted exactly, each once, while the log is small', async () => {
    expect(await countUnits(writeUnits('small.jsonl', 5000))).toEqual(
      new Map([
        ['1.0.1', 500],
        ['1.0.0', 4500],
      ]),
    );
  });

  it('are counted in a sample of a large log that takes whole units and keeps the shares of the versions', async () => {
    const units = 160_000;
    const file = writeUnits('large.jsonl', units);
    const counts = await countUnits(file);
    const [stable = 0, candidate = 0] = [counts.get('1.0.0'), counts.get('1.0.1')];
    const share = 25_000 / (2 * units + 2);
    const spread = Math.sqrt(units * share * (1 - share));
    expect(Math.abs(stable + candidate - units * share)).toBeLessThan(5 * spread);
    expect(judgeRatio({ stable, candidate }, 10)).toMatchObject({ mismatch: false });
    expect(judgeRatio({ stable, candidate }, 12)).toMatchObject({ mismatch: true });
    expect(await countUnits(file)).toEqual(counts);
  });

  it('are counted exactly of a large log with few units, or with few records that match', async () => {
    const path = join(root, 'few.jsonl');
    const lines = Array.from({ length: 100_000 }, (_, row) => {
      const [prompt, unit] = row % 50 === 0 ? ['greet', row % 4000] : ['other', row];
      const version = unit % 500 === 0 ? '1.0.1' : '1.0.0';
      return `{"ts":"2026-03-01T00:00:00.000Z","prompt":"${prompt}","version":"${version}","unit":"user-${unit}"}\n`;
    });
    writeFileSync(path, lines.join(''));
    const expected = new Map([
      ['1.0.1', 8],
      ['1.0.0', 72],
    ]);
    expect(await countUnits(path)).toEqual(expected);
    const cached = openFile(path, join(root, 'cache'));
    for (const _ of ['first', 'again'])
      expect(await cached.unitCounts({ prompts: ['greet'] })).toEqual(expected);
    expect(await cached.unitCounts({ prompts: ['absent'] })).toEqual(new Map());
  });

  it('are the same with a cache, and with one that is extended', async () => {
    const file = writeUnits('cached.jsonl', 5000);
    const cached = openFile(file, join(root, 'cache'));
    const since = Date.UTC(2026, 2, 1);
    const filter = { prompts: ['greet'], since, where: [{ field: 'version', value: '1.0.1' }] };
    expect(await cached.unitCounts(filter)).toEqual(new Map([['1.0.1', 500]]));
    expect(await cached.unitCounts(filter)).toEqual(new Map([['1.0.1', 500]]));
    appendFileSync(
      file,
      '\n{"ts":"2026-03-01T01:00:00.000Z","prompt":"greet","version":"1.0.1","unit":"new","metrics":{}}\n',
    );
    expect(await cached.unitCounts(filter)).toEqual(new Map([['1.0.1', 501]]));
    expect(await cached.unitCounts({ ...filter, since: since + 1 })).toEqual(new Map([['1.0.1', 1]]));
  });

  it('cannot be asked for by what is no dimension', async () => {
    const filter = { where: [{ field: 'meta.team', value: 'a' }] };
    await expect(openFile(join(root, 'small.jsonl')).unitCounts(filter)).rejects.toThrow(
      expect.objectContaining({ code: 'METRICS_FIELD_UNKNOWN' }),
    );
  });
});

describe('the rows of a share of the units', () => {
  const build = (): RecordTable => {
    const builder = new TableBuilder(20_000);
    for (let row = 0; row < 20_000; row += 1) {
      builder.reserve();
      builder.times[row] = row;
      const unit = Buffer.from(`user-${row % 7000}    `);
      const view = new DataView(unit.buffer, unit.byteOffset, unit.length);
      builder.setUnit(row % 10 === 0 ? null : { view, start: 0, end: unit.length - 4 });
      builder.commit();
    }
    return builder.build();
  };

  it.each([
    1,
    0.5,
    keptShare,
    keptShare / 2,
    0,
  ])('are the same from the cache and from memory: %d', async (share) => {
    const table = build();
    const path = join(root, `share-${share}.cache`);
    const segment = {
      path,
      state,
      readAt: 0,
      covered: 0,
      hashed: 0,
      blocks: [],
      counts,
      rows: 20_000,
      days: [],
    };
    await writeSegmentCache(path, segment, table);
    const cached = await SegmentCacheFile.open(path);
    const rows = await cached?.unitRows(['version'], share);
    await cached?.close();
    const expected = sampleUnits(table, table.unitHashes, share);
    expect(rows).toEqual(expected);
    expect(Math.abs(expected.rows - 18_000 * share)).toBeLessThan(5 * Math.sqrt(18_000 * 3 * share) + 1);
  });
});

const state = { inode: '1', size: 0, modified: '', changed: '' };
const counts = { lines: 0, duplicates: 0, skipped: 0, problems: [] };
