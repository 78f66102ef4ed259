import { promptNameProblem } from '../prompt/name.ts';
import { parseVersion } from './version.ts';

/** One version of one prompt. */
export interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

/** The short tag name of a version: `prompts/support/triage@1.4.0`. */
export const formatTagName = ({ prefix, name, version }: NamedVersion & { prefix: string }): string =>
  `${prefix}/${name}@${version}`;

/** The full ref of a version's tag: `refs/tags/prompts/support/triage@1.4.0`. */
export const tagRefName = (parts: NamedVersion & { prefix: string }): string =>
  `refs/tags/${formatTagName(parts)}`;

/** Name and version of a short tag name (no `refs/tags/`); null for any text that `formatTagName` cannot give. */
export const parseTagName = (prefix: string, tag: string): NamedVersion | null => {
  if (!tag.startsWith(`${prefix}/`)) return null;
  const rest = tag.slice(prefix.length + 1);
  const at = rest.indexOf('@');
  if (at < 0) return null;
  const name = rest.slice(0, at);
  const version = parseVersion(rest.slice(at + 1));
  return version && promptNameProblem(name) === null ? { name, version } : null;
};
