import type { Gate } from '../core/environment/gates.ts';
import type { Display } from './display.ts';
import { createPaint } from './paint.ts';
import { type Column, formatTable } from './table.ts';
import { joinLines, sanitizeLine } from './text.ts';

const columns: readonly Column[] = [
  { title: 'gate' },
  { title: 'verdict' },
  { title: 'detail', shrinksTo: 20 },
];

/** Every gate with its verdict, one a row. */
export const formatGates = (gates: readonly Gate[], display: Display): string => {
  const paint = createPaint(display);
  const verdicts = { pass: paint.good, fail: paint.bad, skipped: paint.dim };
  const rows = gates.map(({ name, verdict, detail }) => [
    name,
    { text: verdict, paint: verdicts[verdict] },
    detail,
  ]);
  return formatTable(columns, rows, display, { header: false, indent: 2 });
};

/** The commands that would satisfy the gates that said no; null when there are none. */
export const formatSatisfy = (gates: readonly Gate[], display: Display): string | null => {
  const paint = createPaint(display);
  const commands = [
    ...new Set(gates.filter(({ verdict }) => verdict === 'fail').flatMap(({ satisfy }) => satisfy)),
  ];
  if (commands.length === 0) return null;
  return joinLines([
    'What would satisfy it:',
    ...commands.map((command) => `  ${paint.command(sanitizeLine(command))}`),
  ]);
};
