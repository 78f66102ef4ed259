import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface RunOptions {
  /** Variables to add; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Text for stdin, which is closed at once without it. */
  readonly input?: string;
  readonly cwd?: string;
}

/** What a program printed and how it ended; `exitCode` is null when a signal ended it. */
export interface ProgramRun {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The object on stdout; throws, quoting both streams, when there is none. */
  json<Shape = Record<string, unknown>>(): Shape;
  /** The coded error on the last line of stderr; throws, quoting both streams, when there is none. */
  error(): ReportedError;
}

/** The shape in which `--json` reports a failure. */
export interface ReportedError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a program to its end. Rejects only when it cannot be started. */
export const runProgram = async (
  program: string,
  args: readonly string[],
  place: Place,
  options: RunOptions = {},
): Promise<ProgramRun> => {
  const child = spawn(program, args, {
    cwd: options.cwd ?? place.cwd,
    env: { ...place.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A program that ends without reading its input breaks the pipe; that is its right.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const [stdout, stderr, end] = await Promise.all([readAll(child.stdout), readAll(child.stderr), ended]);
  return describeRun({ ...end, stdout, stderr });
};

const readAll = async (stream: Readable): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const describeRun = (run: Pick<ProgramRun, 'exitCode' | 'signal' | 'stdout' | 'stderr'>): ProgramRun => {
  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch (cause) {
      const ending = run.signal ?? run.exitCode;
      throw new Error(`No JSON (${ending}).\nstdout: ${run.stdout}\nstderr: ${run.stderr}`, { cause });
    }
  };
  return {
    ...run,
    json: <Shape>() => parse(run.stdout) as Shape,
    error: () => (parse(run.stderr.trimEnd().split('\n').at(-1) ?? '') as { error: ReportedError }).error,
  };
};
