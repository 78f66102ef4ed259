import type { CheckCase, CheckProblem, CheckReport, CheckSuite } from '../../core/checks/report.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { formatTable } from '../table.ts';
import { formatCount, joinLines } from '../text.ts';
import { defuseCommands, formatPlace, formatProblemCounts, shorten } from './text.ts';

/** Problems by file and a last line that counts; of tests also every case. In a pipe one row a problem. */
export const formatPretty = (report: CheckReport, display: Display): string => {
  if (display.columns === null) return defuseCommands(formatRows(report, display));
  const paint = createPaint(display);
  const shown = report.suites.filter(
    ({ cases }) => report.check === 'test' || cases.some(({ problems }) => problems.length > 0),
  );
  const blocks = shown.map((suite) => formatSuite(suite, { check: report.check, display, paint }));
  return defuseCommands(joinLines([...blocks, formatSummary(report, paint)], '\n\n'));
};

const formatRows = (report: CheckReport, display: Display): string => {
  const problems = report.suites.flatMap((suite) => suite.cases.flatMap((one) => one.problems));
  const rows = problems.map((problem) => [
    ...[formatPlace(problem), problem.severity, problem.ruleId, shorten(problem.message)],
  ]);
  return formatTable([], rows, display);
};

interface Drawing {
  readonly check: CheckReport['check'];
  readonly display: Display;
  readonly paint: Paint;
}

const formatSuite = (suite: CheckSuite, drawing: Drawing): string => {
  // One file may be tested several times, against several models.
  const shown = drawing.check === 'test' ? suite.name : (suite.file ?? suite.name);
  const title = drawing.paint.strong(shorten(shown));
  if (drawing.check === 'test')
    return joinLines([title, ...suite.cases.map((one) => formatCase(one, drawing))]);
  return joinLines([
    title,
    formatProblems(
      suite.cases.flatMap(({ problems }) => problems),
      drawing,
    ),
  ]);
};

const marks = { passed: '✓', failed: '✗', errored: '✗', skipped: '-' } as const;

const formatCase = (one: CheckCase, drawing: Drawing): string => {
  const { paint } = drawing;
  const paints = { passed: paint.good, failed: paint.bad, errored: paint.bad, skipped: paint.dim };
  const time = one.durationMs === null ? '' : paint.dim(` ${Math.round(one.durationMs)} ms`);
  const line = `  ${paints[one.outcome](marks[one.outcome])} ${shorten(one.name)}${time}`;
  return joinLines([line, one.problems.length === 0 ? null : formatProblems(one.problems, drawing)]);
};

const formatProblems = (problems: readonly CheckProblem[], { display, paint }: Drawing): string => {
  const paints = { error: paint.bad, warning: paint.warn, note: paint.info };
  const rows = problems.map((problem) => [
    { text: [problem.line, problem.column].filter((part) => part !== null).join(':'), paint: paint.dim },
    { text: problem.severity, paint: paints[problem.severity] },
    shorten(problem.message),
    { text: problem.ruleId, paint: paint.dim },
  ]);
  const columns = [
    { title: 'place' },
    { title: 'severity' },
    { title: 'problem', shrinksTo: 24 },
    { title: 'rule' },
  ];
  return formatTable(columns, rows, display, { header: false, indent: 4 });
};

const formatSummary = ({ check, totals, suites }: CheckReport, paint: Paint): string => {
  const bad = totals.failed + totals.errored;
  const counts = formatProblemCounts(totals);
  if (check === 'lint') {
    const checked = `${formatCount(suites.length, 'file')} checked`;
    if (counts === '') return paint.good(`No problems; ${checked}.`);
    return (bad > 0 ? paint.bad : paint.warn)(`${counts}; ${checked}.`);
  }
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  return (bad > 0 ? paint.bad : paint.good)(`${totals.passed} passed, ${bad} failed${skipped}`);
};
