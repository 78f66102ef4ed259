import { isDimensionField } from './names.ts';
import type { MetricRecord } from './record.ts';
import type { MetricsFilter } from './source.ts';

/** Whether a single record passes a filter, by the same rules as in a source. */
export const matchesFilter = (record: MetricRecord, filter: MetricsFilter): boolean => {
  const time = Date.parse(record.ts);
  if (time < (filter.since ?? Number.NEGATIVE_INFINITY)) return false;
  if (time >= (filter.until ?? Number.POSITIVE_INFINITY)) return false;
  const { prompts = [], where = [] } = filter;
  if (prompts.length > 0 && !prompts.includes(record.prompt)) return false;
  const fields = new Set(where.map(({ field }) => field));
  return [...fields].every((field) => {
    const found = fieldOf(record, field);
    return where.some((each) => each.field === field && each.value === found);
  });
};

/** A field's text: a dimension, `id`, `unit` or `meta.KEY`; null when it is absent. */
const fieldOf = (record: MetricRecord, field: string): string | null => {
  const isOwn = isDimensionField(field) || field === 'id' || field === 'unit';
  const key = field.startsWith('meta.') ? field.slice('meta.'.length) : '';
  const inMeta = Object.hasOwn(record.meta ?? {}, key) ? record.meta?.[key] : undefined;
  const value: unknown = isOwn ? Reflect.get(record, field) : inMeta;
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
