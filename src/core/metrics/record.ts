/** One line of the metrics log. `ts` is ISO 8601 UTC; `id` is unique within its UTC day. */
export interface MetricRecord {
  readonly ts: string;
  readonly prompt: string;
  readonly version?: string;
  readonly environment?: string;
  readonly id?: string;
  readonly experiment?: string;
  readonly variant?: string;
  /** The id that an experiment or rollout assigned by. */
  readonly unit?: string;
  readonly case?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly region?: string;
  readonly status?: 'success' | 'error';
  readonly error?: string;
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics that were not measured but derived, such as `cost_usd` from tokens and prices. */
  readonly computed?: readonly string[];
  readonly input?: unknown;
  readonly output?: unknown;
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** The longest line, in bytes without its newline, that is written or read. */
export const maxLineBytes = 65_536;

/** How far ahead of the clock a record's time may lie: clocks differ, days do not. */
const maxAheadMs = 86_400_000;

/** The fields that are text, in the order they are written; the time stands before them. */
export const recordTexts = [
  'prompt',
  'version',
  'environment',
  'id',
  'experiment',
  'variant',
  'unit',
  'case',
  'model',
  'provider',
  'region',
  'status',
  'error',
] as const;

/** What is passed on beside the time, in the order it is written. */
const writtenFields: readonly string[] = [...recordTexts, 'metrics', 'computed', 'input', 'output', 'meta'];

type RecordReading =
  | { readonly ok: true; readonly record: MetricRecord; readonly time: number }
  | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): RecordReading => ({ ok: false, reason });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads parsed JSON as a record and its time in epoch milliseconds, or says why it is none. A field that is
 * `null` counts as absent; unknown fields are dropped.
 */
export const readMetricRecord = (value: unknown): RecordReading => {
  if (!isObject(value)) return refuse('not a JSON object');
  if (hasPrototypeKey(value)) return refuse('the key "__proto__"');
  const time = typeof value.ts === 'string' ? parseUtcTime(value.ts) : null;
  if (time === null) return refuse('"ts" is not an ISO 8601 time');
  const wrong = recordTexts.find((field) => !isAbsent(value[field]) && typeof value[field] !== 'string');
  if (wrong !== undefined) return refuse(`"${wrong}" is not text`);
  if (typeof value.prompt !== 'string' || value.prompt === '') return refuse('no "prompt"');
  if (!isAbsent(value.status) && value.status !== 'success' && value.status !== 'error')
    return refuse('"status" is neither "success" nor "error"');
  const metrics = readMetrics(value.metrics);
  if (typeof metrics === 'string') return refuse(metrics);
  if (!isAbsent(value.meta) && !isObject(value.meta)) return refuse('"meta" is not an object');
  return { ok: true, time, record: buildRecord(value, time, metrics) };
};

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

const readMetrics = (value: unknown): Record<string, number> | string => {
  if (isAbsent(value)) return {};
  if (!isObject(value)) return '"metrics" is not an object';
  const metrics: [string, number][] = [];
  for (const [name, figure] of Object.entries(value)) {
    if (figure === null) continue;
    if (typeof figure !== 'number' || !Number.isFinite(figure))
      return `the metric "${name}" is not a finite number`;
    metrics.push([name, figure === 0 ? 0 : figure]);
  }
  return Object.fromEntries(metrics);
};

const buildRecord = (
  value: Readonly<Record<string, unknown>>,
  time: number,
  metrics: Record<string, number>,
): MetricRecord => {
  const given = { ...value, metrics };
  const present = writtenFields
    .map((field): [string, unknown] => [field, Reflect.get(given, field)])
    .filter(([, found]) => !isAbsent(found));
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(present);
  return { ts: new Date(time).toISOString(), prompt: String(value.prompt), ...fields, metrics };
};

const hasPrototypeKey = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasPrototypeKey);
};

const timePattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;

/** Epoch milliseconds of an ISO 8601 time with an offset or `Z` (finer fractions are cut off); null when it is none. */
export const parseUtcTime = (text: string): number | null => {
  const match = timePattern.exec(text);
  if (match === null) return null;
  const part = (index: number): number => Number(match[index] ?? '0');
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const local = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6), millis);
  const back = new Date(local);
  const isReal = back.getUTCMonth() === part(2) - 1 && back.getUTCDate() === part(3) && part(1) >= 1000;
  if (!isReal || part(4) > 23 || part(5) > 59 || part(6) > 59 || part(9) > 23 || part(10) > 59) return null;
  return local - (match[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10)) * 60_000;
};

/** Why a record may not be written at the moment `now` (epoch milliseconds); null when it may. */
export const refusalToWrite = (reading: RecordReading, now: number): string | null => {
  if (!reading.ok) return reading.reason;
  if (reading.time > now + maxAheadMs) return 'its time lies in the future';
  return reading.record.id === undefined || reading.record.id === '' ? 'no "id"' : null;
};

/** A record as one line of the log, without newline. */
export const formatRecordLine = (record: MetricRecord): string => JSON.stringify(record);

/**
 * US dollars of a call, from tokens and prices for a million of them. `cached_input_tokens` are part of the input and
 * have a price of their own where there is one.
 */
export const computeCostUsd = (
  metrics: Readonly<Record<string, number>>,
  price: { readonly input: number; readonly output: number; readonly cachedInput?: number | null },
): number | null => {
  const { input_tokens: input, output_tokens: output, cached_input_tokens: cached = 0 } = metrics;
  if (input === undefined && output === undefined) return null;
  const cachedTokens = Math.min(cached, input ?? 0);
  const inputCost = ((input ?? 0) - cachedTokens) * price.input;
  return (
    (inputCost + cachedTokens * (price.cachedInput ?? price.input) + (output ?? 0) * price.output) / 1_000_000
  );
};
