import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isPromptPath, promptNameOfPath, promptNameProblem } from '../core/prompt/name.ts';
import { type PromptvError, promptvError } from '../errors.ts';
import { accessError, systemCodeOf } from './file-access.ts';
import { createGlobMatcher } from './glob-matcher.ts';

/** A prompt's file. `path` is relative to the workspace, with `/`. */
export interface PromptFile {
  readonly name: string;
  readonly path: string;
  readonly absolutePath: string;
}

/** Where prompts are looked for: a directory below the workspace, and globs relative to that directory. */
export interface PromptFileOptions {
  readonly dir: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Only prompts of these names: folders that cannot hold one are not looked into. */
  readonly only?: ReadonlySet<string>;
}

export interface PromptFileList {
  /** By name. */
  readonly files: readonly PromptFile[];
  /** Files that cannot be prompts, by path; the others are listed all the same. */
  readonly problems: readonly { readonly path: string; readonly error: PromptvError }[];
}

/**
 * Finds the prompts of a workspace without reading them. Hidden files, tests beside prompts and node_modules are
 * passed over; no link is followed. A directory that is not there has no prompts. Throws `FILE_OUTSIDE`,
 * `FILE_SYMLINK` and `PROMPTS_DIR_INVALID` of the directory itself, `FILE_ACCESS`.
 */
export const listPromptFiles = async (root: string, options: PromptFileOptions): Promise<PromptFileList> => {
  const directory = promptDirectory(root, options.dir);
  const entries: FoundEntry[] = [];
  walkDirectory({ directory, found: entries, canHold: folderFilter(options.only) }, '');
  const matches = await createGlobMatcher(options);
  const place = { directory, path: relative(root, directory).replaceAll(sep, '/') };
  const candidates = entries
    .filter(({ below }) => matches(below))
    .map((entry) => toCandidate(place, entry))
    .filter(({ name }) => !options.only || options.only.has(name));
  return sortOut(candidates);
};

const promptDirectory = (root: string, dir: string): string => {
  const directory = resolve(root, dir);
  if (!isInside(root, directory)) throw promptvError('FILE_OUTSIDE', { path: dir, directory: root });
  assertFolders(root, dir);
  if (lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink())
    throw promptvError('FILE_SYMLINK', { path: dir });
  return directory;
};

/** No part of the directory's path is a file. */
const assertFolders = (root: string, dir: string): void => {
  const parts = dir.split('/');
  for (const index of parts.keys()) {
    const path = parts.slice(0, index + 1).join('/');
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    if (!found) return;
    if (!found.isDirectory()) throw promptvError('PROMPTS_DIR_INVALID', { dir, path });
  }
};

/** Whether a path is the directory or lies below it; both absolute. */
export const isInside = (directory: string, path: string): boolean => {
  const below = relative(directory, path);
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
};

interface FoundEntry {
  /** Relative to the prompts directory, with `/`. */
  readonly below: string;
  readonly isLink: boolean;
}

interface Walk {
  readonly directory: string;
  readonly found: FoundEntry[];
  /** Whether a folder, by its path below the directory, can hold a prompt that is looked for. */
  readonly canHold: (below: string) => boolean;
}

const walkDirectory = (walk: Walk, below: string): void => {
  for (const entry of readEntries(join(walk.directory, below))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) {
      if (walk.canHold(path)) walkDirectory(walk, path);
    } else if (entry.isSymbolicLink() ? isLinkToPrompts(walk.directory, path) : isPromptPath(path)) {
      walk.found.push({ below: path, isLink: entry.isSymbolicLink() });
    }
  }
};

/** A folder may be spelt otherwise than the names of its prompts: `Team A/` holds `team-a/greeting`. */
const folderFilter = (only: ReadonlySet<string> | undefined): ((below: string) => boolean) => {
  if (!only) return () => true;
  const folders = new Set([...only].flatMap((name) => parentsOf(name)));
  // As a part of a path, for a folder has no extension to lose.
  return (below) => folders.has(promptNameOfPath(`${below}/x`).slice(0, -'/x'.length));
};

const parentsOf = (name: string): string[] => {
  const segments = name.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
};

const readEntries = (directory: string): Dirent[] => {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw accessError(directory, error);
  }
};

/** A link that hides prompts: one named like a prompt, or one to a directory. */
const isLinkToPrompts = (directory: string, path: string): boolean =>
  isPromptPath(path) || (statSync(join(directory, path), { throwIfNoEntry: false })?.isDirectory() ?? false);

interface Candidate extends PromptFile {
  readonly error: PromptvError | null;
}

/** The prompts directory, absolute and from the workspace. */
interface PromptPlace {
  readonly directory: string;
  readonly path: string;
}

const toCandidate = (place: PromptPlace, { below, isLink }: FoundEntry): Candidate => {
  const absolutePath = `${place.directory}${sep}${below}`;
  const path = place.path === '' ? below : `${place.path}/${below}`;
  const name = promptNameOfPath(below);
  const reason = promptNameProblem(name);
  if (isLink) return { name, path, absolutePath, error: promptvError('FILE_SYMLINK', { path }) };
  const error =
    reason === null ? null : promptvError('NAME_INVALID', { name, reason: `${reason} (${path})`, path });
  return { name, path, absolutePath, error };
};

const sortOut = (candidates: readonly Candidate[]): PromptFileList => {
  const byName = new Map<string, Candidate[]>();
  // What cannot be a prompt takes no name away from one that can.
  for (const candidate of candidates.filter(({ error }) => error === null)) {
    byName.set(candidate.name, [...(byName.get(candidate.name) ?? []), candidate]);
  }
  const judged = candidates.map((candidate) => {
    const namesakes = byName.get(candidate.name) ?? [];
    const paths = namesakes.map(({ path }) => path).sort(compareText);
    const clash = namesakes.length > 1 ? promptvError('NAME_CLASH', { name: candidate.name, paths }) : null;
    return { ...candidate, error: candidate.error ?? clash };
  });
  return {
    files: judged
      .filter(({ error }) => error === null)
      .map(({ name, path, absolutePath }) => ({ name, path, absolutePath }))
      .sort((x, y) => compareText(x.name, y.name)),
    problems: judged
      .flatMap(({ path, error }) => (error === null ? [] : [{ path, error }]))
      .sort((x, y) => compareText(x.path, y.path)),
  };
};

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
