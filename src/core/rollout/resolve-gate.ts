import { parseGate } from './gate.ts';
import type { RolloutGate } from './record.ts';

/** A query of the configuration with its one bound. */
interface ConfiguredQuery {
  readonly query: string;
  readonly relativeTo: 'stable' | null;
  readonly min: number | null;
  readonly max: number | null;
}

const pattern = /^\s*query:([A-Za-z0-9][A-Za-z0-9_-]{0,49})\s*$/;

/** The name in a gate's text `query:NAME`; null in any other text. */
export const queryNameOf = (text: string): string | null => pattern.exec(text)?.[1] ?? null;

/** Whether a text names a query. */
export const isQueryName = (text: string): boolean => queryNameOf(text) !== null;

/** The gate of a text: one that `parseGate` reads, or `query:NAME` with a query of the configuration; null for neither. */
export const resolveGate = (
  text: string,
  queries: Readonly<Record<string, ConfiguredQuery>>,
  isDefault = false,
): RolloutGate | null => {
  const name = queryNameOf(text);
  if (name === null) return parseGate(text, isDefault);
  const found = Object.hasOwn(queries, name) ? queries[name] : undefined;
  const bound = found?.max ?? found?.min ?? null;
  if (found === undefined || bound === null) return null;
  const operator = found.max === null ? '>=' : '<=';
  const kind = found.relativeTo === 'stable' ? 'relative' : 'absolute';
  return {
    name: `query:${name} ${operator} ${formatBound(bound, kind)}`,
    source: 'prometheus',
    query: found.query,
    ...{ operator, kind, bound },
  };
};

const formatBound = (bound: number, kind: 'relative' | 'absolute'): string => {
  if (kind === 'absolute') return String(bound);
  return `${bound < 0 ? '' : '+'}${Number((bound * 100).toPrecision(12))}%`;
};
