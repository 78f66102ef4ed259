import type { Approval, StageStatus } from '../../core/approval/stage.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint, type Painter } from '../paint.ts';
import { formatSpan } from '../span.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { indent, joinLines, sanitize, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';

type Stage = StageStatus & { readonly environment?: string };

const columns: readonly Column[] = [
  { title: 'stage' },
  { title: 'state' },
  { title: 'approvals' },
  { title: 'time' },
  { title: 'requested', optional: true },
  { title: 'by', shrinksTo: 16, optional: true },
];

/**
 * On a terminal: a table of the stages, below it every decision with its comment, and the next commands. In a pipe one
 * row a stage and one a decision, which begin with `stage` and `decision`.
 */
export const formatStages = (stages: readonly Stage[], display: Display): string => {
  if (display.columns === null) return formatTable([], stages.flatMap(pipedRows), display);
  const paint = createPaint(display);
  const rows = stages.map((stage): Cell[] => [
    { text: stage.stage, paint: paint.strong },
    { text: stage.overdue ? 'overdue' : stage.state, paint: stagePaint(stage, paint) },
    stage.state === 'automatic' && stage.approvals.length === 0
      ? ''
      : `${countOf(stage)} of ${stage.required}`,
    stage.durationMs === null ? '' : formatSpan(stage.durationMs),
    { text: stage.requestedAt === null ? '' : formatTime(stage.requestedAt, display), paint: paint.dim },
    { text: stage.requestedBy ?? '', paint: paint.dim },
  ]);
  const decisions = stages.flatMap((stage) =>
    stage.approvals.map((approval) => formatDecision(stage, approval, display)),
  );
  return joinLines([formatTable(columns, rows, display, { indent: 2 }), ...decisions]);
};

/** The commands that go on, each once; null when nothing is left to do. */
export const formatNextSteps = (stages: readonly StageStatus[], display: Display): string | null => {
  const paint = createPaint(display);
  const details = [...new Set(stages.flatMap(({ detail }) => (detail === null ? [] : [detail])))];
  return details.length === 0
    ? null
    : joinLines(['Next:', ...details.map((detail) => `  ${paint.command(sanitizeLine(detail))}`)]);
};

const countOf = ({ approvals }: StageStatus): number =>
  approvals.filter(({ counts, decision }) => counts && decision === 'approve').length;

const stagePaint = ({ state, overdue }: StageStatus, paint: Paint): Painter => {
  if (state === 'approved' || state === 'automatic') return paint.good;
  if (state === 'rejected' || state === 'invalid') return paint.bad;
  return overdue ? paint.warn : paint.dim;
};

const formatDecision = (stage: Stage, approval: Approval, display: Display): string => {
  const paint = createPaint(display);
  const { by, at, comment, decision, counts, ignored, signature } = approval;
  const sign = !counts ? paint.dim('·') : decision === 'approve' ? paint.good('✓') : paint.bad('✗');
  const verb = decision === 'approve' ? 'approved' : 'rejected';
  const place = sanitizeLine(stage.stage);
  const notes = [formatTime(at, display), describeSignature[signature]].filter(Boolean).join(', ');
  const why = ignored === null ? '' : paint.warn(` does not count: ${sanitizeLine(ignored)}`);
  const line = `  ${sign} ${sanitizeLine(by)} ${verb} ${place} ${paint.dim(`(${notes})`)}${why}`;
  return comment === null ? line : `${line}\n${indent(sanitize(comment), 6)}`;
};

const describeSignature = {
  valid: 'signed',
  other: "not signed by the approver's key",
  unsigned: 'unsigned',
  unknown: '',
};

const pipedRows = (stage: Stage): Cell[][] => [
  [
    ...['stage', stage.environment ?? '', stage.stage, stage.state, `${countOf(stage)}/${stage.required}`],
    ...[stage.requestedAt ?? '', stage.requestedBy ?? '', stage.overdue ? 'overdue' : ''],
  ],
  ...stage.approvals.map((approval) => [
    ...['decision', stage.environment ?? '', stage.stage, approval.decision, approval.by, approval.at],
    ...[approval.signature, approval.ignored ?? '', approval.comment ?? ''],
  ]),
];
