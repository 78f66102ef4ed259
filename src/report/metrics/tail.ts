import type { MetricRecord } from '../../core/metrics/record.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { sanitizeLine } from '../text.ts';
import { padText } from '../width.ts';
import { formatFigure } from './figure.ts';

/** One run on one line: when, what, where, how it went, its figures. Tabs between the parts in a pipe. */
export const formatMetricRecord = (record: MetricRecord, display: Display): string => {
  const paint = createPaint(display);
  const { ts, prompt, version, environment, model, status, error, metrics } = record;
  const name = sanitizeLine(version === undefined ? prompt : `${prompt}@${version}`);
  const outcome = sanitizeLine(error === undefined ? (status ?? '') : `${status ?? 'error'} ${error}`);
  const figures = Object.entries(metrics).map(
    ([metric, value]) =>
      `${sanitizeLine(metric)} ${display.columns === null ? value : formatFigure(metric, value)}`,
  );
  const parts = [name, sanitizeLine(environment ?? ''), sanitizeLine(model ?? ''), outcome];
  if (display.columns === null) return [ts, ...parts, ...figures].join('\t');
  const color = status === 'error' ? paint.bad : status === 'success' ? paint.good : paint.dim;
  const shown = [padText(name, 24), ...parts.slice(1, 3).filter((part) => part !== '')];
  return [paint.dim(ts), ...shown, color(outcome), paint.dim(figures.join(', '))]
    .filter((part) => part !== '')
    .join('  ');
};
