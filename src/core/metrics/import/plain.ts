import { dimensionFields, normalizeMetric } from '../names.ts';
import { collectMetrics, compact, type Fields, idOfContent, isFields } from './imported.ts';

const recordFields: ReadonlySet<string> = new Set([
  ...dimensionFields,
  'ts',
  'id',
  'unit',
  'metrics',
  'computed',
  'input',
  'output',
  'meta',
]);

/** Whether a name means one of the well-known metrics elsewhere, so that it is no free field. */
const isMetricName = (name: string): boolean =>
  normalizeMetric(name, 0).name !== name ||
  [
    'latency_ms',
    'input_tokens',
    'output_tokens',
    'total_tokens',
    'cost_usd',
    'quality',
    'satisfaction',
  ].includes(name);

/**
 * A line of JSON as a record: metrics under their usual other names, also beside the fields; `timestamp` for `ts`, as
 * text or epoch milliseconds. A record without an id gets one made of its content.
 */
export const readPlainRecord = (line: Fields): Fields => {
  const loose = Object.entries(line).filter(([name]) => !recordFields.has(name) && isMetricName(name));
  const inner = isFields(line.metrics) ? Object.entries(line.metrics) : [];
  const ts = line.ts ?? line.timestamp;
  const fields = Object.entries(line).filter(([name]) => recordFields.has(name));
  return compact({
    ...Object.fromEntries(fields),
    ts: typeof ts === 'number' && Math.abs(ts) < 8e15 ? new Date(ts).toISOString() : ts,
    id: line.id ?? idOfContent(line),
    metrics:
      isFields(line.metrics) || line.metrics === undefined
        ? collectMetrics([...inner, ...loose])
        : line.metrics,
  });
};

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A row of CSV as a record: `metrics.NAME` and other columns of numbers are metrics, other columns of text go into
 * `meta`; an empty cell is absent. In a column that is a metric a text stays one, and is refused.
 */
export const readCsvRecord = (header: readonly string[], row: readonly string[]): Fields => {
  const cells = header
    .map((name, index) => [name.trim(), row[index] ?? ''] as const)
    .filter(([, cell]) => cell !== '');
  const fields = cells.filter(([name]) => recordFields.has(name) || name === 'timestamp');
  const others = cells.filter(([name]) => !recordFields.has(name) && name !== 'timestamp');
  const isMetric = ([name, cell]: readonly [string, string]): boolean =>
    name.startsWith('metrics.') || isMetricName(name) || number.test(cell);
  const metrics = others
    .filter(isMetric)
    .map(
      ([name, cell]) => [name.replace(/^metrics\./, ''), number.test(cell) ? Number(cell) : cell] as const,
    );
  const meta = others.filter((cell) => !isMetric(cell));
  const given: Fields = Object.fromEntries(fields);
  const { computed } = given;
  return readPlainRecord({
    ...given,
    ...(typeof computed === 'string' ? { computed: computed.split(' ') } : {}),
    metrics: Object.fromEntries(metrics),
    meta: { ...parseMeta(given.meta), ...Object.fromEntries(meta) },
  });
};

const parseMeta = (text: unknown): Fields => {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : { meta: text };
  } catch {
    return { meta: text };
  }
};
