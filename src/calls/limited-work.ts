import { Script } from 'node:vm';

/** `work` did not end in time. */
export class WorkTimeout extends Error {
  override readonly name = 'WorkTimeout';
}

const script = new Script('globalThis[Symbol.for("promptv.limitedWork")]()');
const place = Symbol.for('promptv.limitedWork');

/**
 * Runs synchronous work that a user's pattern may make endless, and stops it: V8 ends a regular expression only where a
 * script was started with a limit of time.
 * @throws WorkTimeout
 */
export const runLimited = <Result>(limitMs: number, work: () => Result): Result => {
  let result: { readonly value: Result } | null = null;
  const run = (): void => {
    result = { value: work() };
  };
  Object.defineProperty(globalThis, place, { value: run, configurable: true });
  try {
    script.runInThisContext({ timeout: Math.max(1, Math.ceil(limitMs)) });
  } catch (error) {
    if (isTimeout(error)) throw new WorkTimeout(`It took longer than ${limitMs} ms`, { cause: error });
    throw error;
  } finally {
    Reflect.deleteProperty(globalThis, place);
  }
  return readResult<Result>(result);
};

const readResult = <Result>(result: { readonly value: Result } | null): Result => {
  if (result === null) throw new TypeError('The work did not run');
  return result.value;
};

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
