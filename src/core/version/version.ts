import parse from 'semver/functions/parse.js';

type Parsed = NonNullable<ReturnType<typeof parse>>;

/** The text itself if it is a canonical semantic version (no `v`, no build metadata, no blanks), else null. */
export const parseVersion = (text: string): string | null => (parse(text)?.version === text ? text : null);

/** Negative when a is lower, 0 when equal, positive when higher. Throws on a text that is no version. */
export const compareVersions = (a: string, b: string): number => parsed(a).compare(parsed(b));

/** Whether a canonical version has a pre-release part; without build metadata only that part brings a hyphen. */
export const isPrerelease = (version: string): boolean => version.includes('-');

/** The versions, lowest first, as a new array. Each is parsed once, so thousands sort in milliseconds. */
export const sortVersions = (versions: Iterable<string>): string[] =>
  Array.from(versions, parsed)
    .sort((a, b) => a.compare(b))
    .map(({ version }) => version);

/** The highest of all, pre-releases included; null of none. */
export const highestVersion = (versions: Iterable<string>): string | null => {
  let highest: Parsed | null = null;
  for (const text of versions) {
    const candidate = parsed(text);
    if (!highest || candidate.compare(highest) > 0) highest = candidate;
  }
  return highest?.version ?? null;
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
