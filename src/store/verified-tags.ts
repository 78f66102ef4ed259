import type { CacheFolder } from './cache-folder.ts';

/** Fewer new ones than this are checked again faster than a file is written. */
const worthWriting = 10;

const fileName = 'verified-tags';

/**
 * Ids of tag objects whose record and text were found to agree, one a line of `.promptv/cache/verified-tags`. An id
 * stands for one content for ever, so the list only grows; it may be deleted at any time.
 */
export class VerifiedTags {
  private readonly folder: CacheFolder;
  private known: Buffer | null = null;
  private readonly fresh = new Set<string>();

  constructor(folder: CacheFolder) {
    this.folder = folder;
  }

  has(oid: string): boolean {
    this.known ??= this.folder.read(fileName) ?? Buffer.alloc(0);
    return this.fresh.has(oid) || this.known.includes(`\n${oid}\n`);
  }

  add(oid: string): void {
    this.fresh.add(oid);
  }

  /** Appends what this run verified. A leading newline keeps a torn line from swallowing the next. */
  flush(): void {
    if (this.fresh.size >= worthWriting) this.folder.append(fileName, `\n${[...this.fresh].join('\n')}\n`);
  }
}
