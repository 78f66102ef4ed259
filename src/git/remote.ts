import type { SimpleGit } from 'simple-git';
import { quoteShellWord } from '../core/shell-word.ts';
import { promptvError } from '../errors.ts';
import type { Repository } from './repository.ts';

/** What a remote answered to one question for its refs. */
export interface RemoteRefs {
  /** Full ref name → object id; annotated tags by their own id. */
  readonly refs: ReadonlyMap<string, string>;
}

export interface PushRequest {
  readonly remote: string;
  /** `SOURCE:refs/…`, nothing else is pushed. */
  readonly refspecs: readonly string[];
}

/** Milliseconds without a byte from git after which a call counts as hanging. */
const silenceMs = 60_000;

/**
 * Asks the remote once for the refs that match the patterns.
 * @throws REMOTE_MISSING, REMOTE_UNREACHABLE
 */
export const listRemoteRefs = async (
  repository: Repository,
  remote: string,
  patterns: readonly string[],
): Promise<RemoteRefs> => {
  const text = await callRemote(repository, remote, ['ls-remote', '--end-of-options', remote, ...patterns]);
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [oid, ref] = line.split('\t');
    if (oid && ref && !ref.endsWith('^{}')) refs.set(ref, oid);
  }
  return { refs };
};

/**
 * Fetches exactly these refspecs. A tag that differs here is refused by git and stays as it is.
 * @throws REMOTE_MISSING, REMOTE_UNREACHABLE
 */
export const fetchRefs = async (
  repository: Repository,
  remote: string,
  refspecs: readonly string[],
): Promise<void> => {
  const args = ['fetch', '--no-tags', '--quiet', '--end-of-options', remote];
  for (const batch of inBatches(refspecs)) await callRemote(repository, remote, [...args, ...batch]);
};

/** A clone without tags lacks thousands: more than one command line holds on every system. */
const inBatches = (refspecs: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(refspecs.length / 500) }, (_, index) =>
    refspecs.slice(index * 500, (index + 1) * 500),
  );

/**
 * Pushes all of the refs or none of them; a passing fault of the network is tried again up to three times.
 * @throws PUSH_REJECTED when the remote said no, REMOTE_MISSING, REMOTE_UNREACHABLE
 */
export const pushRefs = async (repository: Repository, request: PushRequest): Promise<void> => {
  // push.followTags would send every annotated tag of the branch along.
  const options = ['--atomic', '--no-follow-tags', '--porcelain', '--end-of-options'];
  const args = ['push', ...options, request.remote, ...request.refspecs];
  await callRemote(repository, request.remote, args);
};

/** The command that pushes refs, for a person to type. */
export const pushCommand = (remote: string, refs: readonly string[]): string => {
  const words = remote.startsWith('-') ? ['--', remote, ...refs] : [remote, ...refs];
  return `git push --atomic ${words.map(quoteShellWord).join(' ')}`;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One line of `push --porcelain` for each ref that was not taken: "!\tSOURCE:REF\t[rejected] (non-fast-forward)". */
const refusedRef = /^!\t[^\t]*?:?(?<ref>[^:\t]+)\t\[(?:remote )?rejected\] \((?<why>.*)\)$/;

/** Faults that may pass by themselves. A refusal is not one: after it, git also says "the remote end hung up". */
const isPassing = (words: string): boolean =>
  !words.split('\n').some((line) => refusedRef.test(line)) &&
  /Could not resolve host|Connection (?:refused|reset|timed out)|timed out|unexpected disconnect|early EOF|HTTP 5\d\d|error: 5\d\d|remote end hung up/.test(
    words,
  ) &&
  !/not found|denied|Authentication|Permission/i.test(words);

const callRemote = async (
  repository: Repository,
  remote: string,
  args: readonly string[],
): Promise<string> => {
  const { timeLimit } = repository;
  for (let attempt = 1; ; attempt++) {
    try {
      return await askGit(repository, args);
    } catch (error) {
      if (timeLimit?.isUp) throw promptvError('GIT_TIMEOUT', { command: args[0] }, error);
      const words = error instanceof Error ? error.message : String(error);
      if (!isPassing(words) || attempt === 3) throw remoteFailure(remote, args, words, error);
      await pause(500 * 2 ** attempt);
    }
  }
};

/** Under a limit of time our own runner stops git whatever it has started; else only silence counts as hanging. */
const askGit = async (repository: Repository, args: readonly string[]): Promise<string> => {
  if (repository.timeLimit) {
    const { exitCode, stdout, stderr } = await repository.run(args, {
      accept: [1, 128, 129],
      runsHooks: true,
    });
    if (exitCode === 0) return stdout.toString('utf8');
    throw new Error(`${stderr}\n${stdout.toString('utf8')}`);
  }
  repository.observed(args);
  return (await openSimpleGit(repository)).raw([...args]);
};

const remoteFailure = (remote: string, args: readonly string[], words: string, cause: unknown): Error => {
  const reason = withoutCredentials(reasonOf(words));
  // Git takes a name that it does not know for a path; the path of a known remote is another one's fault.
  const isUnknown = words.includes(`'${remote}' does not appear to be a git repository`);
  if (isUnknown || /No such remote|No configured push destination/.test(words))
    return promptvError('REMOTE_MISSING', { remote }, cause);
  if (/\[(?:remote )?rejected\]|^!\t|failed to push some refs|would clobber existing tag/m.test(words))
    return promptvError(
      'PUSH_REJECTED',
      {
        remote,
        reason,
        kept: '',
        first: 'Bring your clone up to date: "promptv sync"',
        command: `push again: ${pushCommand(remote, args.slice(args.indexOf(remote) + 1))}`,
      },
      cause,
    );
  return promptvError('REMOTE_UNREACHABLE', { remote, reason }, cause);
};

/** What git or the remote say: the words of the remote's hooks and the refused refs, else the lines that tell. */
const reasonOf = (words: string): string => {
  // simple-git begins the first line with "Error: ".
  const lines = words.split('\n').map((line) => line.replace(/^Error: (?=\w+: )/, '').trim());
  const telling = lines.filter((line) => /^(?:fatal|error|remote|ERROR):/.test(line));
  const refused = refusedRefs(lines);
  const said = refused.length > 0 ? [...lines.filter((line) => /^remote:/.test(line)), ...refused] : telling;
  return (said.length > 0 ? said : lines.filter(Boolean)).slice(0, 4).join('; ').replace(/\.$/, '');
};

/** "main: non-fast-forward" for each ref that was refused for itself, not because another of its push was. */
const refusedRefs = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => {
    const { ref, why } = refusedRef.exec(line)?.groups ?? {};
    return ref && why && why !== 'atomic push failed'
      ? [`${ref.replace(/^refs\/(?:heads|tags)\//, '')}: ${why}`]
      : [];
  });

