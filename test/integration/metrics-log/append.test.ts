import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planBatch } from '../../../src/core/metrics/batch.ts';
import { appendBatches } from '../../../src/store/metrics-log/append.ts';
import { openMetricsLog } from '../../../src/store/metrics-log/source.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';

let root: string;
let writer: string;
let repo: TempRepo;

const now = Date.UTC(2026, 0, 2);

beforeAll(async () => {
  repo = createTempRepo();
  root = mkdtempSync(join(tmpdir(), 'promptv-append-'));
  writer = join(root, 'writer.mjs');
  await build({
    stdin: {
      contents: `
        import { openWorkspace, recordMetrics } from './src/index.ts';
        const [directory, name, count, size] = process.argv.slice(2);
        const cwd = ${JSON.stringify(repo.dir)};
        const workspace = await openWorkspace({ cwd, env: { ...process.env, PROMPTV_METRICS_DIR: directory } });
        for (let index = 0; index < Number(count); index += 1) {
          const records = Array.from({ length: Number(size) }, (_, part) => ({
            ts: '2026-01-01T00:00:00.000Z', prompt: 'p', id: name + '-' + index + '-' + part, metrics: { a: 1 },
          }));
          await recordMetrics(workspace, records, { allowUnknown: true });
          if (process.send) process.send(index);
        }`,
      resolveDir: fileURLToPath(new URL('../../..', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: writer,
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  repo.remove();
});

const run = (directory: string, name: string, count: number, size: number) =>
  spawn(process.execPath, [writer, directory, name, String(count), String(size)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

const record = (id: string) => ({ ts: '2026-01-01T23:59:59.000Z', prompt: 'p', id, metrics: { a: 1 } });

describe('appending', () => {
  it('by eight processes at once loses and tears nothing, while another process reads', async () => {
    const directory = join(root, 'many');
    let running = 8;
    const ends = Array.from({ length: 8 }, async (_, index) => {
      const child = run(directory, `w${index}`, 5000, 1);
      const code = await new Promise((resolve) => child.on('exit', resolve));
      running -= 1;
      return code;
    });
    const source = openMetricsLog({ directory }, { cacheDirectory: join(root, 'many-cache') });
    let seen = 0;
    while (running > 0) {
      const { coverage } = await source.summarize({});
      expect(coverage.records).toBeGreaterThanOrEqual(seen);
      expect(coverage.problems.filter(({ reason }) => reason !== 'unfinished last line')).toEqual([]);
      seen = coverage.records;
    }
    expect(await Promise.all(ends)).toEqual(new Array(8).fill(0));
    const { groups, coverage } = await source.summarize({});
    expect(coverage).toMatchObject({ records: 40_000, duplicates: 0, skipped: 0 });
    expect(groups[0]?.metrics.a?.sum).toBe(40_000);
  });

  it('that is killed loses at most the batch that was not acknowledged', async () => {
    const directory = join(root, 'killed');
    const size = 200;
    for (let round = 0; round < 5; round += 1) {
      const child = run(directory, `k${round}`, 1_000_000, size);
      let acknowledged = 0;
      await new Promise((resolve) => {
        child.on('message', () => {
          acknowledged += 1;
          if (acknowledged === 5 + 3 * round) child.kill('SIGKILL');
        });
        child.on('exit', resolve);
      });
      const source = openMetricsLog({ directory }, { cacheDirectory: join(root, 'killed-cache') });
      const ids = new Set<string | undefined>();
      for await (const { id } of source.records({})) ids.add(id);
      for (let batch = 0; batch < acknowledged; batch += 1)
        for (let part = 0; part < size; part += 1) expect(ids.has(`k${round}-${batch}-${part}`)).toBe(true);
    }
  });

  it('after a torn line costs that line alone', async () => {
    const directory = join(root, 'torn');
    await appendBatches(planBatch([record('a')], now), { directory });
    const path = join(directory, '2026-01-01.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -20));
    await appendBatches(planBatch([record('b')], now), { directory, fsync: true });
    const { coverage } = await openMetricsLog({ directory }, { cacheDirectory: null }).summarize({});
    expect(coverage).toMatchObject({ records: 1, skipped: 1, problems: [{ line: 2, reason: 'not JSON' }] });
  });

  it('puts each record into the segment of its day, and of its writer', async () => {
    const directory = join(root, 'days');
    const next = { ...record('c'), ts: '2026-01-02T00:00:00.000Z' };
    await appendBatches(planBatch([record('a'), next], now), { directory, writer: 'ci-1' });
    expect(readdirSync(directory)).toEqual(['2026-01-01.ci-1.jsonl', '2026-01-02.ci-1.jsonl']);
  });

  it.each(['../x', 'a.b', '', 'x'.repeat(65)])('refuses the writer "%s"', async (name) => {
    const appending = appendBatches(planBatch([record('a')], now), {
      directory: join(root, 'refused'),
      writer: name,
    });
    await expect(appending).rejects.toThrow(expect.objectContaining({ code: 'METRICS_WRITER_INVALID' }));
  });
});
