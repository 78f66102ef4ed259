/** What became of one query; only `value` is a number that can be judged. */
export const queryOutcomes = [
  'value',
  'no-series',
  'several-series',
  'nan',
  'infinite',
  'warning',
  'refused',
  'http-error',
  'unreachable',
  'timeout',
  'malformed',
  'not-configured',
] as const;

export type QueryOutcome = (typeof queryOutcomes)[number];

/** The answer to one query: a value only where the outcome is `value`, and what there is to say of any other. */
export interface QueryAnswer {
  readonly outcome: QueryOutcome;
  readonly value: number | null;
  readonly detail: string | null;
}

/** An answer without a value. */
export const failedAnswer = (
  outcome: Exclude<QueryOutcome, 'value'>,
  detail: string | null,
): QueryAnswer => ({ outcome, value: null, detail });

/** Reads the body of a successful answer to `/api/v1/query`; anything unexpected is `malformed`, never a value. */
export const readQueryAnswer = (body: unknown): QueryAnswer => {
  const answer = mapping(body);
  if (answer?.status === 'error') return failedAnswer('refused', textOf(answer.error));
  const result = mapping(answer?.data);
  if (answer?.status !== 'success' || result === null)
    return failedAnswer('malformed', 'the answer is not that of a query');
  const warnings = Array.isArray(answer.warnings) ? answer.warnings : [];
  if (warnings.length > 0) return failedAnswer('warning', warnings.map(textOf).join('; '));
  if (result.isPartial === true || answer.isPartial === true)
    return failedAnswer('warning', 'the answer is partial');
  if (result.resultType === 'scalar') return readSample(result.result);
  if (result.resultType !== 'vector' || !Array.isArray(result.result))
    return failedAnswer('malformed', `a ${textOf(result.resultType)} is no single value`);
  const series: readonly unknown[] = result.result;
  if (series.length === 0) return failedAnswer('no-series', 'no series matches');
  if (series.length > 1) return failedAnswer('several-series', `${series.length} series match`);
  return readSample(mapping(series[0])?.value);
};

/** `[seconds, "value"]`: numbers come as texts, for JSON has no NaN. */
const readSample = (sample: unknown): QueryAnswer => {
  const text: unknown = Array.isArray(sample) && sample.length === 2 ? sample[1] : null;
  if (typeof text !== 'string' || text.trim() === '')
    return failedAnswer('malformed', 'a sample has no value');
  if (text === 'NaN') return failedAnswer('nan', 'the value is NaN');
  if (/^[+-]?Inf$/.test(text)) return failedAnswer('infinite', `the value is ${text}`);
  const value = Number(text);
  return Number.isFinite(value)
    ? { outcome: 'value', value, detail: null }
    : failedAnswer('malformed', 'the value is no number');
};

const mapping = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;

/** What a server says, on one line and not for ever. */
const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : 'without a message').replace(/\s+/g, ' ').slice(0, 300);
