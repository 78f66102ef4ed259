import type { Decided } from '../operations/decide-state.ts';
import type { Followed } from '../operations/delivery/follow-up.ts';
import type { Rollback, RollbackResult } from '../operations/rollback.ts';
import type { RollbackHistoryResult } from '../operations/rollback-history.ts';
import { formatChanges } from './changes.ts';
import { formatMonitors } from './delivery/monitor.ts';
import { formatNotices } from './delivery/notices.ts';
import type { Display } from './display.ts';
import { formatGates, formatSatisfy } from './gates.ts';
import { createPaint } from './paint.ts';
import { formatCommit } from './promote.ts';
import { type Column, formatTable } from './table.ts';
import { joinLines, sanitizeLine } from './text.ts';
import { formatTime } from './time.ts';

/** What went back, what callers notice, and what they read now. */
export const formatRollback = (
  result: Decided<RollbackResult> & Partial<Followed>,
  display: Display,
): string => {
  const paint = createPaint(display);
  if (result.rollbacks.length === 0) return 'Nothing to roll back: the environment ran the same then.';
  const blocks = result.rollbacks.map((rollback) => formatOne(rollback, result, display));
  const gates = result.rollbacks.flatMap((rollback) => rollback.gates);
  if (result.refused)
    return joinLines([...blocks, paint.bad('Refused: nothing was changed.'), formatSatisfy(gates, display)]);
  const { toTime, toTimeLocal } = result;
  const then =
    toTime === null
      ? null
      : `Back to what ran at ${toTimeLocal === toTime ? toTime : `${toTimeLocal} (${toTime})`}.`;
  return joinLines([
    ...[then, ...blocks, formatCommit(result, display), formatSla(result, display)],
    ...[formatMonitors(result.monitors ?? [], display), formatNotices(result.notices ?? [])],
  ]);
};

const formatOne = (
  rollback: Rollback,
  { refused, dryRun, pushed }: Decided<RollbackResult>,
  display: Display,
): string => {
  const paint = createPaint(display);
  const name = paint.strong(sanitizeLine(rollback.prompt));
  const place = sanitizeLine(rollback.environment);
  const now = `read ${paint.version(rollback.to)}`;
  if (rollback.unchanged)
    return `${name} in ${place} is back already: it runs ${paint.version(rollback.to)}.`;
  // Before the push nobody else has the decision.
  const callers = pushed ? 'callers' : 'callers of this clone';
  const verb = refused ? 'Not rolled back' : dryRun ? 'Would roll back' : 'Rolled back';
  const move = `${paint.version(rollback.from)} → ${paint.version(rollback.to)}`;
  return joinLines([
    `${verb} ${name} in ${place}: ${move}${refused || dryRun ? '' : `; ${callers} ${now} now`}`,
    describeImpact(rollback, display),
    rollback.gates.some(({ verdict }) => verdict === 'fail') ? formatGates(rollback.gates, display) : null,
  ]);
};

const describeImpact = ({ impact, changes }: Rollback, display: Display): string => {
  const paint = createPaint(display);
  if (impact === null || changes === null)
    return '  What changes for callers is not known: the version that ran cannot be read any more.';
  if (changes.length === 0) return '  Callers notice nothing.';
  return joinLines([
    `  For callers this is a ${paint.impact[impact](impact)} change:`,
    formatChanges(changes, display),
  ]);
};

const formatSla = ({ durationMs, slaMet, slaMs }: RollbackResult, display: Display): string => {
  const paint = createPaint(display);
  const took = `Took ${(durationMs / 1000).toFixed(2)} s`;
  if (slaMet === null) return `${took}; the SLA of ${slaMs / 1000} s counts to the push.`;
  return slaMet
    ? `${took}, ${paint.good('within')} the SLA of ${slaMs / 1000} s.`
    : `${took}, ${paint.bad('past')} the SLA of ${slaMs / 1000} s.`;
};

const columns: readonly Column[] = [
  { title: 'when' },
  { title: 'environment' },
  { title: 'prompt', shrinksTo: 16 },
  { title: 'from' },
  { title: 'to' },
  { title: 'trigger' },
  { title: 'by', shrinksTo: 12, optional: true },
  { title: 'reason', shrinksTo: 16, optional: true },
  { title: 'id', optional: true },
];

/** The rollbacks of an environment, or of all with a column that says which, newest first. */
export const formatRollbackHistory = (result: RollbackHistoryResult, display: Display): string => {
  if (result.rollbacks.length === 0)
    return `Nothing was ever rolled back${result.environment === null ? '' : ` in ${sanitizeLine(result.environment)}`}.`;
  const rows = result.rollbacks.map(({ environment, from, trigger, triggeredBy, reason, id, ...moved }) => [
    formatTime(moved.at, display),
    // A table leaves out what is empty in every row.
    result.environment === null ? environment : '',
    ...[moved.prompt, from ?? '', moved.to, trigger, triggeredBy, reason ?? '', id],
  ]);
  return formatTable(columns, rows, display);
};
