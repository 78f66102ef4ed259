import { readWorkingSources } from '../sources.ts';
import { type Versions, versionNotFound } from '../versions.ts';
import { promptNotFound, type Workspace } from '../workspace.ts';

/** A prompt, and perhaps a version, that a record names. */
export interface NamedVersion {
  readonly prompt: string;
  readonly version?: string;
}

/** Says whether a record names what is not there: the error to throw, or null. */
export type FindUnknown = (named: NamedVersion) => Promise<Error | null>;

/**
 * Checks names against tags and, for a prompt that was never saved, against the files. At most one git process for
 * all the prompts given.
 */
export const createUnknownFinder = async (
  workspace: Workspace,
  versions: Versions,
  prompts: readonly string[],
): Promise<FindUnknown> => {
  await versions.list([...new Set(prompts)]);
  const found = new Map<string, Promise<Error | null>>();
  let files: Promise<readonly string[]> | undefined;
  const readFiles = (): Promise<readonly string[]> => {
    files ??= readWorkingSources(workspace, new Set()).then(({ names }) => names);
    return files;
  };
  const find = async ({ prompt, version }: NamedVersion): Promise<Error | null> => {
    const refs = await versions.refsOf(prompt);
    if (refs.some((ref) => ref.version === version) || (version === undefined && refs.length > 0))
      return null;
    if (refs.length > 0) return versionNotFound(prompt, version ?? '', refs);
    const names = await readFiles();
    if (names.includes(prompt)) return version === undefined ? null : versionNotFound(prompt, version, []);
    await versions.listAll();
    return promptNotFound(prompt, [...names, ...versions.names()]);
  };
  return (named) => {
    const key = keyOf(named);
    const answer = found.get(key) ?? find(named);
    found.set(key, answer);
    return answer;
  };
};

const known = new WeakMap<Workspace, Set<string>>();

const keyOf = ({ prompt, version }: NamedVersion): string => `${prompt}@${version ?? ''}`;

/** Whether this workspace, as long as it is open, has found these names before: a version's tag never moves. */
export const isKnownHere = (workspace: Workspace, named: NamedVersion): boolean =>
  known.get(workspace)?.has(keyOf(named)) === true;

/** Notes names that were found, so that a server asks git once for each, not once for each of its runs. */
export const rememberKnown = (workspace: Workspace, found: readonly NamedVersion[]): void => {
  const names = known.get(workspace) ?? new Set();
  known.set(workspace, names);
  for (const named of found) names.add(keyOf(named));
};
