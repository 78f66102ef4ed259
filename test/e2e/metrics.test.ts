import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveIn } from '../helpers/in-workspace.ts';
import { metricLine, writeSegment } from '../helpers/metrics-lines.ts';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';
import { textPrompt } from '../helpers/work-in.ts';

describe('the metrics log on the command line', () => {
  let repo: TempRepo;
  beforeAll(async () => {
    repo = createTempRepo();
    repo.write('prompts/a.yaml', textPrompt('one'));
    await saveIn(repo);
  });
  afterAll(() => repo.remove());

  it('ends at once where the file is missing while a deep state is still being read', async () => {
    const deep = createTempRepo();
    deep.write(`.promptv/annotations/${'a/'.repeat(60)}x.json`, '{}');
    deep.git('add', '--force', '.promptv');
    deep.git('commit', '--quiet', '-m', 'State');
    const run = await deep.promptv(['metrics', 'summary', '--by', 'version', '--metrics', 'none', '--json']);
    expect([run.exitCode, run.error().code]).toEqual([2, 'FILE_NOT_FOUND']);
    deep.remove();
  }, 20_000);

  it('stores nothing of what it refuses, and says why with a code', async () => {
    const wrong = await repo.promptv(['metrics', 'record', 'a', '--metric', 'x=NaN', '--json']);
    expect([wrong.exitCode, wrong.stdout]).toEqual([2, '']);
    expect(wrong.error()).toMatchObject({ code: 'METRICS_RECORD_INVALID', details: { number: 1 } });
    expect(existsSync(join(repo.dir, '.promptv/metrics'))).toBe(false);
  });

  it('records, summarises, exports and imports again', async () => {
    const input = [
      '{"metrics":{"latency_ms":100},"status":"success"}',
      '{"metrics":{"latency_ms":300},"error":"timeout"}',
      '{"metrics":{"latency_ms":200}}',
    ].join('\n');
    const recorded = await repo.promptv(['metrics', 'record', 'a', '--stdin', '--json'], { input });
    expect(recorded.json()).toMatchObject({ ok: true, recorded: 3, dryRun: false });
    const summary = await repo.promptv(['metrics', 'summary', '--by', 'version', '--json']);
    expect(summary.json()).toMatchObject({
      groups: [
        {
          key: { prompt: 'a', version: '1.0.0' },
          count: 3,
          withoutStatus: 1,
          errorRate: 0.5,
          metrics: { latency_ms: { mean: 200, p50: 200 } },
        },
      ],
    });
    const exported = await repo.promptv(['metrics', 'export', '--format', 'csv']);
    const again = await repo.promptv(['metrics', 'import', '-', '--format', 'csv', '--json'], {
      input: exported.stdout,
    });
    expect(again.json()).toMatchObject({ read: 3, imported: 0, duplicates: 3, refusedCount: 0 });
    const piped = await repo.promptv(['metrics', 'summary', '--metrics', '-', '--by', 'status', '--json'], {
      input: (await repo.promptv(['metrics', 'export'])).stdout,
    });
    expect(piped.json()).toMatchObject({
      groups: ['error', 'success', null].map((status) => ({ key: { status } })),
    });
  });

  it('names broken lines once on stderr; with --strict it ends with 3', async () => {
    const broken = createTempRepo();
    try {
      writeSegment(broken, '2026-03-01.jsonl', [metricLine({ ts: '2026-03-01T00:00:00Z' }), 'x']);
      const run = await broken.promptv(['metrics', 'summary', '--json']);
      expect([run.exitCode, run.stderr.match(/2026-03-01\.jsonl line 3/g)]).toEqual([0, expect.any(Array)]);
      expect(run.stderr.match(/2026-03-01\.jsonl/g)).toHaveLength(1);
      const strict = await broken.promptv(['metrics', 'summary', '--json', '--strict']);
      expect([strict.exitCode, strict.json().ok]).toEqual([3, true]);
      const prune = await broken.promptv(['metrics', 'prune', '--older-than', '1d', '--json']);
      expect([prune.exitCode, prune.json().removed]).toEqual([3, false]);
    } finally {
      broken.remove();
    }
  });

  it('follows the log until its reader has gone', async () => {
    const program = join(projectRoot, 'bin/promptv.js');
    const child = spawn(process.execPath, [program, 'metrics', 'tail', '-f', '-n', '1', '--json'], {
      cwd: repo.dir,
      env: repo.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const [first] = await new Promise<readonly string[]>((resolve) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString().split('\n')));
    });
    expect(JSON.parse(first ?? '')).toMatchObject({ prompt: 'a', version: '1.0.0' });
    child.stdout.destroy();
    // The pipe is seen to be closed at the next write.
    await repo.promptv(['metrics', 'record', 'a', '--metric', 'x=1']);
    expect(await ended).toBe(0);
  });
});
