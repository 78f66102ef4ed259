import type { OperationOptions } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { type CaseRun, type PlannedCase, runCase } from './run-case.ts';

export interface RunOptions extends OperationOptions {
  readonly parallel: number;
  readonly timeoutMs: number;
  /** Start nothing more after the first test that fails. */
  readonly bail: boolean;
}

const notStarted: CaseRun = {
  outcome: 'skipped',
  durationMs: 0,
  problems: [],
  model: null,
  latencyMs: null,
  inputTokens: null,
  outputTokens: null,
  costUsd: null,
  similarity: null,
  output: null,
  error: null,
};

/** Runs cases, so many at a time; the results stand in the order of the cases. */
export const runAll = async (
  workspace: Workspace,
  cases: readonly PlannedCase[],
  { parallel, timeoutMs, bail, onProgress }: RunOptions,
): Promise<CaseRun[]> => {
  const runs: CaseRun[] = cases.map(() => notStarted);
  const queue = cases.entries();
  let done = 0;
  let isOver = false;
  const work = async (): Promise<void> => {
    for (const [index, planned] of queue) {
      if (isOver) return;
      const run = await runCase(workspace, planned, timeoutMs);
      runs[index] = run;
      done += 1;
      onProgress?.({ stage: 'testing', done, total: cases.length });
      isOver ||= bail && (run.outcome === 'failed' || run.outcome === 'errored');
    }
  };
  const workers = Array.from({ length: Math.min(parallel, cases.length) }, work);
  const results = await Promise.allSettled(workers);
  const broken = results.find((result) => result.status === 'rejected');
  if (broken) throw broken.reason;
  return runs;
};
