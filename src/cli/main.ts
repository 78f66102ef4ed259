import { createProcessIo, type Io } from './io.ts';

declare const PROMPTV_VERSION: string;

/**
 * Runs one command line and answers the exit code: 0 done, 1 the world, 2 the command line or a file, 3 a
 * check said no, 70 a bug, 130 interrupted. Never throws and never ends the process, so that output drains.
 */
export const main = async (argv: readonly string[], io: Io = createProcessIo()): Promise<number> => {
  // What people type most to look around is answered before the parser is loaded.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    return print(io, `${PROMPTV_VERSION}\n`);
  }
  if (argv.length === 0 || (argv.length === 1 && /^(--help|-h|help)$/.test(argv[0] ?? ''))) {
    const { formatRootHelp } = await import('./root-help.ts');
    return print(io, formatRootHelp());
  }
  const { run } = await import('./run.ts');
  return run(argv, io, PROMPTV_VERSION);
};

const print = async (io: Io, text: string): Promise<number> => {
  io.stdout.write(text);
  return (await io.flush()) === undefined ? 0 : 1;
};
