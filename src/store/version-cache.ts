import type { CacheFolder } from './cache-folder.ts';

/** Fewer versions than this are read faster than a file is written. */
const worthCaching = 40;

/** Raised whenever the meaning of a stored version changes. */
const formatVersion = 1;

const fileName = 'versions.json';

/**
 * What a sweep over all prompts read of their tags, by the tag object's id: `.promptv/cache/versions.json`. Only versions
 * that were found to hold together are kept. The file may be deleted at any time.
 */
export class VersionCache<Stored extends object> {
  private readonly folder: CacheFolder;
  private stored: ReadonlyMap<string, Stored> | null = null;
  private readonly used = new Map<string, Stored>();
  private fresh = 0;

  constructor(folder: CacheFolder) {
    this.folder = folder;
  }

  /** Reads what is stored; until then the cache knows and keeps nothing. */
  open(): void {
    this.stored ??= this.load();
  }

  get(oid: string): Stored | undefined {
    const found = this.stored?.get(oid);
    if (found) this.used.set(oid, found);
    return found;
  }

  put(oid: string, value: Stored): void {
    if (this.stored === null) return;
    this.used.set(oid, value);
    this.fresh++;
  }

  /** Writes what this run used, if any of it was new. */
  flush(): void {
    if (this.fresh === 0 || this.used.size < worthCaching) return;
    this.folder.write(fileName, JSON.stringify({ formatVersion, versions: Object.fromEntries(this.used) }));
  }

  private load(): ReadonlyMap<string, Stored> {
    try {
      const data = JSON.parse(this.folder.read(fileName)?.toString('utf8') ?? '');
      return data.formatVersion === formatVersion ? new Map(Object.entries(data.versions)) : new Map();
    } catch {
      return new Map();
    }
  }
}
