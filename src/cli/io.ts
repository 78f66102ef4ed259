/** A stream the command line writes to; `columns` is 0 or absent where there is no terminal. */
export interface Output {
  readonly write: (chunk: string | Uint8Array) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything ambient that a run may use; tests give their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: () => string;
  readonly now: () => Date;
  /** Aborted by the first SIGINT; the second one kills the process as usual. */
  readonly interruption: AbortSignal;
  /** Waits until stdout is written; answers what went wrong there, a closed pipe excepted. */
  readonly flush: () => Promise<Error | undefined>;
}

/** The real process; a reader that closes its pipe early (`| head -1`) is no failure. */
export const createProcessIo = (): Io => {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  let failure: Error | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure = error;
  });
  // Nobody is left to tell when stderr itself fails.
  process.stderr.on('error', () => {});
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    // Touching process.stdin opens it, which few commands need.
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd: () => process.cwd(),
    now: () => new Date(),
    interruption: controller.signal,
    flush: () => new Promise((resolve) => process.stdout.write('', () => resolve(failure))),
  };
};
