import type { CheckCase, CheckProblem, CheckReport, CheckSuite } from '../../core/checks/report.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { formatTable } from '../table.ts';
import { defuseCommands, formatCount, joinLines } from '../text.ts';
import { measureWidth, wrapText } from '../width.ts';
import { formatPlace, formatProblemCounts, messageOf, shorten } from './text.ts';

/** Problems by file and a last line that counts; of tests also every case. In a pipe one row a problem. */
export const formatPretty = (report: CheckReport, display: Display): string => {
  if (display.columns === null) return defuseCommands(formatRows(report, display));
  const paint = createPaint(display);
  const shown = report.suites.filter(
    ({ cases }) => report.check === 'test' || cases.some(({ problems }) => problems.length > 0),
  );
  const blocks = shown.map((suite) => formatSuite(suite, { check: report.check, display, paint }));
  return defuseCommands(joinLines([...blocks, formatCheckSummary(report, display)], '\n\n'));
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
  if (drawing.check === 'lint') return joinLines([title, formatProblems(suite.cases, drawing)]);
  const file = suite.file === null ? '' : `  ${drawing.paint.dim(shorten(suite.file))}`;
  return joinLines([`${title}${file}`, ...suite.cases.map((one) => formatCase(one, drawing))]);
};

const marks = { passed: '✓', failed: '✗', errored: '✗', skipped: '-' } as const;

const formatCase = (one: CheckCase, drawing: Drawing): string => {
  const { paint } = drawing;
  const paints = { passed: paint.good, failed: paint.bad, errored: paint.bad, skipped: paint.dim };
  const time = one.durationMs === null ? '' : paint.dim(` ${Math.round(one.durationMs)} ms`);
  const line = `  ${paints[one.outcome](marks[one.outcome])} ${shorten(one.name)}${time}`;
  return joinLines([line, one.problems.length === 0 ? null : formatProblems([one], drawing)]);
};

const indent = 4;

/** A message that is wider than the terminal goes on in the next line: its end says what to do. */
const formatProblems = (cases: readonly CheckCase[], { display, paint }: Drawing): string => {
  const paints = { error: paint.bad, warning: paint.warn, note: paint.info };
  const problems = cases.flatMap((one) =>
    one.problems.map((problem) => ({ ...problem, message: shorten(messageOf(problem, one)) })),
  );
  const columns = messageColumns(problems, display);
  const rows = problems.flatMap((problem) => {
    const [first = '', ...others] = wrapText(problem.message, columns).split('\n');
    return [
      [
        { text: lineAndColumn(problem), paint: paint.dim },
        { text: problem.severity, paint: paints[problem.severity] },
        first,
        { text: problem.ruleId, paint: paint.dim },
      ],
      ...others.map((line) => ['', '', line, '']),
    ];
  });
  const titles = [
    { title: 'place' },
    { title: 'severity' },
    { title: 'problem', shrinksTo: 24 },
    { title: 'rule' },
  ];
  return formatTable(titles, rows, display, { header: false, indent });
};

const lineAndColumn = ({ line, column }: CheckProblem): string =>
  [line, column].filter((part) => part !== null).join(':');

/** What the other columns and the gaps between them leave of the terminal. */
const messageColumns = (problems: readonly CheckProblem[], { columns }: Display): number => {
  const widest = (textOf: (problem: CheckProblem) => string): number =>
    problems.reduce((most, problem) => Math.max(most, measureWidth(textOf(problem)) + 2), 0);
  const taken = widest(lineAndColumn) + widest(({ severity }) => severity) + widest(({ ruleId }) => ruleId);
  return Math.max(24, (columns ?? 80) - indent - taken);
};

/** The last line of a report: how many were checked, and what was found. */
export const formatCheckSummary = ({ check, totals, suites }: CheckReport, display: Display): string => {
  const paint = createPaint(display);
  const bad = totals.failed + totals.errored;
  const counts = formatProblemCounts(totals);
  if (check === 'lint') {
    const checked = `${formatCount(suites.length, 'prompt')} checked`;
    if (counts === '') return paint.good(`No problems; ${checked}.`);
    return (bad > 0 ? paint.bad : paint.warn)(`${counts}; ${checked}.`);
  }
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  return (bad > 0 ? paint.bad : paint.good)(`${totals.passed} passed, ${bad} failed${skipped}`);
};
