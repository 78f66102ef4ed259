const segment = '[a-z0-9][a-z0-9_-]*(?:\\.[a-z0-9_-]+)*';
const segmentPattern = new RegExp(`^${segment}$`);
const namePattern = new RegExp(`^${segment}(?:/${segment})*$`);
const maxNameLength = 100;

/** Windows opens the device whatever extension follows, so such a file could not be checked out there. */
const devicePattern = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;
const versionPattern = /^v?\d+(?:\.\d+)+(?:-.*)?$|^v\d+$/;
/** The ranges semver reads that fit the alphabet of a segment: `1`, `v1.2`, `1.x`, `x`, `1.2.3-rc.1`. */
const rangePattern = /^v*(?:\d+|x)(?:\.(?:\d+|x)(?:\.(?:\d+|x)(?:-.+)?)?)?$/;
const selectorWords = ['latest', 'next', 'working', 'git', 'candidate'];

/** Why `name` cannot name a prompt, as a clause for `NAME_INVALID`; null of a valid name. */
export const promptNameProblem = (name: string): string | null => {
  if (name === '') return 'it is empty';
  if (name.length > maxNameLength) return `it has ${name.length} characters, more than ${maxNameLength}`;
  if (!namePattern.test(name)) return alphabetProblem(name);
  for (const part of name.split('/')) {
    const problem = reservedProblem(part);
    if (problem !== null) return problem;
    if (versionPattern.test(part)) return `"${part}" looks like a version`;
  }
  return null;
};

/** Why `name` cannot name an environment, a stage or an experiment; null of a valid name. */
export const segmentNameProblem = (name: string): string | null => {
  if (name === '') return 'it is empty';
  if (name.length > maxNameLength) return `it has ${name.length} characters, more than ${maxNameLength}`;
  if (name.includes('/')) return 'it contains "/"';
  if (!segmentPattern.test(name)) return alphabetProblem(name);
  if (selectorWords.includes(name)) return `"${name}" is a selector of versions`;
  if (rangePattern.test(name) || versionPattern.test(name)) return `"${name}" reads as a version or a range`;
  return reservedProblem(name);
};

const alphabetProblem = (name: string): string => {
  const bad = /[^a-z0-9_./-]/u.exec(name);
  if (bad) return `the character ${JSON.stringify(bad[0])} is not allowed`;
  return 'every part between "/" begins with a letter or digit, and after a "." comes a letter, digit, "-" or "_"';
};

const reservedProblem = (part: string): string | null => {
  if (part.endsWith('.lock')) return `"${part}" ends in ".lock", which git keeps for itself`;
  if (devicePattern.test(part)) return `"${part}" is the name of a device on Windows`;
  return null;
};

const promptExtension = /\.(?:yaml|yml|json)$/i;
const testsFile = /\.test\.(?:yaml|yml|json)$/i;

/** The name a file gives its prompt: lower-cased, spaces as `-`, without extension and `.prompt`. It may be invalid. */
export const promptNameOfPath = (pathBelowPromptsDir: string): string =>
  pathBelowPromptsDir
    .replaceAll('\\', '/')
    .replace(promptExtension, '')
    .replace(/\.prompt$/i, '')
    .toLowerCase()
    .replaceAll(' ', '-');

/** Whether a path below the prompts directory is a prompt: neither tests beside one nor hidden. */
export const isPromptPath = (path: string): boolean =>
  promptExtension.test(path) && !testsFile.test(path) && !/(?:^|[\\/])\./.test(path);

/** The files beside a prompt that belong to its tests: lists of cases, and last the snapshots. */
export const testPathsOf = (promptPath: string): string[] => {
  const base = promptPath.replace(promptExtension, '').replace(/\.prompt$/i, '');
  return ['yaml', 'yml', 'json', 'snap'].map((extension) => `${base}.test.${extension}`);
};

/** The known names most like `wanted`, nearest first: those a person may have meant. */
export const nearestNames = (wanted: string, known: Iterable<string>, limit = 3): string[] => {
  const tolerance = Math.max(2, Math.floor(wanted.length / 3));
  return [...new Set(known)]
    .map((name) => ({ name, distance: nameDistance(wanted, name) }))
    .filter(({ distance }) => distance <= tolerance)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
};

/** ` Did you mean a or b?`, or nothing. */
export const suggestion = (near: readonly string[]): string =>
  near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;

/** The same for an environment; where none is near, all that there are: they are few. */
export const suggestEnvironment = (wanted: string, known: readonly string[]): string => {
  const near = nearestNames(wanted, known);
  return near.length > 0 || known.length === 0 ? suggestion(near) : ` There are ${known.join(', ')}.`;
};

/** A last part typed without its folder counts as one slip: `triage` for `support/triage`. */
const nameDistance = (wanted: string, name: string): number =>
  name.endsWith(`/${wanted}`) ? 1 : editDistance(wanted, name);

const editDistance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substituted = at(previous, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, at(previous, column) + 1, at(current, column - 1) + 1));
    }
    previous = current;
  }
  return at(previous, b.length);
};

const at = (row: readonly number[], column: number): number => row[column] ?? 0;
