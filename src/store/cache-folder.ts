import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Derived files of one clone. A branch under review could carry files that look like ours, and through them make a text
 * pass for another: so each begins with a key that stands in the git folder, where no branch reaches. What has another
 * key is not there. Failing to write a cache harms nobody.
 */
export class CacheFolder {
  private readonly directory: string;
  private readonly keyFile: string;
  private key: string | null = null;

  /** `keyFile` lies in the git folder. */
  constructor(directory: string, keyFile: string) {
    this.directory = directory;
    this.keyFile = keyFile;
  }

  /** What follows the key in a file; null when there is none of this clone. */
  read(name: string): Buffer | null {
    const key = this.readKey();
    const bytes = key === null ? null : readIfThere(join(this.directory, name));
    const start = `${key}\n`;
    return bytes?.subarray(0, start.length).toString('latin1') === start
      ? bytes.subarray(start.length)
      : null;
  }

  /** Replaces a file as a whole. */
  write(name: string, text: string): void {
    this.attempt((key) => {
      const file = join(this.directory, name);
      const temporary = `${file}.${process.pid}.tmp`;
      writeFileSync(temporary, `${key}\n${text}`);
      renameSync(temporary, file);
    });
  }

  /** Adds to the end of a file of this clone, or begins it. */
  append(name: string, text: string): void {
    if (this.read(name) === null) this.write(name, text);
    else this.attempt(() => appendFileSync(join(this.directory, name), text));
  }

  private attempt(work: (key: string) => void): void {
    try {
      mkdirSync(this.directory, { recursive: true });
      writeFileSync(join(this.directory, '.gitignore'), '*\n');
      work(this.readKey() ?? this.makeKey());
    } catch {
      // A read-only checkout: the next run derives it again.
    }
  }

  private readKey(): string | null {
    this.key ??= readIfThere(this.keyFile)?.toString('latin1').trim() || null;
    return this.key;
  }

  /** The first of several processes decides. */
  private makeKey(): string {
    mkdirSync(dirname(this.keyFile), { recursive: true });
    try {
      writeFileSync(this.keyFile, `${randomUUID()}\n`, { flag: 'wx' });
    } catch {
      // Another process was first: its key holds.
    }
    return this.readKey() ?? '';
  }
}

const readIfThere = (file: string): Buffer | null => {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
};
