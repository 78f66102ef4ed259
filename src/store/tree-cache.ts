import type { CacheFolder } from './cache-folder.ts';

/** Fewer members than this are read faster than a file is written. */
const worthCaching = 40;

/** Raised whenever the meaning of what is stored changes. */
const formatVersion = 2;

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

  /** What was derived; undefined when nothing is known. `key` is the id of the tree, and what was asked of it. */
  get(key: string): unknown {
    try {
      const stored = JSON.parse(this.folder.read(this.fileName)?.toString('utf8') ?? '');
      return stored.formatVersion === formatVersion && stored.key === key ? stored.derived : undefined;
    } catch {
      return undefined;
    }
  }

  /** Replaces what was known of another. `size` is the number of members that had to be read. */
  put(key: string, derived: unknown, size: number): void {
    if (size >= worthCaching)
      this.folder.write(this.fileName, JSON.stringify({ formatVersion, key, derived }));
  }
}