/** A URL in git's words may carry a token. */
const withoutCredentials = (text: string): string => text.replace(/(\w+:\/\/)[^/@\s]+@/g, '$1');

/**
 * simple-git serves the network, for its stall time-out. It drops inherited GIT_* variables unless they are named, which
 * would take away a CI's identity, ssh and CA settings; takes a failure with an empty stderr for success; and waits
 * 50 ms after a command that prints nothing unless only `close` counts as the end.
 */
const openSimpleGit = async (repository: Repository): Promise<SimpleGit> => {
  const { simpleGit } = await import('simple-git');
  const env = repository.hookEnv;
  return simpleGit({
    baseDir: repository.topLevel,
    allowEnvironment: Object.keys(env),
    completion: { onClose: true, onExit: false },
    timeout: { block: silenceMs },
    unsafe: userEnvironmentIsTrusted,
    errors: (error, result) => {
      if (result.exitCode === 0) return undefined;
      const words = Buffer.concat([...result.stdErr, ...result.stdOut]).toString('utf8');
      return new Error(words || (error instanceof Error ? error.message : `exit code ${result.exitCode}`));
    },
  }).env(env);
};

/**
 * simple-git's guards are for values from strangers. These come from the user's own environment, which git itself obeys:
 * a CI sets credentials, hooks and rewritten addresses there. Our arguments are fixed, and what a user names stands
 * behind `--end-of-options`.
 */
const userEnvironmentIsTrusted = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
} as const;

/** The names of the configured remotes. */
export const listRemotes = async (repository: Repository): Promise<string[]> => {
  const output = await repository.run(['remote']);
  return output.stdout.toString('utf8').split('\n').filter(Boolean);
};

/** Fetches objects without giving them a name here; they can be read by their ids for a while. */
export const fetchObjects = async (
  repository: Repository,
  remote: string,
  refs: readonly string[],
): Promise<void> => {
  const args = ['fetch', '--no-tags', '--quiet', '--no-write-fetch-head', '--end-of-options', remote];
  for (const batch of inBatches(refs)) await callRemote(repository, remote, [...args, ...batch]);
};

/** Fetches one branch into its remote-tracking ref and returns its tip; null when the remote has no such branch. */
export const fetchBranch = async (
  repository: Repository,
  remote: string,
  branch: string,
): Promise<string | null> => {
  const { refs } = await listRemoteRefs(repository, remote, [`refs/heads/${branch}`]);
  const tip = refs.get(`refs/heads/${branch}`);
  if (tip === undefined) return null;
  await fetchRefs(repository, remote, [`+refs/heads/${branch}:refs/remotes/${remote}/${branch}`]);
  return (await repository.readObject(`refs/remotes/${remote}/${branch}`))?.oid ?? null;
};
