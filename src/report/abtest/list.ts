import type { AbtestListResult } from '../../operations/abtest/list.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { formatTime } from '../time.ts';
import { paintCondition } from './condition.ts';

const columns: readonly Column[] = [
  { title: 'experiment', shrinksTo: 16 },
  { title: 'prompt', shrinksTo: 16 },
  { title: 'environment', optional: true },
  { title: 'state' },
  { title: 'variants', shrinksTo: 20 },
  { title: 'winner' },
  { title: 'started', optional: true },
];

/** The experiments, one a row. */
export const formatAbtestList = ({ experiments }: AbtestListResult, display: Display): string => {
  if (experiments.length === 0) return 'No experiments. Define one: promptv abtest create --help';
  const paint = createPaint(display);
  const rows = experiments.map((experiment): Cell[] => [
    { text: experiment.id, paint: paint.strong },
    experiment.prompt,
    experiment.environment,
    { text: experiment.condition, paint: paintCondition(experiment.condition, paint) },
    experiment.variants.map(({ name, version, weight }) => `${name} ${version} ×${weight}`).join(', '),
    { text: experiment.winner ?? '', paint: paint.good },
    experiment.startedAt === null ? '' : formatTime(experiment.startedAt, display),
  ]);
  return formatTable(columns, rows, display);
};
