import type { CacheFolder } from './cache-folder.ts';

/** Fewer versions than this are read faster than a file is written. */
const worthCaching = 40;

/** A listing reads the latest versions, each environment those it runs. */
const mostTimesUsed = 4;

/** Raised whenever the meaning of a stored version changes. */
const formatVersion = 2;

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

  /** Adds what was new in this run. What other sweeps used stays, until it is far more than this one used. */
  flush(): void {
    if (this.fresh === 0 || this.used.size < worthCaching) return;
    const all = new Map([...(this.stored ?? []), ...this.used]);
    const kept = all.size > mostTimesUsed * this.used.size ? this.used : all;
    this.folder.write(fileName, JSON.stringify({ formatVersion, versions: [...kept] }));
  }

  private load(): ReadonlyMap<string, Stored> {
    try {
      const data = JSON.parse(this.folder.read(fileName)?.toString('utf8') ?? '');
      return data.formatVersion === formatVersion ? new Map(data.versions) : new Map();
    } catch {
      return new Map();
    }
  }
}
