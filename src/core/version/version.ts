import parse from 'semver/functions/parse.js';

type Parsed = NonNullable<ReturnType<typeof parse>>;

/** The text itself if it is a canonical semantic version (no `v`, no build metadata, no blanks), else null. */
export const parseVersion = (text: string): string | null =>
  stableNumbers(text) || parse(text)?.version === text ? text : null;

/** Negative when a is lower, 0 when equal, positive when higher. Throws on a text that is no version. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [stableNumbers(a), stableNumbers(b)];
  if (!left || !right) return parsed(a).compare(parsed(b));
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
};

type Numbers = readonly [major: number, minor: number, patch: number];

/** A listing compares thousands of stable versions, the same few again and again: their numbers need no parser. */
const stableNumbers = (version: string): Numbers | null => {
  const known = readNumbers.get(version);
  if (known !== undefined) return known;
  const match = /^(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})$/.exec(version);
  const numbers: Numbers | null = match && [Number(match[1]), Number(match[2]), Number(match[3])];
  if (readNumbers.size > 10_000) readNumbers.clear();
  readNumbers.set(version, numbers);
  return numbers;
};

const readNumbers = new Map<string, Numbers | null>();

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
