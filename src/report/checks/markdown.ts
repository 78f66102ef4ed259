import { type CheckProblem, type CheckReport, worstFirst } from '../../core/checks/report.ts';
import { escapeMarkdown } from '../markdown.ts';
import { formatCount } from '../text.ts';
import { formatPlace, formatProblemCounts } from './text.ts';

/** A step summary of GitHub may have 1 MiB; other steps' texts are not counted with it. */
const maxBytes = 1_000_000;

/** A heading, a sentence and a table of the problems, the worst first; cut, and says so, to stay under `limit` bytes. */
export const formatMarkdown = (report: CheckReport, limit = maxBytes): string => {
  const { totals, check } = report;
  const problems = worstFirst(report);
  const bad = totals.failed + totals.errored;
  const head = [
    `## promptv ${check}: ${bad === 0 ? 'passed' : 'failed'}`,
    '',
    `${formatCount(totals.cases, 'case')}: ${totals.passed} passed, ${bad} failed, ${totals.skipped} skipped. ` +
      `${formatProblemCounts(totals) || 'No problems'}.`,
    '',
  ];
  if (problems.length === 0) return head.join('\n');
  const table = ['| | where | rule | problem |', '| --- | --- | --- | --- |'];
  let bytes = Buffer.byteLength([...head, ...table].join('\n')) + 200;
  const rows: string[] = [];
  for (const row of problems.map(formatRow)) {
    bytes += Buffer.byteLength(row) + 1;
    if (bytes > limit) break;
    rows.push(row);
  }
  const hidden = problems.length - rows.length;
  const rest = hidden > 0 ? ['', `${formatCount(hidden, 'more problem')} not shown.`] : [];
  return [...head, ...table, ...rows, ...rest, ''].join('\n');
};

const formatRow = (problem: CheckProblem): string =>
  `| ${problem.severity} | ${escapeMarkdown(formatPlace(problem))} | ${escapeMarkdown(problem.ruleId)} | ${escapeMarkdown(problem.message)} |`;
