import { resolve } from 'node:path';

/** Variables of git that name a place; a hook gets them relative to the folder it runs in. */
const placeVariables = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
] as const;

/** Tells a hook of our own git calls (commit, tag, push) that promptv is at work: run again, it must not wait for itself. */
const insideOurGit = 'PROMPTV_IN_COMMIT';

/**
 * The environment for our git processes: the caller's own (a hook's GIT_* included, with absolute places), in the
 * untranslated language that we read, asking nothing, and never taking a lock for reading.
 */
export const gitEnvironment = (env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv => ({
  ...ownEnvironment(env, cwd),
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
});

/**
 * The same for a process in which the user's own hooks run: how we read paths, locks and messages is no business of
 * theirs. Paths go there as `literalPath` writes them.
 */
export const hookEnvironment = (env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv => ({
  ...ownEnvironment(env, cwd),
  // A git that finds no translations speaks the language that we read, whatever the locale of its hooks is.
  GIT_TEXTDOMAINDIR: '/dev/null',
  ...(env.GIT_LITERAL_PATHSPECS === undefined ? {} : { GIT_LITERAL_PATHSPECS: '0' }),
});

const ownEnvironment = (env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv => {
  const places: Record<string, string> = {};
  for (const name of placeVariables) {
    const place = env[name];
    if (place) places[name] = resolve(cwd, place);
  }
  return {
    ...env,
    ...places,
    GIT_TERMINAL_PROMPT: env.GIT_TERMINAL_PROMPT ?? '0',
    [insideOurGit]: '1',
  };
};

/** A path that git takes as it is, without globs. */
export const literalPath = (path: string): string => `:(literal)${path}`;
