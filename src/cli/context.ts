import type { Workspace } from '../operations/workspace.ts';
import type { Display } from '../report/display.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Io, Output } from './io.ts';
import { openWorkspace } from './operations.ts';
import { sanitize } from './text.ts';

/** One run of the command line: the only way a command reaches the outside. */
export interface Context {
  readonly cwd: string;
  readonly env: Io['env'];
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Io['stdin'];
  /** Whether the answer on stdout, and whether what goes to stderr, is coloured. */
  readonly color: boolean;
  readonly errorColor: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  /** What `--config` names, as it was typed. */
  readonly configPath: string | undefined;
  readonly now: () => Date;
  /** This installation, as a hook has to call it. */
  readonly program: Io['program'];
  /** Its version. */
  readonly version: string;
  readonly interruption: AbortSignal;
  /** From here on Ctrl-C only aborts that signal: the run ends by itself, and its answer is printed. */
  readonly answerInterruption: () => void;
  /** Whether Ctrl-C ended this run, so that nothing more is printed. */
  readonly isInterrupted: () => boolean;
  /** As `Io` has it. */
  readonly listenForTermination: () => AbortSignal;
  /** Aborted when nobody reads stdout any more. */
  readonly closed: AbortSignal;
  /** In an emergency a configuration that is not valid gives way to the one last committed, which stderr says. */
  readonly openWorkspace: (how?: { readonly isEmergency?: boolean }) => Promise<Workspace>;
  /** The command as it is typed, such as `promptv save`; `promptv` until it is known. */
  readonly commandLine: string;
  /** Whether the whole command line was read, so that `json` is what was typed. */
  isParsed: boolean;
  /** Whether only its reader ends this run, so that Ctrl-C is its end and no failure. */
  isEndless: boolean;
  /** What `main` answers unless something fails. */
  exitCode: ExitCode;
}

/** A context that the parser fills in, option by option, before the command runs. */
export type OpenContext = { -readonly [Key in keyof Context]: Context[Key] };

/** The context of a command line without options. */
export const createContext = (io: Io, version: string): OpenContext => {
  let isAnswered = false;
  const context: OpenContext = {
    cwd: io.cwd(),
    env: io.env,
    stdout: io.stdout,
    stderr: io.stderr,
    get stdin() {
      return io.stdin;
    },
    color: canColor(io.env, io.stdout.isTTY === true),
    errorColor: canColor(io.env, io.stderr.isTTY === true),
    json: false,
    quiet: false,
    debug: false,
    configPath: undefined,
    now: io.now,
    program: io.program,
    version,
    interruption: io.interruption,
    answerInterruption: () => {
      if (io.interruption.aborted) return;
      isAnswered = true;
      io.answerInterruption();
    },
    isInterrupted: () => io.interruption.aborted && !isAnswered,
    listenForTermination: io.listenForTermination,
    closed: io.closed,
    openWorkspace: ({ isEmergency = false } = {}) =>
      openWorkspace({
        cwd: context.cwd,
        config: context.configPath,
        env: context.env,
        now: context.now,
        debug: context.debug ? (line) => context.stderr.write(`${line}\n`) : undefined,
        onWait: (message) => {
          if (!context.quiet) context.stderr.write(`${message}\n`);
        },
        onCommittedConfig: isEmergency
          ? (path) =>
              context.stderr.write(
                `warning: The configuration ${sanitize(path)} is not valid; the one last committed is used.\n`,
              )
          : undefined,
      }),
    commandLine: 'promptv',
    isParsed: false,
    isEndless: false,
    exitCode: exitCodes.done,
  };
  return context;
};

/**
 * Whether to colour, without `--no-color`: a non-empty NO_COLOR says no; then FORCE_COLOR says yes, or no with
 * `0` or `false`; then TERM=dumb says no; else a terminal says yes.
 */
export const canColor = (env: Io['env'], isTTY: boolean): boolean => {
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && env.TERM !== 'dumb';
};

/** The reader of stdout, for the reports; 80 columns for a terminal that does not tell. */
export const displayOf = (context: Context): Display => ({
  color: context.color,
  columns: context.stdout.isTTY ? context.stdout.columns || 80 : null,
  now: context.now(),
});

/** For a stream that goes on until its reader has seen enough: aborted by Ctrl-C, which then needs no words, or a closed pipe. */
export const untilStopped = (context: Context): AbortSignal => {
  context.isEndless = true;
  return AbortSignal.any([context.interruption, context.closed]);
};

/** Whether this process was started by a hook of a commit that promptv itself is making. */
export const isInsideOwnCommit = (context: Context): boolean => Boolean(context.env.PROMPTV_IN_COMMIT);
