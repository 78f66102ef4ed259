import { isRange } from '../version/range.ts';
import { selectorKeywords } from '../version/reference.ts';

const segmentPattern = /^[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*$/;
const windowsDevice = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/;
const keywords: readonly string[] = [...selectorKeywords, 'git'];

/**
 * Why a text cannot name an environment, a stage or an experiment, or null if it can. Such a name stands in paths
 * and behind the `@` of references, so it is one path segment and neither a selector nor a range.
 */
export const environmentNameProblem = (name: string): string | null => {
  if (name.length > 100) return 'must have at most 100 characters';
  if (!segmentPattern.test(name)) return 'must have lower-case letters, digits, "-", "_" and single "." only';
  if (name.endsWith('.lock')) return 'must not end in ".lock", which git keeps for itself';
  if (windowsDevice.test(name)) return 'must not be the name of a Windows device';
  if (keywords.includes(name))
    return 'must not be a selector of its own (latest, next, working, candidate, git)';
  return isRange(name) ? 'must not be a version or a range of versions' : null;
};
