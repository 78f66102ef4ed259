import { Option } from 'commander';
import { type CheckProblem, type CheckReport, createCheckReport } from '../core/checks/report.ts';
import { isPromptvError, type PromptvError } from '../errors.ts';
import type { LintResult } from '../operations/lint.ts';
import { type ReporterChoice, reporterNames } from '../report/checks/reporter-names.ts';
import { formatCount } from '../report/text.ts';
import { type Context, displayOf } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { printJson, printText } from './output.ts';
import { reports } from './reports.ts';

/** What a check answers beside its report. */
interface CheckResult extends CheckReport {
  readonly passed: boolean;
}

/** `--reporter`, as every check takes it. */
export const reporterOption = (): Option =>
  new Option('--reporter <name>', 'for a person, a program, a CI host')
    .choices(reporterNames)
    .default('pretty');

/**
 * Runs a check. Where JUnit was asked for and the check could not be run, the report says that: hosts pass over an
 * empty file, and a check that was never made would look like one without problems.
 */
export const performCheck = async <Result>(
  context: Context,
  { check, reporter }: { readonly check: CheckReport['check']; readonly reporter: ReporterChoice },
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    if (reporter === 'junit' && !context.json && isPromptvError(error)) {
      const format = await reports.checkReport();
      printText(context, format(reportOfFailure(check, error), displayOf(context), reporter));
    }
    throw error;
  }
};

const reportOfFailure = (check: CheckReport['check'], { code, message, hint }: PromptvError): CheckReport => {
  const nowhere = { file: null, line: null, column: null, endLine: null, endColumn: null };
  const problem: CheckProblem = {
    ...{ ruleId: code, severity: 'error', message: `${message} ${hint}` },
    ...nowhere,
  };
  const name = `${check} could not be run`;
  const cases = [{ name, outcome: 'errored' as const, durationMs: null, problems: [problem] }];
  return createCheckReport({
    ...{ check, rules: [], durationMs: 0 },
    suites: [{ name: 'promptv', file: null, cases }],
  });
};

/**
 * Prints a check's result by the reporter that was asked for, sets exit code 3 unless it passed, and for GitHub adds the
 * summary of the step where the runner wants one.
 */
export const printCheck = async <Result extends CheckResult>(
  context: Context,
  result: Result,
  reporter: ReporterChoice,
): Promise<void> => {
  if (!result.passed) context.exitCode = exitCodes.refused;
  if (context.json || reporter === 'json') {
    printJson(context, result);
    return;
  }
  if (context.quiet && reporter === 'pretty' && result.passed) return;
  const format = await reports.checkReport();
  printText(context, format(result, displayOf(context), reporter));
  if (reporter === 'pretty') await writeSummaryBesideRows(context, result);
  if (reporter === 'github') await writeStepSummary(context, result);
};

/** Tells the person who waits what lint could mend by itself. */
export const adviseFix = (context: Context, { fixable }: LintResult): void => {
  if (context.quiet || context.json || fixable.length === 0) return;
  const where = formatCount(fixable.length, 'file');
  context.stderr.write(`Mend what needs no decision in ${where}: promptv lint --fix\n`);
};

/** A pipe gets rows of problems alone, which may be none: the person who waits is told how it ended. */
const writeSummaryBesideRows = async (context: Context, report: CheckReport): Promise<void> => {
  if (context.quiet || displayOf(context).columns !== null) return;
  const format = await reports.checkSummary();
  context.stderr.write(`${format(report, displayOf(context))}\n`);
};

const writeStepSummary = async (context: Context, report: CheckReport): Promise<void> => {
  const path = context.env.GITHUB_STEP_SUMMARY;
  if (!path) return;
  const [{ appendStepSummary }, { formatMarkdown }, { fromTopLevel }] = await Promise.all([
    import('../store/step-summary.ts'),
    import('../report/checks/markdown.ts'),
    import('../core/checks/report.ts'),
  ]);
  const shown = fromTopLevel(report);
  appendStepSummary(path, (bytes) => formatMarkdown(shown, bytes));
};
