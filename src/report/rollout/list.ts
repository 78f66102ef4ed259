import type { RolloutHistoryResult } from '../../operations/rollout/history.ts';
import type { RolloutListResult } from '../../operations/rollout/list.ts';
import type { Display } from '../display.ts';
import { personName } from '../env/person.ts';
import { createPaint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { joinLines } from '../text.ts';
import { formatTime } from '../time.ts';
import { formatAhead, formatHeadline } from './headline.ts';

const columns: readonly Column[] = [
  { title: 'prompt', shrinksTo: 16 },
  { title: 'environment' },
  { title: 'stable' },
  { title: 'candidate' },
  { title: 'state' },
  { title: 'weight', align: 'right' },
  { title: 'step', optional: true },
  { title: 'hold ends in', optional: true },
  { title: 'strategy', optional: true },
];

/** The rollouts under way, one a row. */
export const formatRolloutList = ({ rollouts }: RolloutListResult, display: Display): string => {
  if (rollouts.length === 0) return 'No rollout is under way.';
  const paint = createPaint(display);
  const rows = rollouts.map((rollout): Cell[] => [
    { text: rollout.prompt, paint: paint.strong },
    rollout.environment,
    { text: rollout.stable, paint: paint.version },
    { text: rollout.candidate, paint: paint.version },
    rollout.pause === null ? rollout.state : `${rollout.state} (${rollout.pause.reason})`,
    `${rollout.weight} %`,
    `${rollout.step} of ${rollout.steps.length}`,
    rollout.holdUntil === null
      ? ''
      : display.columns === null
        ? rollout.holdUntil
        : (formatAhead(rollout.holdUntil, display) ?? 'over'),
    rollout.strategy,
  ]);
  return formatTable(columns, rows, display);
};

const eventColumns: readonly Column[] = [
  { title: '#', align: 'right' },
  { title: 'when' },
  { title: 'what' },
  { title: 'weight', align: 'right' },
  { title: 'state' },
  { title: 'by', shrinksTo: 12 },
  { title: 'reason', shrinksTo: 20 },
];

/** Every rollout of a prompt with everything that happened to it, newest first. */
export const formatRolloutHistory = ({ rollouts }: RolloutHistoryResult, display: Display): string => {
  const paint = createPaint(display);
  const blocks = rollouts.map(({ rollout, events }) => {
    const rows = events.map((event): Cell[] => [
      String(event.seq),
      { text: formatTime(event.at, display), paint: paint.dim },
      event.action,
      `${event.weight} %`,
      event.pause === null ? event.state : `${event.state} (${event.pause})`,
      display.columns === null ? event.by : personName(event.by),
      event.reason ?? '',
    ]);
    const table = formatTable(eventColumns, rows, display, { indent: 2 });
    return display.columns === null ? table : joinLines([formatHeadline(rollout, display), table]);
  });
  return blocks.join(display.columns === null ? '\n' : '\n\n');
};
