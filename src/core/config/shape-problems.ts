import type { DocumentPath } from '../prompt/document.ts';
import { nearestNames } from '../prompt/name.ts';
import type { ConfigProblem } from './resolve-config.ts';

/** The parts of a valibot schema that say which keys a value may have. */
interface SchemaNode {
  readonly kind: 'schema';
  readonly entries?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly item?: SchemaNode | undefined;
  readonly wrapped?: SchemaNode | undefined;
  readonly options?: readonly unknown[] | undefined;
  readonly value?: SchemaNode | undefined;
}

/**
 * Every key that the schema does not have, with the nearest that it has, and every list in place of a mapping.
 * Valibot's strict objects name only the first unknown key and take lists; its records drop the keys of prototypes.
 */
export const findShapeProblems = (
  schema: SchemaNode,
  value: unknown,
  path: DocumentPath = [],
): ConfigProblem[] => {
  if (schema.wrapped) return findShapeProblems(schema.wrapped, value, path);
  if (Array.isArray(value)) {
    const item = schema.item ?? schema.options?.find(isListSchema)?.item;
    if (schema.entries || schema.value) return [{ message: 'must be a mapping, not a list', path }];
    return item ? value.flatMap((entry, at) => findShapeProblems(item, entry, [...path, at])) : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => checkKey(schema, key, entry, [...path, key]));
};

/** Of the alternatives of a value, the one that takes lists. */
const isListSchema = (option: unknown): option is SchemaNode =>
  typeof option === 'object' && option !== null && 'item' in option;

const checkKey = (schema: SchemaNode, key: string, entry: unknown, path: DocumentPath): ConfigProblem[] => {
  if (schema.value) {
    if (prototypeKeys.has(key)) return [{ message: 'cannot be a key', path }];
    return findShapeProblems(schema.value, entry, path);
  }
  const { entries } = schema;
  if (!entries) return [];
  const inner = Object.hasOwn(entries, key) ? entries[key] : undefined;
  if (inner) return findShapeProblems(inner, entry, path);
  const [nearest] = nearestNames(key, Object.keys(entries), 1);
  return [{ message: `is no key${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`, path }];
};

const prototypeKeys = new Set(['__proto__', 'constructor', 'prototype']);
