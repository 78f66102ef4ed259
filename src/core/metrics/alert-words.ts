import type { Alert } from './alerts.ts';

/** What an alert found, without its name: `latency_ms p95 is 4255.95, above 2000`, `error_rate rose by 120 %, above 50 %`. */
export const describeAlert = (
  { type, metric, statistic, value, bound, threshold }: Omit<Alert, 'name'>,
  show = (figure: number): string => `${Number(figure.toPrecision(6))}`,
): string => {
  const measured = statistic === 'mean' ? metric : `${metric} ${statistic}`;
  const isRise = type === 'rise';
  const format = isRise ? (figure: number): string => `${Math.round(figure * 100)} %` : show;
  return `${measured} ${isRise ? 'rose by' : 'is'} ${format(value)}, ${bound === 'max' ? 'above' : 'below'} ${format(threshold)}`;
};
