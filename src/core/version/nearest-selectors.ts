import { nearestNames } from '../prompt/name.ts';
import { isRange } from './range.ts';
import { selectorKeywords } from './reference.ts';
import { compareVersions, highestVersion, parseVersion, sortVersions } from './version.ts';

/**
 * What a person may have meant by a selector that finds nothing: for a number the versions right below and above it,
 * for a range the highest version, for a word the words most like it.
 */
export const nearestSelectors = (
  wanted: string,
  known: { readonly versions: readonly string[]; readonly environments: readonly string[] },
): string[] => {
  if (parseVersion(wanted)) return neighboursOf(wanted, known.versions);
  if (isRange(wanted)) return [highestVersion(known.versions)].filter((version) => version !== null);
  return nearestNames(wanted, [...selectorKeywords, ...known.environments, ...known.versions]);
};

const neighboursOf = (wanted: string, versions: readonly string[]): string[] => {
  const sorted = sortVersions(versions);
  const below = sorted.findLast((version) => compareVersions(version, wanted) < 0);
  const above = sorted.find((version) => compareVersions(version, wanted) > 0);
  return [below, above].filter((version) => version !== undefined);
};
