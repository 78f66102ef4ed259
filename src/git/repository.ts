import { promptvError } from '../errors.ts';
import { gitEnvironment, hookEnvironment } from './environment.ts';
import { ObjectReader } from './objects.ts';
import { type GitCall, type GitOutput, runGit } from './run-git.ts';
import { TimeLimit } from './time-limit.ts';

export interface RepositoryPlace {
  /** The work tree's top folder, absolute. */
  readonly topLevel: string;
  /** This work tree's git folder, absolute: MERGE_HEAD and the like stand there. */
  readonly gitDir: string;
  /** The git folder shared by all linked work trees, absolute. */
  readonly commonDir: string;
  readonly isShallow: boolean;
  /** The hash that names objects. */
  readonly objectFormat: ObjectFormat;
}

const tidyingMs = 2000;

export type ObjectFormat = 'sha1' | 'sha256';

/** What every git process was called with, for `--debug`. */
export type GitObserver = (args: readonly string[]) => void;

interface Surroundings {
  /** The caller's own. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly observe: GitObserver;
}

/** What a call may say beside its arguments; `runsHooks` hands the user's own environment on to the user's hooks. */
type CallOptions = Omit<GitCall, 'cwd' | 'args' | 'env'> & {
  readonly env?: NodeJS.ProcessEnv;
  readonly runsHooks?: boolean;
};

/** An open repository: where it is, and the two ways to ask git — one process a command, one for all objects. */
export class Repository implements RepositoryPlace {
  readonly topLevel: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly isShallow: boolean;
  readonly objectFormat: ObjectFormat;
  /** For processes in which the user's hooks run. */
  readonly hookEnv: NodeJS.ProcessEnv;
  private readonly env: NodeJS.ProcessEnv;
  private readonly objects: ObjectReader;
  private readonly observe: GitObserver;
  private limit: TimeLimit | null = null;

  constructor(place: RepositoryPlace, { env, cwd, observe }: Surroundings) {
    this.topLevel = place.topLevel;
    this.gitDir = place.gitDir;
    this.commonDir = place.commonDir;
    this.isShallow = place.isShallow;
    this.objectFormat = place.objectFormat;
    this.env = gitEnvironment(env, cwd);
    this.hookEnv = hookEnvironment(env, cwd);
    this.observe = observe;
    this.objects = new ObjectReader(place.topLevel, this.env, () => observe(['cat-file', '--batch']));
  }

  /** Runs git in the top folder. @throws the coded error of its failure */
  run(args: readonly string[], { env, runsHooks, ...rest }: CallOptions = {}) {
    this.observe(args);
    const limit = this.limit ? { signal: this.limit.signal } : {};
    const base = runsHooks ? this.hookEnv : this.env;
    return runGit({ ...limit, ...rest, cwd: this.topLevel, args, env: { ...base, ...env } });
  }

  /**
   * From now on every process is stopped when so much time has passed, and none is started after it.
   */
  limitTime(limitMs: number): void {
    this.liftLimit();
    this.limit = new TimeLimit(limitMs);
    this.limit.signal.addEventListener('abort', () => this.objects.stop(), { once: true });
  }

  /** After a limit has stopped git: a little more time to look around and put things in order. */
  allowTidying(): void {
    if (this.limit?.isUp) this.limitTime(tidyingMs);
  }

  liftLimit(): void {
    this.limit?.lift();
    this.limit = null;
  }

  /** The limit in force. */
  get timeLimit(): TimeLimit | null {
    return this.limit;
  }

  /** Tells the observer of a call that another library makes for us. */
  observed(args: readonly string[]): void {
    this.observe(args);
  }

  /** The object a revision names, or null. Any number of calls share one process. */
  async readObject(revision: string) {
    if (this.limit?.isUp) throw promptvError('GIT_TIMEOUT', { command: 'cat-file' });
    return this.objects.read(revision);
  }

  /** Ends the process that reads objects as soon as nobody waits for one, so that the program can end. */
  close(): void {
    this.objects.close();
  }
}

/** Milliseconds after which a git that does not even say where it is counts as hanging. */
const openingMs = 30_000;

/**
 * Finds the repository around `cwd`, honouring GIT_DIR and its kin.
 * @throws NOT_A_REPOSITORY, BARE_REPOSITORY, GIT_MISSING, GIT_TIMEOUT
 */
export const openRepository = async (
  cwd: string,
  env: NodeJS.ProcessEnv,
  observe: GitObserver = () => {},
): Promise<Repository> => {
  const args = ['rev-parse', '--path-format=absolute', '--is-bare-repository', '--is-shallow-repository'];
  args.push('--show-object-format', '--git-dir', '--git-common-dir', '--show-toplevel');
  observe(args);
  const signal = AbortSignal.timeout(openingMs);
  const output = await runGit({ cwd, args, env: gitEnvironment(env, cwd), accept: [128], signal });
  return new Repository(readPlace(output, cwd), { env, cwd, observe });
};

/** git prints the answers line by line until one fails: a bare repository has no top level. */
const readPlace = (output: GitOutput, cwd: string): RepositoryPlace => {
  const [bare, shallow, format, gitDir, commonDir, topLevel] = output.stdout.toString('utf8').split('\n');
  const objectFormat = format === 'sha256' ? format : 'sha1';
  if (output.exitCode === 0 && gitDir && commonDir && topLevel)
    return { topLevel, gitDir, commonDir, isShallow: shallow === 'true', objectFormat };
  if (/dubious ownership/.test(output.stderr))
    throw promptvError('GIT_FAILED', { command: 'rev-parse', reason: output.stderr.split('\n')[0] });
  throw promptvError(bare === 'true' ? 'BARE_REPOSITORY' : 'NOT_A_REPOSITORY', { path: cwd });
};
