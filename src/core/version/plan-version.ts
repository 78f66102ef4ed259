import { promptvError } from '../../errors.ts';
import { compareImpact, type Impact } from '../impact/grade.ts';
import { type BumpRequest, preidProblem, type RecordedBump } from './bump.ts';
import { escapeControls } from './control-characters.ts';
import { isTaken, type Level, levelBetween, nextPrerelease, nextStable } from './next-version.ts';
import { compareVersions, highestStable, highestVersion, isPrerelease, parseVersion } from './version.ts';

/** What decides the kind of the next number, before the impact of the change is known. */
export interface TargetRequest {
  /** `--bump`. */
  readonly bump?: BumpRequest | undefined;
  /** `--set-version`. */
  readonly setVersion?: string | undefined;
  /** `--preid`; asks for a pre-release by itself. */
  readonly preid?: string | undefined;
  /** What `bumpForBranch` says; `--bump` wins over it. */
  readonly branchBump?: BumpRequest | null | undefined;
  /** What `preidForBranch` says: non-null makes a pre-release of everything but `--set-version`. */
  readonly branchPreid?: string | null | undefined;
}

export interface VersionRequest extends TargetRequest {
  /** The prompt's valid versions. */
  readonly versions: readonly string[];
  readonly impact: Impact;
  /** Numbers that invalid tags hold; they are skipped and are no predecessors. */
  readonly taken?: readonly string[] | undefined;
  /** `bump.preid`: the identifier of a pre-release for which nobody names another. */
  readonly defaultPreid: string;
}

/** The kind of the next number. */
interface VersionTarget {
  readonly isPrerelease: boolean;
  /** The number itself where it is given; what is not below it does not count. */
  readonly below: string | undefined;
}

interface VersionPlan {
  readonly version: string;
  /** What it is compared with; null makes it the first. */
  readonly previousVersion: string | null;
  readonly bump: RecordedBump;
  /** The number promises callers less change than there is. */
  readonly belowImpact: boolean;
}

/** What the next number will be, decided without the impact. Throws VERSION_INVALID. */
export const planTarget = (request: TargetRequest): VersionTarget => {
  const { setVersion } = request;
  if (request.preid !== undefined) assertPreid(request.preid);
  if (setVersion === undefined) {
    const isPre = requestedBump(request) === 'prerelease' || requestedPreid(request) !== null;
    return { isPrerelease: isPre, below: undefined };
  }
  assertUsable(setVersion);
  return { isPrerelease: isPrerelease(setVersion), below: setVersion };
};

/**
 * Whether a version may be the one that the next is compared with, which is the highest of those that may: a stable
 * number with stable versions, a pre-release with all, a number that is given with those below it.
 */
export const isComparable = (target: VersionTarget, version: string): boolean =>
  (target.isPrerelease || !isPrerelease(version)) &&
  (target.below === undefined || compareVersions(version, target.below) < 0);

/**
 * The next version of a prompt: free, and above its predecessor. Throws VERSION_INVALID for a given number or
 * identifier that cannot be used.
 */
export const planVersion = (request: VersionRequest): VersionPlan => {
  const { versions, taken = [], impact } = request;
  const target = planTarget(request);
  const version = request.setVersion ?? nextNumber(request, target);
  assertUsable(version);
  if (isTaken(version, { versions, taken })) throw unusable(version, 'it is taken');
  const level = levelFromStable(versions, version);
  const belowImpact = level !== null && compareImpact(level, impact) < 0;
  const previousVersion = highestVersion(versions.filter((other) => isComparable(target, other)));
  const grown = target.isPrerelease ? 'prerelease' : (level ?? 'initial');
  const bump = request.setVersion !== undefined ? 'explicit' : previousVersion === null ? 'initial' : grown;
  return { version, previousVersion, bump, belowImpact };
};

const requestedBump = ({ bump, branchBump }: TargetRequest): BumpRequest => bump ?? branchBump ?? 'auto';

const requestedPreid = ({ preid, branchPreid }: TargetRequest): string | null => preid ?? branchPreid ?? null;

const nextNumber = (request: VersionRequest, target: VersionTarget): string => {
  const bump = requestedBump(request);
  const next = {
    versions: request.versions,
    taken: request.taken ?? [],
    level: bump === 'auto' || bump === 'prerelease' ? impactLevel(request.impact) : bump,
    // `--bump patch` while 2.0.0-rc.1 is pending is a hot fix, not the release of 2.0.0.
    releasesPending: request.bump === undefined || request.bump === 'auto',
  };
  if (!target.isPrerelease) return nextStable(next);
  const preid = requestedPreid(request) ?? request.defaultPreid;
  assertPreid(preid);
  return nextPrerelease(next, preid);
};

const assertPreid = (preid: string): void => {
  const reason = preidProblem(preid);
  if (reason) throw unusable(`X.Y.Z-${preid}.1`, reason);
};

const impactLevel = (impact: Impact): Level => (impact === 'none' ? 'patch' : impact);

/** Git's rule for refs and the length of a file's name forbid some semantic versions. */
const assertUsable = (version: string): void => {
  const reason = versionProblem(version);
  if (reason) throw unusable(version, reason);
};

const unusable = (version: string, reason: string) =>
  promptvError('VERSION_INVALID', { version: escapeControls(version), reason });

const versionProblem = (version: string): string | null => {
  if (version.includes('+')) return 'build metadata ("+…") has no place in a version';
  if (parseVersion(version) === null) return 'it is not a semantic version';
  if (version.endsWith('.lock')) return 'git allows no name that ends in ".lock"';
  return version.length > 100 ? 'it is longer than 100 characters' : null;
};

const levelFromStable = (versions: readonly string[], version: string): Level | null => {
  const stable = highestStable(versions.filter((other) => compareVersions(other, version) < 0));
  return stable === null ? null : levelBetween(stable, version);
};
