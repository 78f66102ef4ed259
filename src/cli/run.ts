import { promptvError } from '../errors.ts';
import { type Context, createContext } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import { writeFailure } from './failure.ts';
import type { Io } from './io.ts';
import { runProgram } from './program.ts';

/** Runs a command line through the parser, writes what fails to stderr, and answers the exit code. */
export const run = async (argv: readonly string[], io: Io, version: string): Promise<ExitCode> => {
  const context = createContext(io, version);
  try {
    await Promise.race([runProgram(context, argv), waitForInterruption(context)]);
    const unwritten = await io.flush();
    if (unwritten !== undefined) throw unwritable(unwritten);
    return context.exitCode;
  } catch (error) {
    return writeFailure(context, error, argv);
  }
};

/** Rejects at Ctrl-C; a promise that stays pending keeps no process alive. */
const waitForInterruption = ({ interruption, isInterrupted }: Context): Promise<never> =>
  new Promise((_, reject) => {
    const interrupt = () => {
      if (isInterrupted()) reject(promptvError('INTERRUPTED'));
    };
    interrupt();
    interruption.addEventListener('abort', interrupt);
  });

const unwritable = (cause: Error): Error =>
  promptvError('FILE_ACCESS', { path: 'Standard output', action: 'written', reason: cause.message }, cause);
