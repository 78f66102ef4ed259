import { ciProviders, isSet } from './ci-providers.ts';

/** What a CI system says of the run. The strings are data from outside: escape them before they reach a terminal. */
export interface CiContext {
  /** `unknown` when only `CI` is set. */
  readonly provider: string;
  /** The branch that is built, for a pull request its source (which may be a fork's); null for a tag. */
  readonly branch: string | null;
  /** The branch that a pull request is to be merged into. */
  readonly targetBranch: string | null;
  readonly tag: string | null;
  /** A full object id; for a pull request often that of a trial merge. */
  readonly commit: string | null;
  readonly run: string | null;
  /** The run's page, without credentials. */
  readonly url: string | null;
  readonly isPullRequest: boolean;
}

/** The CI system that set these environment variables, with what it says of the run; null outside of CI. */
export const readCiContext = (env: Readonly<Record<string, string | undefined>>): CiContext | null => {
  const read = (name: string): string | null => env[name]?.trim() || null;
  const provider = ciProviders.find(({ isActive }) => isActive(read));
  if (!provider) return isSet(read('CI')) ? { provider: 'unknown', ...nothing } : null;
  const run = { ...nothing, ...provider.readRun(read) };
  return {
    provider: provider.name,
    ...run,
    // Some systems repeat the tag as the branch.
    branch: run.tag === null ? run.branch : null,
    commit: run.commit !== null && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(run.commit) ? run.commit : null,
    url: run.url === null ? null : withoutCredentials(run.url),
  };
};

const nothing = {
  branch: null,
  targetBranch: null,
  tag: null,
  commit: null,
  run: null,
  url: null,
  isPullRequest: false,
};

const withoutCredentials = (text: string): string | null => {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return /^https?:$/.test(url.protocol) ? url.href : null;
};
