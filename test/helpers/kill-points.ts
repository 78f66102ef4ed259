import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TempRepo, withPathFirst } from './temp-repo.ts';

/** Whether the process dies before the step is done or after it. */
export type KillMoment = 'before' | 'after';

type Env = Readonly<Record<string, string>>;

/** Git calls of the programs that run with `env`. Calls that git itself makes are not counted. */
export interface GitCounter {
  /** To hand to `repo.promptv(args, { env })`. */
  readonly env: Env;
  /** The arguments of every call since the counter was made, in the order of their start, one line each. */
  calls(): string[];
}

/*
 * Each call claims the next free number by creating a file that must not exist, so that parallel calls never
 * share one. `true` instead of `:`, whose failed redirection would end a POSIX shell.
 */
const wrapper = (git: string, folder: string) => `#!/bin/sh
n=1
set -C
until { true > '${folder}'/call.$n; } 2>/dev/null; do n=$((n + 1)); done
set +C
printf '%s' "$*" > '${folder}'/call.$n
if [ "$PROMPTV_TEST_KILL_GIT" = "$n:before" ]; then kill -9 $PPID; exit 137; fi
if [ "$PROMPTV_TEST_KILL_GIT" = "$n:after" ]; then '${git}' "$@"; kill -9 $PPID; exit 137; fi
exec '${git}' "$@"
`;

/** Puts a `git` first on PATH that notes its arguments and then runs the real one. */
export const withGitCounter = (repo: TempRepo): GitCounter => {
  const folder = mkdtempSync(join(repo.root, 'git-calls-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const git = execFileSync('/bin/sh', ['-c', 'command -v git'], { env: repo.env, encoding: 'utf8' }).trim();
  writeFileSync(join(bin, 'git'), wrapper(git, folder));
  chmodSync(join(bin, 'git'), 0o755);
  return {
    env: withPathFirst(repo.env, bin),
    calls: () => {
      const calls: string[] = [];
      for (let n = 1; existsSync(join(folder, `call.${n}`)); n += 1)
        calls.push(readFileSync(join(folder, `call.${n}`), 'utf8').replaceAll('\n', ' '));
      return calls;
    },
  };
};

/** An environment in which the process that makes the `nth` git call (from 1) is killed with SIGKILL there. */
export const killAtGitCall = (repo: TempRepo, nth: number, moment: KillMoment): Env => ({
  ...withGitCounter(repo).env,
  PROMPTV_TEST_KILL_GIT: `${nth}:${moment}`,
});

const preload = fileURLToPath(new URL('kill-at-write.mjs', import.meta.url));

/** Steps that change the disk, made by a script named promptv.js that runs with `env`. */
export interface WriteCounter {
  readonly env: Env;
  /** Function and path of every step since the counter was made, such as `rename /tmp/x`. */
  writes(): string[];
}

/** Loads a module into the process first that notes each call of node:fs that changes the disk. */
export const withWriteCounter = (repo: TempRepo): WriteCounter => {
  const log = join(mkdtempSync(join(repo.root, 'writes-')), 'log');
  writeFileSync(log, '');
  return {
    env: { NODE_OPTIONS: `--import=${JSON.stringify(preload)}`, PROMPTV_TEST_WRITE_LOG: log },
    writes: () => readFileSync(log, 'utf8').split('\n').slice(0, -1),
  };
};

/** An environment in which promptv is killed with SIGKILL at its `nth` change of the disk (from 1). */
export const killAtWrite = (repo: TempRepo, nth: number, moment: KillMoment): Env => ({
  ...withWriteCounter(repo).env,
  PROMPTV_TEST_KILL_WRITE: `${nth}:${moment}`,
});
