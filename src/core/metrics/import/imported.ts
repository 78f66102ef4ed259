import { createHash } from 'node:crypto';
import { normalizeMetric } from '../names.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Something that may become a record, and where it stood, such as `line 7`. */
export interface ImportedItem {
  readonly place: string;
  readonly value: Fields;
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The entries of a list that are objects; none where there is no list. */
export const objectsOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** What stands at a path of keys; undefined where something is missing on the way. */
export const pick = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce(
    (inner: unknown, key) => (isFields(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );

/** The first that is a text and not empty. */
export const textOf = (...values: readonly unknown[]): string | undefined =>
  values.find((value): value is string => typeof value === 'string' && value !== '');

/** Names and values that are there, under the names and in the units used here; of two names for one, the first. */
export const collectMetrics = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> => {
  const metrics = new Map<string, unknown>();
  for (const [name, value] of entries) {
    if (value === undefined || value === null) continue;
    const normal = typeof value === 'number' ? normalizeMetric(name, value) : { name, value };
    if (!metrics.has(normal.name)) metrics.set(normal.name, normal.value);
  }
  return Object.fromEntries(metrics);
};

/** An id made of what identifies a run, so that importing it again finds it. */
export const idOfContent = (...content: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 24);

/** Drops the fields that are not there. */
export const compact = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
