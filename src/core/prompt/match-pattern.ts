import { createContext, Script } from 'node:vm';

/** Longer than any honest expression takes on the longest value that is matched. */
const patienceMs = 200;

const script = new Script('new RegExp(pattern, "u").test(text)');
let sandbox: { pattern: string; text: string } | undefined;

/**
 * Whether a user's expression is found in a text; null when it takes too long to tell. `pattern` must compile with the
 * flag `u`. An expression that may backtrack for ever runs where V8 can be stopped, which costs a quarter of a
 * millisecond.
 */
export const matchPattern = (pattern: string, text: string): boolean | null => {
  if (isPlain(pattern)) return new RegExp(pattern, 'u').test(text);
  sandbox ??= createSandbox();
  Object.assign(sandbox, { pattern, text });
  try {
    return script.runInContext(sandbox, { timeout: patienceMs }) === true;
  } catch (error) {
    if (isTimeout(error)) return null;
    throw error;
  }
};

const createSandbox = (): { pattern: string; text: string } => {
  const place = Object.assign(Object.create(null), { pattern: '', text: '' });
  createContext(place, { codeGeneration: { strings: false, wasm: false } });
  return place;
};

const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** With one repetition of one character at most, and nothing repeated by reference, time grows with the square at worst. */
const isPlain = (pattern: string): boolean => {
  const bare = pattern
    .replace(/\\[\s\S]/g, 'x')
    .replace(/\[[^\]]*\]/g, 'x')
    .replace(/(?<!\))\{\d+\}|\(\?/g, '');
  return !/\\[1-9k]/.test(pattern) && !/\)[*+?{]/.test(bare) && (bare.match(/[*+?{]/g) ?? []).length <= 1;
};
