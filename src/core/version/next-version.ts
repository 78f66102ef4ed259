import { promptvError } from '../../errors.ts';
import {
  compareVersions,
  highestStable,
  highestVersion,
  isPrerelease,
  parseVersion,
  splitVersion,
} from './version.ts';

/** The part of a number that grows. */
export type Level = 'major' | 'minor' | 'patch';

/** The numbers there are, and how far the next one must lie above the highest stable version. */
interface NextRequest {
  /** The valid versions. */
  readonly versions: readonly string[];
  /** Numbers of invalid tags, which are skipped. */
  readonly taken: readonly string[];
  readonly level: Level;
  /** Whether a pre-release above the highest stable version may be released. */
  readonly releasesPending: boolean;
}

/**
 * The next stable number: one level above the highest stable version, or the release of a pending pre-release
 * where that is as far. The first is the pending release, else 1.0.0. Taken numbers are skipped.
 */
export const nextStable = (request: NextRequest): string => {
  const stable = highestStable(request.versions);
  const pending = pendingRelease(request.versions);
  if (stable === null) return skipTaken(pending ?? '1.0.0', { ...request, level: 'patch' });
  const wanted = growVersion(stable, request.level);
  return skipTaken(request.releasesPending && pending ? higher(pending, wanted) : wanted, request);
};

/**
 * The next pre-release `X.Y.Z-PREID.N`, above all versions: of the pending release, or of a higher one that the
 * level needs (then N starts at 1 again). Where PREID sorts below the pending one's, the patch number grows too.
 */
export const nextPrerelease = (request: NextRequest, preid: string): string => {
  const highest = highestVersion(request.versions);
  let release = nextStable({ ...request, releasesPending: true });
  let version = continueCounter(release, preid, request);
  while (highest !== null && compareVersions(version, highest) <= 0) {
    release = skipTaken(growVersion(release, 'patch'), { ...request, level: 'patch' });
    version = continueCounter(release, preid, request);
  }
  return version;
};

/** The largest part in which a version differs from a lower stable one. */
export const levelBetween = (stable: string, version: string): Level => {
  const [from, to] = [splitVersion(stable), splitVersion(version)];
  if (from.major !== to.major) return 'major';
  return from.minor === to.minor ? 'patch' : 'minor';
};

/** Whether a number is held by a version or an invalid tag; letter case is ignored, as some file systems do. */
export const isTaken = (
  version: string,
  { versions, taken }: Pick<NextRequest, 'versions' | 'taken'>,
): boolean => [...versions, ...taken].some((other) => other.toLowerCase() === version.toLowerCase());

/** `X.Y.Z` of the highest version when that is a pre-release. */
const pendingRelease = (versions: readonly string[]): string | null => {
  const highest = highestVersion(versions);
  if (highest === null || !isPrerelease(highest)) return null;
  const { major, minor, patch } = splitVersion(highest);
  return `${major}.${minor}.${patch}`;
};

const growVersion = (stable: string, level: Level): string => {
  const { major, minor, patch } = splitVersion(stable);
  const grown = { major: [major + 1, 0, 0], minor: [major, minor + 1, 0], patch: [major, minor, patch + 1] };
  const version = grown[level].join('.');
  if (parseVersion(version)) return version;
  throw promptvError('VERSION_INVALID', { version, reason: 'semver allows no number as large' });
};

const higher = (a: string, b: string): string => (compareVersions(a, b) >= 0 ? a : b);

const skipTaken = (start: string, request: NextRequest): string => {
  let version = start;
  while (isTaken(version, request)) version = growVersion(version, request.level);
  return version;
};

const continueCounter = (release: string, preid: string, { versions, taken }: NextRequest): string => {
  const prefix = `${release}-${preid}.`.toLowerCase();
  const counters = [...versions, ...taken]
    .filter((version) => version.toLowerCase().startsWith(prefix))
    .map((version) => Number.parseInt(version.slice(prefix.length), 10))
    .filter(Number.isSafeInteger);
  return `${release}-${preid}.${Math.max(0, ...counters) + 1}`;
};
