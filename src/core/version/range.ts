import Range from 'semver/classes/range.js';
import { highestStable, highestVersion, isPrerelease } from './version.ts';

/** Whether the text is a semver range such as `^1.2.0`, `1.x` or `>=1.0.0 <3.0.0`; blank text is none. */
export const isRange = (text: string): boolean => parseRange(text) !== null;

/**
 * The highest stable version in the range. A pre-release is taken only when no stable one matches and the
 * range itself names a pre-release of the same major.minor.patch (semver's own rule). Null when none matches.
 */
export const highestInRange = (versions: Iterable<string>, range: string): string | null => {
  const parsed = parseRange(range);
  if (!parsed) return null;
  const matching = Array.from(versions).filter((version) => parsed.test(version));
  return highestStable(matching) ?? highestVersion(matching);
};

/**
 * The first of the versions (highest first) that every range allows: a stable one before any pre-release. Null when
 * none does, or when a range is no range.
 */
export const firstInRanges = (versions: readonly string[], ranges: readonly string[]): string | null => {
  const parsed = ranges.map(parseRange);
  const isAllowed = (version: string): boolean => parsed.every((range) => range?.test(version));
  const stable = versions.find((version) => !isPrerelease(version) && isAllowed(version));
  return stable ?? versions.find((version) => isPrerelease(version) && isAllowed(version)) ?? null;
};

/** Build metadata is refused: semver drops it silently, so `1.0.0+x` would name 1.0.0. */
const parseRange = (text: string): Range | null => {
  if (text.trim() === '' || text.includes('+')) return null;
  try {
    return new Range(text);
  } catch {
    return null;
  }
};
