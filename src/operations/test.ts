import type { CheckCase, CheckReport, CheckSuite } from '../core/checks/report.ts';
import { createCheckReport } from '../core/checks/report.ts';
import { parseDurationMs } from '../core/config/duration.ts';
import { testRules } from '../core/testing/rules.ts';
import { promptvError } from '../errors.ts';
import { type Comparison, compareRuns, planOtherSide } from './testing/compare-sides.ts';
import { findTestedPrompts, type TestedPrompt } from './testing/find-prompts.ts';
import { createProviderOpener } from './testing/providers.ts';
import { type FinishedCase, recordResults } from './testing/record-results.ts';
import { runAll } from './testing/run-all.ts';
import type { CaseRun, PlannedCase } from './testing/run-case.ts';
import { summarizeTarget, type TargetSummary } from './testing/summarize-target.ts';
import { resolveTargets, type TargetRequest, type TestTarget } from './testing/targets.ts';
import type { OperationOptions, Warning } from './types.ts';
import { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface TestRequest extends OperationOptions, TargetRequest {
  /** References, by default to the files on disk; none: every prompt that has tests. */
  readonly refs?: readonly string[];
  readonly parallel?: number;
  readonly timeoutMs?: number;
  readonly bail?: boolean;
  /** A workspace without any test passes instead of being an error. */
  readonly passWithNoTests?: boolean;
  /** Accept the texts that snapshots are compared with. */
  readonly update?: boolean;
  /** A folder to keep the answers in, for a provider `replay`. */
  readonly record?: string;
  /** A selector of the same prompts, or a reference to the one that is tested. */
  readonly compare?: string;
  /** Run everything and write nothing. */
  readonly dryRun?: boolean;
}

/** One case with its figures. */
export interface TestedCase extends Omit<CaseRun, 'output'> {
  readonly prompt: string;
  readonly version: string | null;
  readonly contentHash: string;
  readonly case: string;
  readonly environment: string | null;
  readonly provider: string | null;
}

export interface TestResult extends CheckReport {
  readonly results: readonly TestedCase[];
  readonly targets: readonly TargetSummary[];
  readonly comparisons: readonly Comparison[];
  /** Records written to the metrics log. */
  readonly recorded: number;
  /** Snapshot files written. */
  readonly updated: readonly string[];
  readonly dryRun: boolean;
  /** False when a test failed or could not be run, or a comparison says worse. */
  readonly passed: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Runs the tests of prompts: renders, asks the provider there is, judges. Results go to the metrics log.
 * @throws NO_TESTS, TESTS_INVALID, TESTS_NOT_RUN, PROVIDER_NOT_FOUND, KEY_MISSING, SNAPSHOTS_INVALID, as `resolveRef`
 */
export const test = async (workspace: Workspace, request: TestRequest): Promise<TestResult> => {
  const start = performance.now();
  const versions = new Versions(workspace);
  const { dryRun = false, update = false } = request;
  const open = createProviderOpener(workspace, dryRun ? {} : request);
  const targets = await resolveTargets(workspace, request, open);
  const tested = await findTestedPrompts(workspace, versions, {
    refs: request.refs ?? [],
    passWithNoTests: request.passWithNoTests ?? false,
    update: update && !dryRun,
  });
  const planned = targets.flatMap((target) => tested.flatMap((each) => planCases(each, target)));
  const others = await planOtherSide(workspace, versions, planned, request.compare);
  const { test: settings } = workspace.config;
  const runs = await runAll(workspace, [...planned, ...others], {
    parallel: request.parallel ?? settings.parallel,
    timeoutMs: request.timeoutMs ?? parseDurationMs(settings.timeout),
    bail: request.bail ?? false,
    onProgress: request.onProgress,
  });
  const finished = [...planned, ...others].map(
    (each, index): FinishedCase => ({ planned: each, run: runAt(runs, index) }),
  );
  const own = finished.slice(0, planned.length);
  assertSomeRan(own);
  const books = dryRun ? [] : tested.map(({ snapshots }) => snapshots);
  const updated: string[] = [];
  for (const book of books) if (await book.save()) updated.push(book.path);
  const comparisons = compareRuns(workspace, own, finished.slice(planned.length));
  return {
    ...createCheckReport({
      check: 'test',
      prefix: workspace.prefix,
      suites: buildSuites(own, tested),
      rules: testRules,
      durationMs: performance.now() - start,
    }),
    passed: isPassed(own, comparisons),
    results: own.map(toTestedCase),
    targets: targets.map((target) => summarizeTarget(target, own)),
    comparisons,
    recorded: dryRun ? 0 : await recordResults(workspace, versions, finished),
    updated,
    dryRun,
    warnings: warn(own),
  };
};

const isPassed = (finished: readonly FinishedCase[], comparisons: readonly Comparison[]): boolean =>
  !finished.some(({ run }) => run.outcome === 'failed' || run.outcome === 'errored') &&
  !comparisons.some(({ metrics }) => metrics.some(({ verdict }) => verdict === 'worse'));

const runAt = (runs: readonly CaseRun[], index: number): CaseRun => {
  const run = runs[index];
  if (run === undefined) throw new RangeError(`No run ${index}`);
  return run;
};

const planCases = ({ prompt, cases, snapshots }: TestedPrompt, target: TestTarget): PlannedCase[] =>
  cases.map((testCase) => ({ prompt, testCase, target, snapshots }));

const toTestedCase = ({ planned, run }: FinishedCase): TestedCase => {
  const { output: _, ...figures } = run;
  const { prompt, testCase, target } = planned;
  return {
    prompt: prompt.name,
    version: prompt.version?.version ?? null,
    contentHash: prompt.contentHash,
    case: testCase.name,
    environment: target.environment,
    provider: target.provider?.name ?? null,
    ...figures,
  };
};

/** One suite for each prompt and target, in the order of the run. */
const buildSuites = (finished: readonly FinishedCase[], tested: readonly TestedPrompt[]): CheckSuite[] => {
  const suites = new Map<string, { readonly file: string; readonly cases: CheckCase[] }>();
  for (const { planned, run } of finished) {
    const { prompt, target, testCase } = planned;
    const name = target.label === '' ? prompt.name : `${prompt.name} (${target.label})`;
    const file = tested.find((each) => each.prompt === prompt)?.path ?? prompt.path;
    const suite = suites.get(name) ?? { file, cases: [] };
    const { outcome, durationMs, problems } = run;
    suite.cases.push({ name: testCase.name, outcome, durationMs, problems });
    suites.set(name, suite);
  }
  return [...suites].map(([name, suite]) => ({ name, ...suite }));
};

/** Where not one test came to its end there is no result to show. */
const assertSomeRan = (finished: readonly FinishedCase[]): void => {
  const errored = finished.filter(({ run }) => run.outcome === 'errored');
  const judged = finished.some(({ run }) => run.outcome === 'passed' || run.outcome === 'failed');
  const [first] = errored;
  if (first === undefined || judged) return;
  throw promptvError('TESTS_NOT_RUN', {
    first: first.run.problems[0]?.message ?? 'unknown',
    code: first.run.error,
  });
};

const warn = (finished: readonly FinishedCase[]): Warning[] => {
  const unasked = finished.filter(({ run }) => run.outcome === 'skipped' && run.problems.length > 0).length;
  if (unasked === 0) return [];
  const noun = unasked === 1 ? '1 test was' : `${unasked} tests were`;
  return [
    { code: 'TESTS_SKIPPED', message: `${noun} not run: they assert answers, and no provider was asked.` },
  ];
};
