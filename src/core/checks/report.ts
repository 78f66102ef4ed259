/** How bad a problem is, worst first: an error fails the check, a warning should be looked at, a note only informs. */
const severities = ['error', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

/** One thing that a check found. Lines and columns count from 1; what has no place has null. */
export interface CheckProblem {
  /** A stable word, such as `undeclared-variable`. */
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  /** Relative to the workspace, with `/`. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

/** `errored` could not be run to its end; `failed` ran and was not as it should be. */
export type CaseOutcome = 'passed' | 'failed' | 'errored' | 'skipped';

/** One thing that was checked: a prompt for `lint`, a test case for `test`. */
export interface CheckCase {
  readonly name: string;
  readonly outcome: CaseOutcome;
  /** Null where it was not measured. */
  readonly durationMs: number | null;
  readonly problems: readonly CheckProblem[];
}

/** The cases of one file. */
export interface CheckSuite {
  readonly name: string;
  readonly file: string | null;
  readonly cases: readonly CheckCase[];
}

/** A rule that was in force, for formats that list them. */
export interface CheckRule {
  readonly id: string;
  readonly summary: string;
}

/** How many there are of what. */
export interface CheckTotals {
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
}

/** What a check found, in the shape that every reporter reads. */
export interface CheckReport {
  readonly check: 'lint' | 'test';
  /** The workspace's path below git's top folder, with a slash at its end; empty at the top. */
  readonly prefix: string;
  readonly suites: readonly CheckSuite[];
  readonly rules: readonly CheckRule[];
  readonly durationMs: number;
  readonly totals: CheckTotals;
}

/** A report with its totals counted, by default of a workspace at git's top. */
export const createCheckReport = (
  report: Omit<CheckReport, 'totals' | 'prefix'> & { readonly prefix?: string },
): CheckReport => ({
  prefix: '',
  ...report,
  totals: countTotals(report.suites),
});

const countTotals = (suites: readonly CheckSuite[]): CheckTotals => {
  const cases = suites.flatMap((suite) => suite.cases);
  const problems = cases.flatMap((one) => one.problems);
  const countCases = (outcome: CaseOutcome): number => cases.filter((one) => one.outcome === outcome).length;
  const countProblems = (severity: Severity): number =>
    problems.filter((one) => one.severity === severity).length;
  return {
    cases: cases.length,
    passed: countCases('passed'),
    failed: countCases('failed'),
    errored: countCases('errored'),
    skipped: countCases('skipped'),
    errors: countProblems('error'),
    warnings: countProblems('warning'),
    notes: countProblems('note'),
  };
};

/** Every problem of a report, the worst first and otherwise in the report's order. */
export const worstFirst = (report: CheckReport): CheckProblem[] => {
  const problems = report.suites.flatMap(({ cases }) => cases.flatMap((one) => one.problems));
  return severities.flatMap((severity) => problems.filter((problem) => problem.severity === severity));
};

/** The report with every file as git's top folder sees it, which is how hosts of repositories name files. */
export const fromTopLevel = (report: CheckReport): CheckReport => {
  const below = (file: string | null): string | null => (file === null ? null : `${report.prefix}${file}`);
  const moveCase = (one: CheckCase): CheckCase => ({
    ...one,
    problems: one.problems.map((problem) => ({ ...problem, file: below(problem.file) })),
  });
  const suites = report.suites.map((suite) => ({
    ...suite,
    file: below(suite.file),
    cases: suite.cases.map(moveCase),
  }));
  return { ...report, prefix: '', suites };
};
