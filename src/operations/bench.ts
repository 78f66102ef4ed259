import {
  type Distribution,
  describeMeasurements,
  type Exceeded,
  findExceeded,
  type Threshold,
} from '../core/testing/benchmark.ts';
import { isPromptvError, promptvError } from '../errors.ts';
import { type ResolvedPrompt, resolveRef } from './resolve-ref.ts';
import { filePathOf, type LocatedCase, readPromptCases, testsInvalid } from './testing/read-cases.ts';
import { renderCase } from './testing/run-case.ts';
import type { OperationOptions } from './types.ts';
import { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface BenchRequest extends OperationOptions {
  /** A reference, by default to the file on disk. */
  readonly ref: string;
  /** How often each case is rendered. */
  readonly iterations?: number;
  readonly thresholds?: readonly Threshold[];
}

export interface BenchResult {
  readonly prompt: string;
  readonly version: string | null;
  readonly contentHash: string;
  readonly cases: number;
  readonly iterations: number;
  /** Milliseconds of one rendering: template read, variables checked, text made. */
  readonly timeMs: Distribution;
  /** Milliseconds of processor time, user and system, of one rendering. */
  readonly cpuMs: Distribution;
  /** Megabytes on the heap after each rendering. */
  readonly heapMb: Distribution;
  /** Megabytes of the whole process at its largest. */
  readonly rssMaxMb: number;
  readonly thresholds: readonly Threshold[];
  readonly exceeded: readonly Exceeded[];
  readonly passed: boolean;
}

/**
 * Measures the rendering of a prompt over its test cases.
 * @throws NO_TESTS, TESTS_INVALID also where cases cannot be rendered, as `resolveRef`
 */
export const bench = async (workspace: Workspace, request: BenchRequest): Promise<BenchResult> => {
  const { ref, iterations = 100, thresholds = [], onProgress } = request;
  const prompt = await resolveRef(workspace, new Versions(workspace), { ref, otherwise: 'working' });
  const { cases } = await readPromptCases(workspace, prompt);
  if (cases.length === 0) throw promptvError('NO_TESTS', { names: ref, path: filePathOf(workspace, prompt) });
  assertRenderable(prompt, cases);
  const renderings = cases.map((testCase) => () => renderCase(prompt, testCase));
  // Until V8 has compiled the code, the first calls measure that.
  for (let i = 0; i < Math.ceil(iterations / 10); i++) for (const render of renderings) render();
  const samples: Sample[] = [];
  for (let i = 0; i < iterations; i++) {
    samples.push(...renderings.map(measure));
    onProgress?.({ stage: 'rendering', done: i + 1, total: iterations });
  }
  const timeMs = distributionOf(samples, 'timeMs');
  const cpuMs = distributionOf(samples, 'cpuMs');
  const heapMb = distributionOf(samples, 'heapMb');
  const { mean, p50, p95, p99, max } = timeMs;
  const exceeded = findExceeded(thresholds, {
    mean,
    p50,
    p95,
    p99,
    max,
    cpu: cpuMs.mean,
    memory: heapMb.max,
  });
  return {
    prompt: prompt.name,
    version: prompt.version?.version ?? null,
    contentHash: prompt.contentHash,
    cases: cases.length,
    iterations,
    timeMs,
    cpuMs,
    heapMb,
    // In kilobytes on every system.
    rssMaxMb: process.resourceUsage().maxRSS / 1024,
    thresholds,
    exceeded,
    passed: exceeded.length === 0,
  };
};

const assertRenderable = (prompt: ResolvedPrompt, cases: readonly LocatedCase[]): void => {
  const problems = cases.flatMap((testCase) => {
    try {
      renderCase(prompt, testCase);
      return [];
    } catch (error) {
      if (!isPromptvError(error)) throw error;
      const { name, file, path, locate } = testCase;
      return [{ message: `${name}: ${error.message}`, file, ...locate(path) }];
    }
  });
  if (problems.length > 0) throw testsInvalid(problems);
};

interface Sample {
  readonly timeMs: number;
  readonly cpuMs: number;
  readonly heapMb: number;
}

const measure = (render: () => unknown): Sample => {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  render();
  const timeMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { timeMs, cpuMs: (user + system) / 1000, heapMb: process.memoryUsage().heapUsed / 2 ** 20 };
};

const distributionOf = (samples: readonly Sample[], field: keyof Sample): Distribution => {
  const found = describeMeasurements(samples.map((sample) => sample[field]));
  if (found === null) throw new RangeError('Nothing was measured');
  return found;
};
