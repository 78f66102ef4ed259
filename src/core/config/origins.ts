import { defaultConfig } from './default-config.ts';

/** Where a value comes from: the file, or the built-in default. */
export type ConfigOrigin = 'file' | 'default';

/** For every key of the configuration, dotted and in the schema's order, whether the file has it. */
export const originsOf = (given: unknown): Record<string, ConfigOrigin> =>
  Object.fromEntries(
    keyPaths(defaultConfig).map((path) => [path.join('.'), hasPath(given, path) ? 'file' : 'default']),
  );

/** A list or a mapping that is empty by default is one key; other mappings are groups of keys. */
const keyPaths = (value: unknown): string[][] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[]];
  return entries.flatMap(([key, inner]) => keyPaths(inner).map((path) => [key, ...path]));
};

const hasPath = (value: unknown, [key, ...rest]: string[]): boolean => {
  if (key === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const entry = Object.entries(value).find(([name]) => name === key);
  return entry !== undefined && hasPath(entry[1], rest);
};
