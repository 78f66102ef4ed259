import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProgramRun, type RunOptions, runProgram } from './run-program.ts';

/** The top level of this project. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

export interface TempRepoOptions {
  /** False leaves a plain directory that is not a repository. */
  readonly init?: boolean;
  /** False leaves HEAD unborn and the files untracked. */
  readonly commit?: boolean;
  /** Copies the project's own prompts: all, or those paths below `prompts/`. */
  readonly prompts?: boolean | readonly string[];
  /** Files to write before the first commit: path → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Makes a bare repository beside this one, as the remote `origin`, and pushes the first commit there. */
  readonly remote?: boolean;
  /** Directory for the throw-away directory; the system's by default. */
  readonly parent?: string;
}

/** A throw-away repository whose git and promptv see nothing of this machine's configuration. */
export interface TempRepo {
  readonly dir: string;
  /** The directory that holds the repository, its home, its remote and its clones. */
  readonly root: string;
  /** Everything that `git`, `node` and `promptv` inherit. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs git and returns its stdout without the final newline; throws with its stderr. */
  git(...args: string[]): string;
  /** Writes a file below `dir`, making its folders. */
  write(path: string, text: string | Uint8Array): void;
  read(path: string): string;
  /** Runs `bin/promptv.js`; never throws for an exit code. */
  promptv(args: readonly string[], options?: RunOptions): Promise<ProgramRun>;
  /** Runs another node script the same way. */
  node(script: string, args: readonly string[], options?: RunOptions): Promise<ProgramRun>;
  /** Clones the remote `origin`, or this repository when it has none, into a directory beside it. */
  clone(...args: string[]): TempRepo;
  remove(): void;
}

const identity = { name: 'Test Author', email: 'author@example.com', date: '2024-05-06T07:08:09Z' };

const gitConfig = `[init]
\tdefaultBranch = main
[gc]
\tauto = 0
[maintenance]
\tauto = false
[commit]
\tgpgSign = false
[tag]
\tgpgSign = false
[core]
\tautocrlf = false
[protocol "file"]
\tallow = always
[advice]
\tdetachedHead = false
`;

/**
 * The environment is built from nothing but PATH, so that no CI variable, colour switch or `GIT_*` of the
 * caller (tests may themselves run inside a hook) reaches a test.
 */
const isolatedEnv = (root: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: join(root, 'home'),
  XDG_CONFIG_HOME: join(root, 'home', '.config'),
  TMPDIR: join(root, 'tmp'),
  LC_ALL: 'C',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: join(root, 'home', '.gitconfig'),
  GIT_CEILING_DIRECTORIES: root,
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: identity.name,
  GIT_AUTHOR_EMAIL: identity.email,
  GIT_AUTHOR_DATE: identity.date,
  GIT_COMMITTER_NAME: identity.name,
  GIT_COMMITTER_EMAIL: identity.email,
  GIT_COMMITTER_DATE: identity.date,
});

/** Throws when `directory` is the project or lies inside it: a test must never commit there. */
export const assertOutsideProject = (directory: string): void => {
  const path = relative(realpathSync(projectRoot), realpathSync(directory));
  if (path === '' || (!path.startsWith('..') && !isAbsolute(path)))
    throw new Error(`A temporary repository may not lie inside the project: ${directory}`);
};

const openRepo = (root: string, dir: string, env: Record<string, string>): TempRepo => {
  const git = (...args: string[]) => runGit(dir, env, args);
  const node: TempRepo['node'] = (script, args, options) =>
    runProgram(process.execPath, [script, ...args], { cwd: dir, env }, options);
  return {
    dir,
    root,
    env,
    git,
    write: (path, text) => {
      const target = resolve(dir, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    },
    read: (path) => readFileSync(resolve(dir, path), 'utf8'),
    node,
    promptv: (args, options) => node(join(projectRoot, 'bin', 'promptv.js'), args, options),
    clone: (...args) => {
      const target = join(mkdtempSync(join(root, 'clone-')), 'work');
      const remotes = git('remote').split('\n');
      const source = remotes.includes('origin') ? git('remote', 'get-url', 'origin') : dir;
      // A path would be hard-linked and never be shallow; the URL takes the real transport.
      runGit(root, env, ['clone', '--quiet', ...args, `file://${source.replace(/^file:\/\//, '')}`, target]);
      return openRepo(root, target, env);
    },
    remove: () =>
      rmSync(dir === join(root, 'work') ? root : dirname(dir), {
        recursive: true,
        force: true,
        maxRetries: 5,
      }),
  };
};

/** Runs git in a directory; throws an error that holds the arguments and git's stderr. */
const runGit = (cwd: string, env: Record<string, string>, args: readonly string[]): string => {
  try {
    const output = execFileSync('git', args, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return output.replace(/\n$/, '');
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    throw new Error(`git ${args.join(' ')} failed: ${stderr}`, { cause: error });
  }
};

/** Makes a bare repository beside `repo`, adds it as a remote and pushes `main`, if it is born. Returns its path. */
export const createRemote = (repo: TempRepo, name = 'origin'): string => {
  const path = join(repo.root, `${name}.git`);
  repo.git('init', '--quiet', '--bare', path);
  repo.git('remote', 'add', name, path);
  if (repo.git('for-each-ref', '--count=1', 'refs/heads') !== '')
    repo.git('push', '--quiet', '--set-upstream', name, 'HEAD');
  return path;
};

/**
 * Makes a repository in a throw-away directory with a fixed identity, fixed dates, no user or system
 * configuration, no garbage collection and no signing. Call `remove()` when done.
 */
export const createTempRepo = (options: TempRepoOptions = {}): TempRepo => {
  const parent = options.parent ?? tmpdir();
  assertOutsideProject(parent);
  const root = realpathSync(mkdtempSync(join(parent, 'promptv-test-')));
  for (const folder of ['home', 'tmp', 'work']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'home', '.gitconfig'), gitConfig);
  const repo = openRepo(root, join(root, 'work'), isolatedEnv(root));
  for (const [path, text] of Object.entries(options.files ?? {})) repo.write(path, text);
  copyPrompts(repo, options.prompts ?? false);
  if (options.init !== false) startHistory(repo, options);
  return repo;
};

const startHistory = (repo: TempRepo, options: TempRepoOptions): void => {
  repo.git('init', '--quiet');
  if (options.commit !== false) {
    repo.git('add', '--all');
    repo.git('commit', '--quiet', '--allow-empty', '--message', 'Start');
  }
  if (options.remote) createRemote(repo);
};

const copyPrompts = (repo: TempRepo, prompts: boolean | readonly string[]): void => {
  if (prompts === false) return;
  const paths = prompts === true ? ['.'] : prompts;
  for (const path of paths)
    cpSync(join(projectRoot, 'prompts', path), join(repo.dir, 'prompts', path), { recursive: true });
};

/** Puts a directory first on the PATH of an environment. */
export const withPathFirst = (
  env: Readonly<Record<string, string>>,
  directory: string,
): { PATH: string } => ({
  PATH: `${directory}${delimiter}${env.PATH ?? ''}`,
});
