import { type CheckProblem, type CheckReport, type Severity, worstFirst } from '../../core/checks/report.ts';
import { defuseCommands, formatCount } from '../text.ts';
import { formatProblemCounts, shorten } from './text.ts';

/** GitHub shows so many annotations of a kind of one step and drops the others silently. */
const maxOfAKind = 10;

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** Workflow commands that GitHub Actions turns into annotations, the worst first, at most 10 of a kind, and a last line that counts. */
export const formatGithub = (report: CheckReport): string => {
  const seen = new Map<Severity, number>();
  const lines = worstFirst(report).flatMap((problem) => {
    const count = (seen.get(problem.severity) ?? 0) + 1;
    seen.set(problem.severity, count);
    return count > maxOfAKind ? [] : [formatAnnotation(problem)];
  });
  const { totals } = report;
  const hidden = totals.errors + totals.warnings + totals.notes - lines.length;
  const counts = formatProblemCounts(totals) || 'no problems';
  const rest = hidden > 0 ? `; ${hidden} not annotated, the log of another reporter has all` : '';
  return `${[...lines, `${report.check}: ${counts} in ${formatCount(totals.cases, 'case')}${rest}`].join('\n')}\n`;
};

const formatAnnotation = (problem: CheckProblem): string => {
  const properties = [
    ['file', problem.file],
    ['line', problem.line],
    ['endLine', problem.endLine],
    ['col', problem.column],
    // GitHub takes an end column only on one line.
    ['endColumn', problem.endLine === null || problem.endLine === problem.line ? problem.endColumn : null],
    ['title', `promptv ${problem.ruleId}`],
  ].flatMap(([key, value]) => (value === null ? [] : [`${key}=${escapeProperty(String(value))}`]));
  return `::${commands[problem.severity]} ${properties.join(',')}::${escapeMessage(shorten(problem.message))}`;
};

const escapeMessage = (text: string): string =>
  defuseCommands(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));

const escapeProperty = (text: string): string =>
  escapeMessage(shorten(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
