import { describeAlert } from '../../core/metrics/alert-words.ts';
import type { Health, HealthFigures } from '../../core/metrics/health.ts';
import type { MonitoredVersion } from '../../operations/delivery/monitor.ts';
import type { Display } from '../display.ts';
import { changeFigures } from '../metrics/figure.ts';
import { createPaint } from '../paint.ts';
import { type Column, formatTable } from '../table.ts';
import { joinLines, sanitizeLine } from '../text.ts';

const columns: readonly Column[] = [
  { title: '' },
  { title: 'version' },
  { title: 'records', align: 'right' },
  { title: 'error rate', align: 'right' },
  { title: 'latency', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'cost', align: 'right' },
];

/** How each version that was watched is, beside what ran before it. */
export const formatMonitors = (monitors: readonly MonitoredVersion[], display: Display): string | null =>
  monitors.length === 0 ? null : joinLines(monitors.map((monitor) => formatMonitor(monitor, display)));

const formatMonitor = (monitor: MonitoredVersion, display: Display): string => {
  const paint = createPaint(display);
  const { prompt, environment, version, verdict, before, after, looks } = monitor;
  const paintVerdict = { well: paint.good, unwell: paint.bad, insufficient: paint.warn }[verdict];
  const word = { well: 'well', unwell: 'not well', insufficient: 'not known to be well: too few records' }[
    verdict
  ];
  const rows = [...(before === null ? [] : [rowOf('before', before, display)]), rowOf('now', after, display)];
  return joinLines([
    `${paint.strong(sanitizeLine(prompt))} ${paint.version(version)} in ${sanitizeLine(environment)} is ${paintVerdict(word)} (${looks} looks).`,
    formatTable(columns, rows, display),
    formatAlerts(monitor, display),
    verdict === 'unwell' ? `Go back: ${paint.command(rollbackOf(monitor))}` : null,
  ]);
};

const rollbackOf = ({ prompt, environment }: MonitoredVersion): string =>
  `promptv rollback ${sanitizeLine(prompt)} --env ${sanitizeLine(environment)}`;

const rowOf = (title: string, figures: HealthFigures, display: Display): string[] => {
  const { value } = changeFigures(display);
  const show = (metric: string, figure: number | null): string =>
    figure === null ? '–' : value(metric, figure);
  return [
    title,
    figures.version,
    String(figures.records),
    show('error_rate', figures.errorRate),
    show('latency_ms', figures.latencyMeanMs),
    show('latency_ms', figures.latencyP95Ms),
    show('cost_usd', figures.costUsd),
  ];
};

/** The alerts that fire, one a line; null when none does. */
export const formatAlerts = ({ alerts }: Pick<Health, 'alerts'>, display: Display): string | null => {
  const paint = createPaint(display);
  const { value } = changeFigures(display);
  if (alerts.length === 0) return null;
  return joinLines(
    alerts.map((alert) => {
      const painter = alert.severity === 'critical' ? paint.bad : paint.warn;
      const words = describeAlert(alert, (figure) => value(alert.metric, figure));
      return `  ${painter(sanitizeLine(alert.name))}: ${sanitizeLine(words)}`;
    }),
  );
};
