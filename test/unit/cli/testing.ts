import type { Command } from 'commander';
import { createContext, type OpenContext } from '../../../src/cli/context.ts';
import type { Io } from '../../../src/cli/io.ts';
import type { Run } from '../../../src/cli/operations.ts';
import type { Workspace } from '../../../src/operations/workspace.ts';

/** Streams that remember what was written to them, and a fixed clock. */
export interface TestIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
  readonly interrupt: () => void;
}

interface Surroundings {
  readonly env?: Io['env'];
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly unwritten?: Error;
}

export const createTestIo = ({ env = {}, isTTY, columns, unwritten }: Surroundings = {}): TestIo => {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const controller = new AbortController();
  const remember = (chunks: string[]) => ({
    write: (chunk: string | Uint8Array) => chunks.push(Buffer.from(chunk).toString('latin1')),
    isTTY,
    columns,
  });
  const read = (chunks: string[]) => Buffer.from(chunks.join(''), 'latin1').toString('utf8');
  return {
    stdout: remember(stdout),
    stderr: remember(stderr),
    stdin: (async function* () {})(),
    env,
    cwd: () => '/start',
    now: () => new Date('2026-01-02T03:04:05Z'),
    program: { node: '/usr/bin/node', script: '/opt/promptv/bin/promptv.js' },
    interruption: controller.signal,
    answerInterruption: () => {},
    listenForTermination: () => new AbortController().signal,
    closed: new AbortController().signal,
    flush: async () => unwritten,
    out: () => read(stdout),
    err: () => read(stderr),
    interrupt: () => controller.abort(),
  };
};

/** A context that needs no repository: its workspace can only be closed. */
export const createTestContext = (io: Io = createTestIo()): OpenContext => ({
  ...createContext(io, '1.2.3'),
  openWorkspace: async () => workspace,
});

// The commands hand it on unread.
export const workspace = { close: async () => {} } as unknown as Workspace;

/** An operation that remembers its requests and always answers the same. */
export const createFakeRun = <Request, Result>(result: Result) => {
  const requests: Request[] = [];
  const run: Run<Request, Result> = async (_, request) => {
    requests.push(request);
    return result;
  };
  return { requests, run };
};

/** Parses words as the command's own arguments; usage errors are thrown, not printed. */
export const parse = (command: Command, words: readonly string[]): Promise<Command> =>
  command
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .parseAsync([...words], { from: 'user' });
