import type { Alert, UnjudgedAlert } from '../../core/metrics/alerts.ts';
import type { MetricsCheckResult } from '../../operations/metrics/check.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { formatCount, joinLines } from '../text.ts';
import { changeFigures } from './figure.ts';

const columns: readonly Column[] = [
  { title: 'severity' },
  { title: 'alert' },
  { title: 'prompt', shrinksTo: 12 },
  { title: 'environment' },
  { title: 'metric', optional: true },
  { title: 'value', align: 'right' },
  { title: 'allowed', align: 'right' },
];

/** The alerts that fired, and what could not be judged. */
export const formatMetricsCheck = (result: MetricsCheckResult, display: Display): string => {
  const paint = createPaint(display);
  const { alerts, insufficient, verdict, passed } = result;
  const rows = [
    ...alerts.map((alert): Cell[] => [
      { text: alert.severity, paint: alert.severity === 'critical' ? paint.bad : paint.warn },
      ...formatPlace(alert),
      formatValue(alert, alert.value, display),
      `${alert.bound === 'max' ? '≤' : '≥'} ${formatValue(alert, alert.threshold, display)}`,
    ]),
    ...insufficient.map((unjudged): Cell[] => [
      { text: 'not judged', paint: paint.dim },
      ...formatPlace(unjudged),
      formatCount(unjudged.values, 'value'),
      `${unjudged.needed} needed`,
    ]),
  ];
  const table = rows.length === 0 ? null : formatTable(columns, rows, display);
  if (display.columns === null && table !== null) return table;
  const counted = `${formatCount(alerts.length, 'alert')}, ${insufficient.length} not judged, ${passed} passed.`;
  const said = {
    passed: paint.good(`No alert: ${formatCount(passed, 'check')} passed.`),
    alert: paint.bad(counted),
    insufficient: paint.warn(`Not enough data to say that all is well: ${counted}`),
    'no log': paint.warn('There is no metrics log, or it has no record: nothing was checked.'),
  };
  return joinLines([table, said[verdict]], '\n\n');
};

const formatPlace = ({ name, prompt, environment, metric }: Alert | UnjudgedAlert): Cell[] => [
  name,
  prompt ?? '(all)',
  environment ?? '',
  metric,
];

/** A rise is a relative change. */
const formatValue = ({ type, metric }: Alert, value: number, display: Display): string =>
  type === 'rise' ? changeFigures(display).relative(value) : changeFigures(display).value(metric, value);
