import type { CacheFolder } from './cache-folder.ts';

const fileName = 'passed-checks';

/**
 * Checks that a content passed, one a line of `.promptv/cache/passed-checks`: the check with its settings, and the
 * content's hash. A content never changes, so a line holds for ever; the file may be deleted at any time.
 */
export class CheckResults {
  private readonly folder: CacheFolder;

  constructor(folder: CacheFolder) {
    this.folder = folder;
  }

  /** Whether the check was passed by this content before. */
  hasPassed(check: string, contentHash: string): boolean {
    const lines = this.folder.read(fileName)?.toString('latin1').split('\n') ?? [];
    return lines.includes(`${check} ${contentHash}`);
  }

  /** Keeps that it was. */
  notePassed(check: string, contentHash: string): void {
    if (!this.hasPassed(check, contentHash)) this.folder.append(fileName, `\n${check} ${contentHash}\n`);
  }
}
