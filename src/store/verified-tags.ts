import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Fewer new ones than this are checked again faster than a file is written. */
const worthWriting = 10;

/**
 * Ids of tag objects whose record and text were found to agree: `.promptv/cache/verified-tags`, one id a line. An id
 * stands for one content for ever, so the list only grows; it may be deleted at any time.
 */
export class VerifiedTags {
  private readonly directory: string;
  private known: Buffer | null = null;
  private readonly fresh = new Set<string>();

  constructor(directory: string) {
    this.directory = directory;
  }

  has(oid: string): boolean {
    this.known ??= this.load();
    return this.fresh.has(oid) || this.known.includes(`\n${oid}\n`);
  }

  add(oid: string): void {
    this.fresh.add(oid);
  }

  /** Appends what this run verified; failing to write a cache harms nobody. */
  flush(): void {
    if (this.fresh.size < worthWriting) return;
    try {
      mkdirSync(this.directory, { recursive: true });
      writeFileSync(join(this.directory, '.gitignore'), '*\n');
      // A leading newline keeps a line that a killed writer tore from swallowing the next one.
      appendFileSync(this.file(), `\n${[...this.fresh].join('\n')}\n`);
    } catch {
      // A read-only checkout: the next run checks again.
    }
  }

  private load(): Buffer {
    try {
      return readFileSync(this.file());
    } catch {
      return Buffer.alloc(0);
    }
  }

  private file(): string {
    return join(this.directory, 'verified-tags');
  }
}
