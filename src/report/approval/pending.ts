import type { PendingResult, PendingStage } from '../../operations/approval/pending.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { formatSpan } from '../span.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { joinLines, sanitizeLine } from '../text.ts';

const columns: readonly Column[] = [
  { title: 'prompt', shrinksTo: 20 },
  { title: 'version' },
  { title: 'environment' },
  { title: 'stage' },
  { title: 'approvals' },
  { title: 'waits' },
  { title: 'requested by', shrinksTo: 16, optional: true },
];

/**
 * What waits for a decision, longest first; what is overdue stands out. In a pipe the columns of `approval status` behind
 * prompt and version, with the moment of the request.
 */
export const formatPending = (result: PendingResult, display: Display): string => {
  if (result.stages.length === 0) return 'Nothing waits for a decision.';
  if (display.columns === null) return formatTable([], result.stages.map(formatPipedRow), display);
  const paint = createPaint(display);
  const rows = result.stages.map((stage): Cell[] => {
    const waits = formatSpan(stage.durationMs ?? 0);
    return [
      { text: stage.prompt, paint: paint.strong },
      { text: stage.version, paint: paint.version },
      stage.environment,
      stage.stage,
      `${countGiven(stage)} of ${stage.required}`,
      stage.overdue ? { text: `${waits} overdue`, paint: paint.warn } : waits,
      stage.requestedBy ?? '',
    ];
  });
  const [first] = result.stages;
  const table = formatTable(columns, rows, display);
  if (!first) return table;
  const ref = `${first.prompt}@${first.version} --env ${first.environment} --stage ${first.stage}`;
  return joinLines([table, '', `Decide: ${paint.command(sanitizeLine(`promptv approval approve ${ref}`))}`]);
};

const formatPipedRow = (stage: PendingStage): Cell[] => [
  ...[stage.prompt, stage.version, stage.environment, stage.stage, `${countGiven(stage)}/${stage.required}`],
  ...[stage.requestedAt ?? '', stage.requestedBy ?? '', stage.overdue ? 'overdue' : ''],
];

const countGiven = ({ approvals }: PendingStage): number => approvals.filter(({ counts }) => counts).length;
