type MetricDirection = 'higher' | 'lower';

/** The text fields that are kept as columns; every other field is read from the line itself. */
export const dimensionFields = [
  'prompt',
  'version',
  'environment',
  'experiment',
  'variant',
  'case',
  'model',
  'provider',
  'region',
  'status',
  'error',
] as const;

const dimensionNames: readonly string[] = dimensionFields;

export const isDimensionField = (field: string): boolean => dimensionNames.includes(field);

/** The position in `dimensionFields`, or -1. */
export const dimensionIndex = (field: string): number => dimensionNames.indexOf(field);

const lowerIsBetter = new Set([
  'latency_ms',
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cost_usd',
  'error_rate',
]);

/** Which way a metric is better: as configured, else `lower` for latency, tokens, cost and error rate, else `higher`. */
export const directionOf = (
  metric: string,
  configured: Readonly<Record<string, MetricDirection>> = {},
): MetricDirection =>
  (Object.hasOwn(configured, metric) ? configured[metric] : undefined) ??
  (lowerIsBetter.has(metric) ? 'lower' : 'higher');

/** A metric's name elsewhere → its name here and the factor that converts its unit. */
const aliases: ReadonlyMap<string, { readonly name: string; readonly factor: number }> = new Map([
  ['quality_score', { name: 'quality', factor: 1 }],
  ['qualityScore', { name: 'quality', factor: 1 }],
  ['satisfaction_score', { name: 'satisfaction', factor: 1 }],
  ['latency', { name: 'latency_ms', factor: 1 }],
  ['latencyMs', { name: 'latency_ms', factor: 1 }],
  ['responseTime', { name: 'latency_ms', factor: 1 }],
  ['response_time', { name: 'latency_ms', factor: 1000 }],
  ['cost', { name: 'cost_usd', factor: 1 }],
  ['costUsd', { name: 'cost_usd', factor: 1 }],
  ['tokens', { name: 'total_tokens', factor: 1 }],
  ['totalTokens', { name: 'total_tokens', factor: 1 }],
  ['inputTokens', { name: 'input_tokens', factor: 1 }],
  ['outputTokens', { name: 'output_tokens', factor: 1 }],
  ['gen_ai.usage.input_tokens', { name: 'input_tokens', factor: 1 }],
  ['gen_ai.usage.prompt_tokens', { name: 'input_tokens', factor: 1 }],
  ['gen_ai.usage.output_tokens', { name: 'output_tokens', factor: 1 }],
  ['gen_ai.usage.completion_tokens', { name: 'output_tokens', factor: 1 }],
  ['gen_ai.usage.total_tokens', { name: 'total_tokens', factor: 1 }],
  ['gen_ai.client.operation.duration', { name: 'latency_ms', factor: 1000 }],
  ['gen_ai.server.request.duration', { name: 'latency_ms', factor: 1000 }],
]);

/** An imported metric under the name and in the unit used here: `response_time` in seconds becomes `latency_ms`. */
export const normalizeMetric = (
  name: string,
  value: number,
): { readonly name: string; readonly value: number } => {
  const alias = aliases.get(name);
  return alias === undefined ? { name, value } : { name: alias.name, value: value * alias.factor };
};
