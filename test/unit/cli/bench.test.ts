import { describe, expect, it } from 'vitest';
import { benchCommand } from '../../../src/cli/commands/bench.ts';
import { describeMeasurements } from '../../../src/core/testing/benchmark.ts';
import type { BenchRequest, BenchResult } from '../../../src/operations/bench.ts';
import { createFakeRun, createTestContext, createTestIo, parse } from './testing.ts';

const even = { mean: 2, min: 1, p50: 2, p95: 3, p99: 3, max: 3 };
const result: BenchResult = {
  prompt: 'hello',
  version: null,
  contentHash: 'sha256:00',
  cases: 1,
  iterations: 3,
  timeMs: even,
  cpuMs: even,
  heapMb: even,
  rssMaxMb: 60,
  thresholds: [{ figure: 'p95', max: 2 }],
  exceeded: [{ figure: 'p95', max: 2, value: 3 }],
  passed: false,
};

const runBench = async (...args: string[]) => {
  const io = createTestIo();
  const context = createTestContext(io);
  const fake = createFakeRun<BenchRequest, BenchResult>(result);
  await parse(benchCommand(context, fake.run), ['hello', ...args]);
  return { io, exitCode: context.exitCode, requests: fake.requests };
};

describe('promptv bench', () => {
  it('ends with 3 and names the threshold that is not kept', async () => {
    const { io, exitCode, requests } = await runBench('--max', 'p95=2', '--max', 'memory=64');
    expect(requests).toMatchObject([
      {
        ref: 'hello',
        thresholds: [
          { figure: 'p95', max: 2 },
          { figure: 'memory', max: 64 },
        ],
      },
    ]);
    expect(exitCode).toBe(3);
    expect(io.out()).toContain('exceeded\tp95\t3\t2\n');
  });

  it.each(['p95', 'p95=', 'p95=x', 'p95=-1', 'p95=1=2', 'speed=1'])('refuses --max %s', async (value) => {
    await expect(runBench('--max', value)).rejects.toThrow('Write FIGURE=NUMBER');
  });
});

describe('measurements', () => {
  it('are summed up by mean and quantiles of type 7', () => {
    const values = Array.from({ length: 101 }, (_, index) => 100 - index);
    expect(describeMeasurements(values)).toEqual({ mean: 50, min: 0, p50: 50, p95: 95, p99: 99, max: 100 });
    expect(describeMeasurements([])).toBeNull();
  });
});
