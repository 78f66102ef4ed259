import type { CacheFolder } from './cache-folder.ts';

/** Fewer new ones than this are checked again faster than a file is written. */
const worthWriting = 10;

const worthIndexing = 50;

const fileName = 'verified-objects';

/**
 * Ids of git objects that were checked and found good (tags whose record and text agree, state files), one a line of
 * `.promptv/cache/verified-objects`. An id stands for one content for ever, so the list only grows; it may be deleted at
 * any time.
 */
export class VerifiedObjects {
  private readonly folder: CacheFolder;
  private known: Buffer | null = null;
  private index: ReadonlySet<string> | null = null;
  private questions = 0;
  private readonly fresh = new Set<string>();

  constructor(folder: CacheFolder) {
    this.folder = folder;
  }

  has(oid: string): boolean {
    this.known ??= this.folder.read(fileName) ?? Buffer.alloc(0);
    this.questions++;
    // A few questions are answered from the bytes; a sweep's thousands are worth a table.
    if (this.questions > worthIndexing) this.index ??= new Set(this.known.toString('latin1').split('\n'));
    return this.fresh.has(oid) || (this.index?.has(oid) ?? this.known.includes(`\n${oid}\n`));
  }

  add(oid: string): void {
    this.fresh.add(oid);
  }

  /** Appends what this run verified. A leading newline keeps a torn line from swallowing the next. */
  flush(): void {
    if (this.fresh.size >= worthWriting) this.folder.append(fileName, `\n${[...this.fresh].join('\n')}\n`);
  }
}
