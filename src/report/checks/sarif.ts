import { type CheckProblem, type CheckReport, type Severity, worstFirst } from '../../core/checks/report.ts';
import { formatJsonText, shorten, toWellFormed } from './text.ts';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'note' };

/** SARIF 2.1.0 with one run; paths are relative to the workspace (`%SRCROOT%`). */
export const formatSarif = (report: CheckReport): string => {
  const problems = worstFirst(report);
  const summaries = new Map(report.rules.map(({ id, summary }) => [id, summary]));
  const ids = [...new Set([...summaries.keys(), ...problems.map(({ ruleId }) => ruleId)])];
  const indexes = new Map(ids.map((id, index) => [id, index]));
  return formatJsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: `promptv ${report.check}`,
            rules: ids.map((id) => ({ id, shortDescription: { text: summaries.get(id) ?? id } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: problems.map((problem) => toResult(problem, indexes.get(problem.ruleId) ?? -1)),
      },
    ],
  });
};

const toResult = (problem: CheckProblem, ruleIndex: number) => ({
  ruleId: problem.ruleId,
  ruleIndex,
  level: levels[problem.severity],
  message: { text: shorten(problem.message, 2000) },
  locations: problem.file === null ? [] : [toLocation(problem, problem.file)],
});

const toLocation = (problem: CheckProblem, file: string) => ({
  physicalLocation: {
    artifactLocation: { uri: toUri(file), uriBaseId: '%SRCROOT%' },
    ...(problem.line !== null && {
      region: {
        startLine: problem.line,
        ...(problem.column !== null && { startColumn: problem.column }),
        ...(problem.endLine !== null && { endLine: problem.endLine }),
        ...(problem.endColumn !== null && { endColumn: problem.endColumn }),
      },
    }),
  },
});

const toUri = (path: string): string => toWellFormed(path).split('/').map(encodeURIComponent).join('/');
