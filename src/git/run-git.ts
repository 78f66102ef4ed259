import { spawn } from 'node:child_process';
import { promptvError } from '../errors.ts';
import { stopProcess } from './stop-process.ts';

export interface GitCall {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  /** Bytes for git's standard input; without it git reads nothing. */
  readonly input?: string | Uint8Array;
  /** Exit codes that are answers rather than failures; 0 always is one. */
  readonly accept?: readonly number[];
  /** Stops git when it fires. */
  readonly signal?: AbortSignal;
}

export interface GitOutput {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * Runs one git process to its end. Arguments reach git as they are, without a shell.
 * @throws GIT_MISSING, GIT_TIMEOUT, or the error that git's own words stand for (see `gitFailure`)
 */
export const runGit = async (call: GitCall): Promise<GitOutput> => {
  if (call.signal?.aborted) throw timeUp(call);
  const output = await spawnGit(call);
  if (call.signal?.aborted && output.exitCode !== 0) throw timeUp(call);
  if (output.exitCode === 0 || call.accept?.includes(output.exitCode)) return output;
  throw gitFailure(call.args, output);
};

const timeUp = ({ args }: GitCall): Error => promptvError('GIT_TIMEOUT', { command: args[0] });

const spawnGit = (call: GitCall): Promise<GitOutput> =>
  new Promise((resolve, reject) => {
    const child = spawn('git', call.args, {
      cwd: call.cwd,
      env: call.env,
      stdio: [call.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const stop = (): void => stopProcess(child);
    call.signal?.addEventListener('abort', stop, { once: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error: NodeJS.ErrnoException) => reject(spawnFailure(error, call)));
    child.on('close', (exitCode) => {
      call.signal?.removeEventListener('abort', stop);
      resolve({
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8').trim(),
        exitCode: exitCode ?? 128,
      });
    });
    // A git that refuses early closes its input: its exit code says why, the broken pipe says nothing more.
    child.stdin?.on('error', () => {});
    child.stdin?.end(call.input);
  });

/** ENOENT means either a missing program or a missing folder to run it in. */
const spawnFailure = (error: NodeJS.ErrnoException, call: GitCall): Error =>
  error.code === 'ENOENT'
    ? promptvError('GIT_MISSING', { cwd: call.cwd }, error)
    : promptvError('GIT_FAILED', { command: call.args[0], reason: error.message }, error);

/** What git says on stderr (LC_ALL=C) for failures that have a better hint than the plain text. */
const knownFailures: readonly (readonly [RegExp, 'IDENTITY_MISSING' | 'INDEX_LOCKED' | 'SIGNING_FAILED'])[] =
  [
    [
      /Please tell me who you are|unable to auto-detect email|empty ident name|no email was given|user\.useConfigOnly/,
      'IDENTITY_MISSING',
    ],
    [/Unable to create '.*index\.lock'|index\.lock': File exists/, 'INDEX_LOCKED'],
    [
      /failed to sign the data|gpg failed to sign|unable to sign the tag|No private key found|Couldn't load public key|user\.signingkey or gpg/,
      'SIGNING_FAILED',
    ],
    // A signing program that says nothing leaves "error: " and this; a full or read-only object store names itself.
    [
      /^(?![\s\S]*(?:insufficient permission|No space left|unable to (?:create|write)|read-only))[\s\S]*failed to write commit object/i,
      'SIGNING_FAILED',
    ],
  ];

/** The coded error for a git process that ended with an unaccepted exit code. */
export const gitFailure = (args: readonly string[], output: GitOutput): Error => {
  const reason = lastWords(output.stderr);
  const command = args.find((argument) => !argument.startsWith('-')) ?? '';
  for (const [pattern, code] of knownFailures)
    if (pattern.test(output.stderr))
      return promptvError(code, { command, reason, object: command, path: quotedPath(output.stderr) });
  return promptvError('GIT_FAILED', { command, reason: reason || `exit code ${output.exitCode}` });
};

const quotedPath = (stderr: string): string => /'([^']*index\.lock)'/.exec(stderr)?.[1] ?? 'index.lock';

/** Why git says that it failed, as one line that stands behind words of ours. */
export const lastWords = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('hint:'))
    .slice(-4)
    .join(' ')
    .replace(/^(?:error|fatal): /, '');
