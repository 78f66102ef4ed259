import { describe, expect, it } from 'vitest';
import { type BenchRequest, type BenchResult, bench } from '../../../src/operations/bench.ts';
import { openWorkspace } from '../../../src/operations/workspace.ts';
import { codeOf } from '../../helpers/in-workspace.ts';
import { createTempRepo } from '../../helpers/temp-repo.ts';

const benchOf = async (text: string, request: Partial<BenchRequest> = {}): Promise<BenchResult> => {
  const repo = createTempRepo({ files: { 'prompts/hello.yaml': text } });
  const workspace = await openWorkspace({ cwd: repo.dir, env: repo.env });
  try {
    return await bench(workspace, { ref: 'hello', iterations: 20, ...request });
  } finally {
    await workspace.close();
    repo.remove();
  }
};

const two = `content: Hello {{name}}
variables: [{name: name}]
tests:
  - {name: one, variables: {name: Ada}}
  - {name: two, variables: {name: Bob}}
`;

describe('bench', () => {
  it('measures time, processor and memory of every case, and tells how they are spread', async () => {
    const result = await benchOf(two);
    expect(result).toMatchObject({ prompt: 'hello', version: null, cases: 2, iterations: 20, passed: true });
    for (const { min, mean, p50, p95, p99, max } of [result.timeMs, result.cpuMs, result.heapMb]) {
      expect([min, p50, p95, p99, max].toSorted((a, b) => a - b)).toEqual([min, p50, p95, p99, max]);
      expect(mean).toBeGreaterThanOrEqual(min);
      expect(mean).toBeLessThanOrEqual(max);
    }
    expect(result.timeMs.min).toBeGreaterThan(0);
    expect(result.heapMb.min).toBeGreaterThan(0);
    expect(result.rssMaxMb).toBeGreaterThan(result.heapMb.max);
  });

  it('tells each threshold that is not kept, with the figure', async () => {
    const result = await benchOf(two, {
      thresholds: [
        { figure: 'p95', max: 0 },
        { figure: 'max', max: 600_000 },
        { figure: 'memory', max: 0.001 },
      ],
    });
    expect(result).toMatchObject({
      passed: false,
      exceeded: [
        { figure: 'p95', max: 0, value: result.timeMs.p95 },
        { figure: 'memory', max: 0.001, value: result.heapMb.max },
      ],
    });
  });

  it('wants tests, and names every case that cannot be rendered', async () => {
    expect(await codeOf(benchOf('content: Hi.\n'))).toBe('NO_TESTS');
    const text = two.replace('name: Ada', 'nam: Ada');
    await expect(benchOf(text)).rejects.toMatchObject({
      code: 'TESTS_INVALID',
      hint: expect.stringMatching(/prompts\/hello\.yaml:4:\d+ \(one: .*"name" is missing/),
    });
  });

  it('is not held up by a pathological pattern of a variable', async () => {
    const evil = `content: Hello {{name}}\nvariables: [{name: name, pattern: "^(a+)+$"}]\ntests:\n  - {name: one, variables: {name: ${'a'.repeat(60)}!}}\n`;
    await expect(benchOf(evil)).rejects.toMatchObject({ code: 'TESTS_INVALID' });
  });
});
