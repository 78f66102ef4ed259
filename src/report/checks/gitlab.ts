import { createHash } from 'node:crypto';
import { type CheckReport, type Severity, worstFirst } from '../../core/checks/report.ts';
import { formatJsonText, shorten } from './text.ts';

const severities: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', note: 'info' };

/** GitLab's code-quality report: a JSON list of issues, each with a fingerprint that a change of lines does not alter. */
export const formatGitlab = (report: CheckReport): string => {
  const seen = new Map<string, number>();
  const issues = worstFirst(report).map(({ ruleId, severity, message, file, line }) => {
    const identity = JSON.stringify([ruleId, file, message]);
    const repetition = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, repetition);
    return {
      description: shorten(message),
      check_name: ruleId,
      fingerprint: createHash('sha256').update(`${identity} ${repetition}`).digest('hex'),
      severity: severities[severity],
      location: { path: file ?? '.', lines: { begin: line ?? 1 } },
    };
  });
  return formatJsonText(issues);
};
