import { closestGlob, matchesBranchGlob } from './branch-glob.ts';

/** Which part of the number grows; `prerelease` keeps the part to the change's impact. */
export const bumps = ['major', 'minor', 'patch', 'prerelease'] as const;
export type Bump = (typeof bumps)[number];

/** What may be asked for: `auto` takes the impact of the change. */
export type BumpRequest = Bump | 'auto';

/** What a version records: `initial` for the first one, `explicit` for a number that was given. */
export const recordedBumps = [...bumps, 'initial', 'explicit'] as const;
export type RecordedBump = (typeof recordedBumps)[number];

/**
 * The bump that the configuration's rules (glob → bump) ask for on a branch: an exact name, then the closest glob,
 * else `patch`. Null when there are no rules, which leaves the choice to the impact.
 */
export const bumpForBranch = (
  rules: Readonly<Record<string, BumpRequest>>,
  branch: string | null,
): BumpRequest | null => {
  const globs = Object.keys(rules);
  if (globs.length === 0) return null;
  const glob = branch === null ? null : closestGlob(globs, branch);
  return (glob !== null && rules[glob]) || 'patch';
};

/**
 * The pre-release identifier that a branch must use, or null where it may release: when no release branches are
 * configured, or one of their globs matches. A detached HEAD without a branch gets `detached`.
 */
export const preidForBranch = (releaseBranches: readonly string[], branch: string | null): string | null => {
  if (releaseBranches.length === 0) return null;
  if (branch === null) return 'detached';
  return releaseBranches.some((glob) => matchesBranchGlob(glob, branch)) ? null : preidOfBranch(branch);
};

/** A branch name as one pre-release identifier: `feature/New_Tone` gives `feature-new-tone`; never a bare number. */
export const preidOfBranch = (branch: string): string => {
  const words = branch
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^0-9a-z]+/g, '-');
  const preid = words.slice(0, 40).replace(/^-+|-+$/g, '');
  return /^[0-9]*$/.test(preid) ? `branch-${preid}`.replace(/-$/, '') : preid;
};

/** Why a text cannot be the identifier of a pre-release, or null if it can (`rc`, `beta`, `feature-x`). */
export const preidProblem = (preid: string): string | null => {
  if (!/^[0-9A-Za-z-]+$/.test(preid)) return 'it has other characters than letters, digits and "-"';
  if (/^[0-9]+$/.test(preid)) return 'it is a number, which would pass for the counter';
  return preid.length > 50 ? 'it is longer than 50 characters' : null;
};
