import type { CacheFolder } from './cache-folder.ts';

/** Fewer members than this are read faster than a file is written. */
const worthCaching = 40;

/** Raised whenever the meaning of what is stored changes. */
const formatVersion = 1;

/**
 * What a sweep derived from one git tree, as plain data in a file of `.promptv/cache/`. A tree's id stands for one
 * content for ever, so it is never out of date; the file may be deleted at any time.
 */
export class TreeCache {
  private readonly folder: CacheFolder;
  private readonly fileName: string;

  constructor(folder: CacheFolder, fileName: string) {
    this.folder = folder;
    this.fileName = fileName;
  }

  /** What was derived from the tree; undefined when nothing is known of it. */
  get(tree: string): unknown {
    try {
      const stored = JSON.parse(this.folder.read(this.fileName)?.toString('utf8') ?? '');
      return stored.formatVersion === formatVersion && stored.tree === tree ? stored.derived : undefined;
    } catch {
      return undefined;
    }
  }

  /** Replaces what was known of another tree. `size` is the number of members that had to be read. */
  put(tree: string, derived: unknown, size: number): void {
    if (size >= worthCaching)
      this.folder.write(this.fileName, JSON.stringify({ formatVersion, tree, derived }));
  }
}
