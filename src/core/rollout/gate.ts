import { isRateName } from '../metrics/alert-rules.ts';
import type { LogGate } from './record.ts';

const pattern =
  /^\s*([^\s<>=]+?)(?:\.(p\d{1,2}(?:\.\d)?|mean))?\s*(<=|>=|\u2264|\u2265)\s*([+-]?)(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(%|pp)?\s*$/i;

/**
 * A gate's text: METRIC[.p95] `<=` or `>=` BOUND. A bound with a sign is a change against the stable version: `+20%` of
 * its mean, `+2pp` points of a rate, `+3` units; without one it is the candidate's own: `500`, or `10%` of a rate.
 * Null for anything else.
 */
export const parseGate = (text: string, isDefault = false): LogGate | null => {
  const [, metric = '', statistic = 'mean', comparison = '', mark = '', digits = '', unit = ''] =
    pattern.exec(text) ?? [];
  if (metric === '') return null;
  const operator = comparison === '≤' || comparison === '<=' ? '<=' : '>=';
  const size = Number(`${mark}${digits}`);
  const isShare = unit !== '';
  const isRate = isRateName(metric);
  if (unit === 'pp' && (mark === '' || !isRate)) return null;
  if (unit === '%' && mark === '' && !isRate) return null;
  if (statistic !== 'mean' && isRate) return null;
  const kind = mark === '' ? 'absolute' : unit === '%' ? 'relative' : 'change';
  const bound = isShare ? Number((size / 100).toPrecision(12)) : size;
  if (!Number.isFinite(bound)) return null;
  const gate = { source: 'log' as const, metric, statistic, operator, kind, bound, isDefault } as const;
  return { name: formatGate({ ...gate, unit }), ...gate };
};

/** `latency_ms.p95 <= +20%`: the text in one spelling, which names the gate. */
const formatGate = ({
  metric,
  statistic,
  operator,
  kind,
  bound,
  unit,
}: Pick<LogGate, 'metric' | 'statistic' | 'operator' | 'kind' | 'bound'> & {
  readonly unit: string;
}): string => {
  const size = unit === '' ? bound : Number((bound * 100).toPrecision(12));
  const sign = kind === 'absolute' ? '' : size < 0 ? '-' : '+';
  const name = statistic === 'mean' ? metric : `${metric}.${statistic}`;
  return `${name} ${operator} ${sign}${Math.abs(size)}${unit.toLowerCase()}`;
};

/** The gates of a rollout without any of its own. */
export const defaultGates: readonly string[] = [
  'quality >= -5%',
  'latency_ms <= +20%',
  'error_rate <= +2pp',
  'error_rate <= 10%',
];

/** Those of a blue-green switch, where nobody but those who preview gets the candidate. */
export const defaultPreviewGates: readonly string[] = [
  'latency_ms <= 500',
  'error_rate <= 2%',
  'quality >= 0.85',
];
