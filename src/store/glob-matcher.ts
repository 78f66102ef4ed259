import { type Dirent, readdir } from 'node:fs';

interface Globs {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * A test for paths relative to a directory, with `/`: matched by an `include` (without any: all) and by no
 * `exclude`. It knows only paths that are there now. No link is followed, but a link itself can match.
 */
export const createGlobMatcher = async (
  directory: string,
  { include = [], exclude = [] }: Globs,
): Promise<(below: string) => boolean> => {
  if (include.length === 0 && exclude.length === 0) return () => true;
  // Patterns are rare: without them its loading is spared.
  const { glob } = await import('tinyglobby');
  const matched = await glob(include.length === 0 ? ['**'] : [...include], {
    cwd: directory,
    ignore: [...exclude],
    followSymbolicLinks: false,
    expandDirectories: false,
    // The declared type also wants the promisified form of `readdir`, which is never called.
    fs: Object.assign(Object.create(null), { readdir: readLinksAsFiles }),
  });
  const paths = new Set(matched);
  return (below) => paths.has(below);
};

type ReadCallback = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

/** Links would be left out of the result, and a link that nobody wants could then not be excluded. */
const readLinksAsFiles = (
  path: string,
  options: { readonly withFileTypes: true },
  callback: ReadCallback,
): void => {
  readdir(path, options, (error, entries) => {
    for (const entry of entries ?? []) {
      if (entry.isSymbolicLink()) Object.assign(entry, { isFile: () => true, isSymbolicLink: () => false });
    }
    callback(error, entries);
  });
};
