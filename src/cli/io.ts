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
  /** The Node and the script that are running, absolute. */
  readonly program: { readonly node: string; readonly script: string };
  /** Aborted by Ctrl-C. */
  readonly interruption: AbortSignal;
  /** From here on the first Ctrl-C only aborts the signal: what goes on comes to its end in its own time. */
  readonly answerInterruption: () => void;
  /** From here on SIGTERM aborts the signal instead of ending the process: for work that ends between two steps. */
  readonly listenForTermination: () => AbortSignal;
  /** Aborted when whoever reads stdout has gone: a stream without an end must end then. */
  readonly closed: AbortSignal;
  /** Waits until stdout is written; answers what went wrong there, a closed pipe excepted. */
  readonly flush: () => Promise<Error | undefined>;
}

/** The real process; a reader that closes its pipe early (`| head -1`) is no failure. */
export const createProcessIo = (): Io => {
  // A failed write is asked for by `flush`; nobody is left to tell when stderr itself fails.
  const closed = new AbortController();
  process.stdout.on('error', () => closed.abort());
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
    program: { node: process.execPath, script: process.argv[1] ?? '' },
    ...listenForInterruption(),
    listenForTermination,
    closed: closed.signal,
    flush: () =>
      new Promise((resolve) => {
        process.stdout.write('', (error) => resolve(error && !isClosedPipe(error) ? error : undefined));
      }),
  };
};

const isClosedPipe = (error: Error): boolean => 'code' in error && error.code === 'EPIPE';

const listenForTermination = (): AbortSignal => {
  const controller = new AbortController();
  process.once('SIGTERM', () => controller.abort());
  return controller.signal;
};

const graceMs = 500;

/**
 * Aborts at the first SIGINT, so that the run ends with 130 by itself. Work that goes on all the same is killed
 * by the signal after a grace, unless the run has an answer to give, or by a second one; a shell says 130 of that too.
 */
const listenForInterruption = (): Pick<Io, 'interruption' | 'answerInterruption'> => {
  const controller = new AbortController();
  let isAnswered = false;
  const die = () => {
    process.off('SIGINT', interrupt);
    process.kill(process.pid, 'SIGINT');
  };
  const interrupt = () => {
    if (controller.signal.aborted) return die();
    controller.abort();
    if (!isAnswered) setTimeout(die, graceMs).unref();
  };
  // Not `once`: libraries that clean up on a signal kill the process where no listener but theirs is left.
  process.on('SIGINT', interrupt);
  return {
    interruption: controller.signal,
    answerInterruption: () => {
      isAnswered = true;
    },
  };
};
