import {
  collectMetrics,
  compact,
  type Fields,
  type ImportedItem,
  isFields,
  objectsOf,
  pick,
  textOf,
} from './imported.ts';

/**
 * The GenAI spans of an OTLP/JSON export, with old and new attribute names; other spans are left out. Sources:
 * opentelemetry-proto (trace.proto, JSON mapping) and the semantic conventions for generative AI.
 */
export const readOtlpSpans = (request: unknown, place: string): ImportedItem[] =>
  objectsOf(pick(request, 'resourceSpans')).flatMap((resourceSpan) => {
    const resource = readAttributes(pick(resourceSpan, 'resource', 'attributes'));
    const scopes = objectsOf(resourceSpan.scopeSpans ?? resourceSpan.instrumentationLibrarySpans);
    return scopes
      .flatMap((scope) => objectsOf(scope.spans))
      .map((span) => ({ span, attributes: readAttributes(span.attributes) }))
      .filter(({ attributes }) => [...attributes.keys()].some((key) => key.startsWith('gen_ai.')))
      .map(({ span, attributes }) => ({
        place: `${place}, span ${textOf(span.spanId) ?? '?'}`,
        value: readSpan(span, attributes, resource),
      }));
  });

type Attributes = ReadonlyMap<string, unknown>;

const readAttributes = (list: unknown): Attributes =>
  new Map(objectsOf(list).map(({ key, value }) => [String(key), readValue(value)]));

/** 64-bit integers are texts in the JSON mapping of protobuf. */
const readValue = (value: unknown): unknown => {
  if (!isFields(value)) return undefined;
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.doubleValue ?? value.boolValue;
};

const readSpan = (span: Fields, attributes: Attributes, resource: Attributes): Fields => {
  const text = (...keys: readonly string[]): string | undefined =>
    textOf(...keys.map((key) => attributes.get(key) ?? resource.get(key)));
  const isError = [2, 'STATUS_CODE_ERROR'].some((code) => code === pick(span, 'status', 'code'));
  const error = text('error.type', 'exception.type');
  const isFailed = isError || error !== undefined;
  return compact({
    ts: isoTime(span.startTimeUnixNano),
    id:
      [textOf(span.traceId), textOf(span.spanId)].filter((part) => part !== undefined).join(':') || undefined,
    prompt: text('gen_ai.prompt.name'),
    version: text('gen_ai.prompt.version'),
    environment: text('deployment.environment.name', 'deployment.environment'),
    region: text('cloud.region'),
    model: text('gen_ai.response.model', 'gen_ai.request.model'),
    provider: text('gen_ai.provider.name', 'gen_ai.system'),
    status: isFailed ? 'error' : 'success',
    error: isFailed ? (error ?? 'error') : undefined,
    metrics: readMetrics(span, attributes),
    meta: compact({ operation: text('gen_ai.operation.name'), service: text('service.name') }),
  });
};

const readMetrics = (span: Fields, attributes: Attributes): Record<string, unknown> => {
  const usage = ['input_tokens', 'prompt_tokens', 'output_tokens', 'completion_tokens', 'total_tokens'];
  return collectMetrics([
    ['latency_ms', durationMs(span)],
    ...usage.map((name) => [`gen_ai.usage.${name}`, attributes.get(`gen_ai.usage.${name}`)] as const),
    ['cached_input_tokens', attributes.get('gen_ai.usage.cache_read.input_tokens')],
    ['cost_usd', attributes.get('gen_ai.usage.cost')],
    ['quality', attributes.get('gen_ai.evaluation.score.value') ?? attributes.get('gen_ai.evaluation.score')],
  ]);
};

const nanoseconds = (value: unknown): bigint | null =>
  (typeof value === 'string' && /^\d{1,19}$/.test(value)) ||
  (typeof value === 'number' && Number.isSafeInteger(Math.trunc(value / 1e6)))
    ? BigInt(value)
    : null;

const isoTime = (value: unknown): string | undefined => {
  const time = nanoseconds(value);
  return time === null ? undefined : new Date(Number(time / 1_000_000n)).toISOString();
};

const durationMs = (span: Fields): number | undefined => {
  const [start, end] = [nanoseconds(span.startTimeUnixNano), nanoseconds(span.endTimeUnixNano)];
  return start === null || end === null || end < start ? undefined : Number(end - start) / 1e6;
};
