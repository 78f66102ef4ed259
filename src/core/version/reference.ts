import { promptvError } from '../../errors.ts';
import { escapeControls, hasControls } from './control-characters.ts';
import { highestInRange, isRange } from './range.ts';
import { highestStable, highestVersion, parseVersion } from './version.ts';

/** What stands behind the `@` of a reference. A `word` is an environment's name or a semver range. */
export type Selector =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'latest' }
  | { readonly kind: 'next' }
  | { readonly kind: 'working' }
  | { readonly kind: 'candidate' }
  | { readonly kind: 'git'; readonly revision: string }
  | { readonly kind: 'word'; readonly text: string };

/** `NAME[@SELECTOR]`; the name may still be a file's path. A null selector leaves it to the command's default. */
interface Reference {
  readonly name: string;
  readonly selector: Selector | null;
}

/** The selectors that a list of versions and the environments' names can answer. */
export type VersionSelector = Exclude<Selector, { kind: 'working' | 'candidate' | 'git' }>;

/** What a selector names: a version, an environment (its state tells the version), or nothing; then its text. */
type Selection =
  | { readonly version: string }
  | { readonly environment: string }
  | { readonly notFound: string };

export const selectorKeywords = ['latest', 'next', 'working', 'candidate'] as const;

const isKeyword = (text: string): text is (typeof selectorKeywords)[number] =>
  selectorKeywords.some((keyword) => keyword === text);

/**
 * Splits at the last `@`, or before the first `@git:`, for a revision may have an `@` of its own. An `@` followed by
 * a path separator belongs to a path. Throws REF_INVALID.
 */
export const parseReference = (text: string): Reference => {
  const gitAt = text.indexOf('@git:');
  const at = gitAt >= 0 ? gitAt : text.lastIndexOf('@');
  const isSplit = at >= 0 && (gitAt >= 0 || !/[/\\]/.test(text.slice(at)));
  const name = isSplit ? text.slice(0, at) : text;
  if (name === '') throw invalid(text, 'the name is missing');
  if (name !== name.trim()) throw invalid(text, 'the name begins or ends with a blank');
  if (hasControls(name)) throw invalid(text, 'the name has a control character');
  return { name, selector: isSplit ? readSelector(text.slice(at + 1), text) : null };
};

/** Reads a selector that stands alone, as the second operand of `diff NAME FROM TO`. Throws REF_INVALID. */
export const parseSelector = (text: string): Selector => readSelector(text, text);

/**
 * The version or environment that a selector names, looked up as: exact version, `latest` (highest stable), `next`
 * (highest of all), an environment's name, a semver range (highest stable match, see `highestInRange`).
 */
export const selectVersion = (
  selector: VersionSelector,
  known: { readonly versions: readonly string[]; readonly environments: readonly string[] },
): Selection => {
  if (selector.kind === 'word' && known.environments.includes(selector.text)) {
    return { environment: selector.text };
  }
  const version = findVersion(selector, known.versions);
  return version === null ? { notFound: formatSelector(selector) } : { version };
};

/** A selector as one writes it behind the `@`. */
export const formatSelector = (selector: Selector): string => {
  if (selector.kind === 'version') return selector.version;
  if (selector.kind === 'git') return `git:${selector.revision}`;
  return selector.kind === 'word' ? selector.text : selector.kind;
};

const findVersion = (selector: VersionSelector, versions: readonly string[]): string | null => {
  if (selector.kind === 'latest') return highestStable(versions);
  if (selector.kind === 'next') return highestVersion(versions);
  if (selector.kind === 'word') return highestInRange(versions, selector.text);
  return versions.includes(selector.version) ? selector.version : null;
};

const readSelector = (text: string, ref: string): Selector => {
  if (text === '') throw invalid(ref, 'the selector is empty');
  if (text !== text.trim()) throw invalid(ref, 'the selector begins or ends with a blank');
  if (hasControls(text)) throw invalid(ref, 'the selector has a control character');
  if (text.startsWith('git:')) return readRevision(text.slice('git:'.length), ref);
  if (isKeyword(text)) return { kind: text };
  const version = parseVersion(text);
  if (version) return { kind: 'version', version };
  if (/^\w[\w.-]*$/.test(text) || isRange(text)) return { kind: 'word', text };
  throw invalid(ref, `${text} is no version, keyword, environment or range`);
};

/** Refuses what git would take for an option, an exclusion, a range or a path inside a tree. */
const readRevision = (revision: string, ref: string): Selector => {
  if (revision === '') throw invalid(ref, 'the revision after "git:" is missing');
  if (/^[-^]/.test(revision)) throw invalid(ref, `a revision cannot begin with "${revision[0]}"`);
  if (revision !== revision.trim()) throw invalid(ref, 'the revision begins with a blank');
  if (/:|\.\./.test(revision)) throw invalid(ref, 'a revision names one commit, without ":" and ".."');
  return { kind: 'git', revision };
};

const invalid = (ref: string, reason: string) =>
  promptvError('REF_INVALID', { ref: escapeControls(ref), reason: escapeControls(reason) });
