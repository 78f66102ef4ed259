/** Plain data as a template sees it: objects without a prototype, so that only what was given can be found. */
export type View = Readonly<Record<string, unknown>>;

const maxDepth = 100;

/**
 * Copies the values at every depth. Functions and symbols are left out; a date becomes its ISO text, a bigint its digits.
 * Throws a RangeError of data deeper than 100 levels, and so of data that contains itself.
 */
export const copyView = (values: Readonly<Record<string, unknown>>): View => copyObject(values, 0);

/** Copies one value as `copyView` does; undefined of a function or a symbol. */
export const copyValue = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) throw new RangeError(`the values are nested deeper than ${maxDepth} levels`);
  if (value instanceof Date) return value.toJSON();
  if (Array.isArray(value)) return value.map((item) => copyValue(item, depth + 1) ?? null);
  return copyObject(value, depth);
};

const copyObject = (value: object, depth: number): View => {
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, member] of Object.entries(value)) {
    const copied = copyValue(member, depth + 1);
    if (copied !== undefined) copy[key] = copied;
  }
  return copy;
};
