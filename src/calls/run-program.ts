import { type ChildProcess, spawn } from 'node:child_process';

/** A program and its arguments; no shell reads them. */
export interface ProgramCall {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: string;
  readonly signal: AbortSignal;
}

export interface ProgramAnswer {
  /** Null of a program that a signal ended. */
  readonly exitCode: number | null;
  readonly endedBy: string | null;
  readonly stdout: string;
  /** The end of it. */
  readonly stderr: string;
}

/** How a program that did not succeed ended, and the line of what it said that tells most. */
export const describeEnd = ({ exitCode, endedBy, stderr }: ProgramAnswer): string => {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  // Node ends with its version, others with a call stack: the last line that speaks of a failure comes before that.
  const said =
    lines.findLast((line) => /error|fatal|failed|exception|denied/i.test(line)) ?? lines.at(-1) ?? '';
  const how = exitCode === null ? `was ended by ${endedBy}` : `ended with ${exitCode}`;
  return `${how}${said && `: ${said.trim().slice(0, 300)}`}`;
};

/** What a program may use of memory for its data. */
const memoryLimitBytes = 512 * 1024 * 1024;

const mostOutput = 8 * 1024 * 1024;
const mostStderr = 4096;

/** Linux limits the memory of a program from its start; elsewhere there is no such program and no limit. */
export const canLimitMemory = process.platform === 'linux';

/**
 * Runs a program to its end, within a limit of memory, and stops it and all it started when the signal fires.
 * @throws the signal's reason, `ProgramFailure` for a program that cannot be started or says too much
 */
export const runProgram = async (call: ProgramCall): Promise<ProgramAnswer> => {
  call.signal.throwIfAborted();
  const argv = canLimitMemory
    ? ['prlimit', `--data=${memoryLimitBytes}`, '--core=0', '--', ...call.argv]
    : call.argv;
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    cwd: call.cwd,
    env: { ...call.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, so that what the program started can be stopped with it.
    detached: true,
    windowsHide: true,
  });
  watch(child);
  const settled = new AbortController();
  try {
    return await waitFor(child, call, settled.signal);
  } finally {
    settled.abort();
    stopGroup(child);
    unwatch(child);
  }
};

/** A program that could not do its work at all. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure';
}

/** Listens to the caller's signal until `settled`: one signal may see many programs. */
const waitFor = (
  child: ChildProcess,
  { stdin, signal, argv }: ProgramCall,
  settled: AbortSignal,
): Promise<ProgramAnswer> =>
  new Promise((resolve, reject) => {
    const stdout: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > mostOutput) reject(new ProgramFailure(`${argv[0]} printed more than ${mostOutput} bytes`));
      else stdout.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-mostStderr);
    });
    // A program that does not read its input closes it; that is its own affair.
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: settled });
    child.on('error', (error) => reject(new ProgramFailure(reasonOf(error), { cause: error })));
    child.on('close', (exitCode, endedBy) =>
      resolve({ exitCode, endedBy, stdout: Buffer.concat(stdout).toString('utf8'), stderr }),
    );
  });

/** The program that was asked for is started by the one that limits it, so only that can be missing. */
const reasonOf = (error: Error): string =>
  canLimitMemory && 'code' in error && error.code === 'ENOENT'
    ? 'there is no prlimit to limit its memory with; install util-linux'
    : error.message;

const stopGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended.
  }
};

const running = new Set<ChildProcess>();

/** Ctrl-C reaches the group of the terminal alone, and these programs have groups of their own. */
const interrupt = (): void => {
  for (const child of running) stopGroup(child);
  process.off('SIGINT', interrupt);
  // Where nobody else listens, the signal still ends this process.
  if (process.listenerCount('SIGINT') === 0) process.kill(process.pid, 'SIGINT');
};

const watch = (child: ChildProcess): void => {
  if (running.size === 0) process.on('SIGINT', interrupt);
  running.add(child);
};

const unwatch = (child: ChildProcess): void => {
  running.delete(child);
  if (running.size === 0) process.off('SIGINT', interrupt);
};
