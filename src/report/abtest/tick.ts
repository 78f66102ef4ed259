import type { AbtestTickResult } from '../../operations/abtest/tick.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Column, formatTable } from '../table.ts';
import { joinLines } from '../text.ts';

const columns: readonly Column[] = [
  { title: 'experiment', shrinksTo: 8 },
  { title: 'action' },
  { title: 'winner', shrinksTo: 6 },
  { title: 'verdict' },
  { title: 'why', shrinksTo: 20 },
];

/** What a tick did with each experiment that stops by itself. */
export const formatTick = ({ experiments, left, dryRun }: AbtestTickResult, display: Display): string => {
  const paint = createPaint(display);
  const painters = { concluded: paint.good, stopped: paint.warn, running: paint.dim };
  const rows = experiments.map(({ id, action, winner, verdict, sentence }) => [
    id,
    { text: action, paint: painters[action] },
    winner ?? '',
    verdict,
    sentence,
  ]);
  if (display.columns === null) return formatTable(columns, rows, display);
  const others =
    left.length === 0 ? null : paint.dim(`Not stopped by themselves (no autoStop): ${left.join(', ')}.`);
  const none = experiments.length === 0 ? 'No running experiment stops by itself.' : null;
  const table = experiments.length === 0 ? null : formatTable(columns, rows, display);
  return joinLines([dryRun ? paint.dim('Nothing was changed:') : null, table, none, others]);
};
