/** True for a mapping: neither null nor a list. */
export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of an own key; undefined for a key that only the prototype has, such as `constructor`. */
export const ownValue = (mapping: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(mapping, key) ? mapping[key] : undefined;

export interface SameValueOptions {
  /** The order of a mapping's keys counts, as in a JSON Schema, whose order models obey. */
  readonly ordered?: boolean;
}

/** True when two parsed values mean the same to `contentHash`: line ends are alike, keys in any order unless `ordered`. */
export const isSameValue = (a: unknown, b: unknown, options: SameValueOptions = {}): boolean => {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string') return unixLines(a) === unixLines(b);
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((item, i) => isSameValue(item, b[i], options))
    );
  }
  return isMapping(a) && isMapping(b) && isSameMapping(a, b, options);
};

const unixLines = (text: string): string => text.replaceAll('\r\n', '\n');

const isSameMapping = (
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
  options: SameValueOptions,
): boolean => {
  const keysOfA = Object.keys(a);
  const keysOfB = Object.keys(b);
  if (keysOfA.length !== keysOfB.length) return false;
  return keysOfA.every(
    (key, i) =>
      (options.ordered !== true || keysOfB[i] === key) &&
      Object.hasOwn(b, key) &&
      isSameValue(a[key], b[key], options),
  );
};
