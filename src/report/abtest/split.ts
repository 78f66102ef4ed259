import type { Experiment } from '../../core/experiment/definition.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Column, formatTable } from '../table.ts';

const columns: readonly Column[] = [
  { title: 'variant' },
  { title: 'version' },
  { title: 'share', align: 'right' },
  { title: '' },
];

/** The variants with their versions and shares; the first is the control. */
export const formatSplit = ({ variants, phases }: Experiment, display: Display): string => {
  const paint = createPaint(display);
  const weights = variants.map(({ name, weight }) => phases.at(-1)?.weights[name] ?? weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rows = variants.map(({ name, version }, at) => [
    { text: name, paint: paint.strong },
    { text: version, paint: paint.version },
    `${Math.round(((weights[at] ?? 0) / total) * 1000) / 10} %`,
    { text: at === 0 ? 'control' : '', paint: paint.dim },
  ]);
  return formatTable(columns, rows, display, { header: false, indent: 2 });
};
