import parse from 'semver/functions/parse.js';

type Parsed = NonNullable<ReturnType<typeof parse>>;

/** The text itself if it is a canonical semantic version (no `v`, no build metadata, no blanks), else null. */
export const parseVersion = (text: string): string | null =>
  stableVersion(text)?.text ?? (parse(text)?.version === text ? text : null);

/** Negative when a is lower, 0 when equal, positive when higher. Throws on a text that is no version. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [stableVersion(a), stableVersion(b)];
  if (!left || !right) return parsed(a).compare(parsed(b));
  return left.major - right.major || left.minor - right.minor || left.patch - right.patch;
};

interface StableVersion {
  /** One string for all its copies, which are found again faster. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** A listing compares thousands of stable versions, the same few again and again: they need no parser. */
const stableVersion = (text: string): StableVersion | null => {
  const known = stableVersions.get(text);
  if (known !== undefined) return known;
  const match = /^(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})$/.exec(text);
  const version: StableVersion | null = match && {
    text,
    major: Number(match[1]),
    minor: Number(match[2]),
    patch: Number(match[3]),
  };
  if (stableVersions.size > 10_000) stableVersions.clear();
  stableVersions.set(text, version);
  return version;
};

const stableVersions = new Map<string, StableVersion | null>();

/** Whether a canonical version has a pre-release part; without build metadata only that part brings a hyphen. */
export const isPrerelease = (version: string): boolean => version.includes('-');

/** The versions, lowest first, as a new array. */
export const sortVersions = (versions: Iterable<string>): string[] => [...versions].sort(compareVersions);

/** The highest of all, pre-releases included; null of none. */
export const highestVersion = (versions: Iterable<string>): string | null => {
  let highest: string | null = null;
  for (const version of versions) {
    if (highest === null || compareVersions(version, highest) > 0) highest = version;
  }
  return highest;
};

/** The highest version that is no pre-release; null of none. */
export const highestStable = (versions: Iterable<string>): string | null =>
  highestVersion(Array.from(versions).filter((version) => !isPrerelease(version)));

/** Major, minor, patch and the pre-release identifiers of a canonical version. */
export const splitVersion = (version: string): Pick<Parsed, 'major' | 'minor' | 'patch' | 'prerelease'> =>
  parsed(version);

const parsed = (text: string): Parsed => {
  const version = parse(text);
  if (!version) throw new TypeError(`Not a semantic version: ${JSON.stringify(text)}`);
  return version;
};
