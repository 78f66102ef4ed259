import type { DoctorResult, Finding } from '../operations/doctor.ts';
import type { Display } from './display.ts';
import { createPaint, type Paint } from './paint.ts';
import { formatTable } from './table.ts';
import { formatCount, indent, joinLines, sanitize, sanitizeLine } from './text.ts';

/** Every finding with what mends it, the worst first; then how many are left and what to type. */
export const formatDoctor = (result: DoctorResult, display: Display): string => {
  if (result.findings.length === 0) return 'Everything is in order.';
  const findings = severities.flatMap((severity) =>
    result.findings.filter((finding) => finding.severity === severity),
  );
  if (display.columns === null) {
    const rows = findings.map(({ severity, id, message, fix, fixed }) => [
      ...[severity, id, message, fix ?? '', fixed ? 'fixed' : ''],
    ]);
    return formatTable([], rows, display);
  }
  const paint = createPaint(display);
  return joinLines(
    [...findings.map((finding) => formatFinding(finding, paint)), formatSummary(result, paint)],
    '\n\n',
  );
};

const severities = ['error', 'warning', 'info'] as const;

const formatFinding = (finding: Finding, paint: Paint): string => {
  const symbols = { error: paint.bad('✖'), warning: paint.warn('!'), info: paint.info('i') };
  const symbol = finding.fixed ? paint.good('✔') : symbols[finding.severity];
  const fix = finding.fix === null ? null : `fix: ${paint.command(sanitize(finding.fix))}`;
  return joinLines([
    `${symbol} ${paint.strong(sanitizeLine(finding.id))}`,
    indent(sanitize(finding.message), 2),
    finding.fixed ? `  ${paint.good('fixed')}` : fix === null ? null : indent(fix, 2),
  ]);
};

const formatSummary = (result: DoctorResult, paint: Paint): string => {
  const open = result.findings.filter((finding) => !finding.fixed);
  if (open.length === 0) return 'Everything found is fixed.';
  const counts = [
    ['error', formatCount(open.filter((finding) => finding.severity === 'error').length, 'error')],
    ['warning', formatCount(open.filter((finding) => finding.severity === 'warning').length, 'warning')],
    ['info', formatCount(open.filter((finding) => finding.severity === 'info').length, 'note')],
  ].flatMap(([severity, count]) => (open.some((finding) => finding.severity === severity) ? [count] : []));
  const next = open.some((finding) => finding.fixable)
    ? `Mend what needs no decision: ${paint.command('promptv doctor --fix')}`
    : 'They need a decision of yours: what helps stands below each.';
  return `${counts.join(', ')}. ${next}`;
};
