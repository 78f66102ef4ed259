import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { promptvError } from '../errors.ts';
import { stopProcess } from './stop-process.ts';

export interface GitObject {
  readonly oid: string;
  readonly type: 'blob' | 'tree' | 'commit' | 'tag';
  readonly content: Buffer;
}

interface Waiting {
  readonly resolve: (object: GitObject | null) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Reads any number of objects through one `git cat-file --batch`, in the order asked, without waiting between
 * requests. It sees objects and refs that other processes make while it runs, but keeps the index it first read.
 */
export class ObjectReader {
  private child: ChildProcessWithoutNullStreams | null = null;
  private readonly waiting: Waiting[] = [];
  private chunks: Buffer[] = [];
  private buffered = 0;
  private needed = 0;
  private isClosed = false;
  private unsent = '';
  private readonly onStart: () => void;
  private readonly cwd: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(cwd: string, env: NodeJS.ProcessEnv, onStart: () => void) {
    this.onStart = onStart;
    this.cwd = cwd;
    this.env = env;
  }

  /** The object that `revision` names (`HEAD`, an id, `COMMIT:PATH`), or null when there is none. */
  read(revision: string): Promise<GitObject | null> {
    if (/[\n\0]/.test(revision)) return Promise.resolve(null);
    const child = this.start();
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      // A thousand requests of one turn are one write.
      if (this.unsent === '') setImmediate(() => this.send(child));
      this.unsent += `${revision}\n`;
    });
  }

  /** From now on no process is left when nobody waits for an object. */
  close(): void {
    this.isClosed = true;
    if (this.waiting.length === 0) this.end();
  }

  private end(): void {
    const { child } = this;
    this.child = null;
    if (!child) return;
    // git ends by itself when its input does: nobody needs to wait for that.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    child.unref();
  }

  /** Ends the process at once, with an error for all who wait; a later `read` starts another. */
  stop(): void {
    const { child } = this;
    if (child) {
      // What it still says must not be taken for the answers of the next one.
      child.stdout.removeAllListeners('data');
      child.removeAllListeners('close');
      stopProcess(child);
    }
    this.fail(promptvError('GIT_TIMEOUT', { command: 'cat-file' }));
  }

  private send(child: ChildProcessWithoutNullStreams): void {
    // After `stop` these are requests to another, which sends them itself.
    if (this.child !== child) return;
    child.stdin.write(this.unsent);
    this.unsent = '';
  }

  private start(): ChildProcessWithoutNullStreams {
    if (this.child) return this.child;
    this.onStart();
    // Each id has to stand for its own bytes: `git replace` gives those of another object under it.
    const env = { ...this.env, GIT_NO_REPLACE_OBJECTS: '1' };
    const child = spawn('git', ['cat-file', '--batch'], { cwd: this.cwd, env });
    child.stdin.on('error', () => {});
    child.stderr.resume();
    child.stdout.on('data', (chunk: Buffer) => this.take(chunk));
    // A reader that was closed ends later: by then another may serve.
    const fail = (error: Error): void => {
      if (this.child === child) this.fail(error);
    };
    child.on('error', (error) => fail(promptvError('GIT_MISSING', { cwd: this.cwd }, error)));
    child.on('close', (exitCode) =>
      fail(promptvError('GIT_FAILED', { command: 'cat-file', reason: `exit code ${exitCode}` })),
    );
    this.child = child;
    return child;
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    // Joining on every chunk would be quadratic for a large object: wait until the whole of it is there.
    if (this.buffered < this.needed) return;
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
    let start = 0;
    for (;;) {
      const parsed = parseBatchEntry(bytes, start);
      if (typeof parsed === 'number') {
        this.needed = parsed;
        break;
      }
      start = parsed.end;
      this.waiting.shift()?.resolve(parsed.object);
    }
    this.buffered = bytes.length - start;
    this.chunks = this.buffered > 0 ? [bytes.subarray(start)] : [];
    // Where one of several tasks has failed, the others still read after all is closed.
    if (this.isClosed && this.waiting.length === 0) this.end();
  }

  private fail(error: Error): void {
    this.child = null;
    this.chunks = [];
    this.buffered = 0;
    this.needed = 0;
    this.unsent = '';
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

/**
 * `OID TYPE SIZE\n` + content + `\n`, or `… missing\n`, from `start` on; a number: how many bytes are needed there at
 * least.
 */
const parseBatchEntry = (
  bytes: Buffer,
  start: number,
): { object: GitObject | null; end: number } | number => {
  const lineEnd = bytes.indexOf(10, start);
  if (lineEnd < 0) return bytes.length - start + 1;
  const header = bytes.toString('utf8', start, lineEnd);
  const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(header);
  if (!match) return { object: null, end: lineEnd + 1 };
  const contentEnd = lineEnd + 1 + Number(match[3]);
  const end = contentEnd + 1;
  if (bytes.length < end) return end - start;
  const content = bytes.subarray(lineEnd + 1, contentEnd);
  return { object: { oid: match[1] ?? '', type: objectType(match[2]), content }, end };
};

const objectType = (word: string | undefined): GitObject['type'] =>
  word === 'blob' || word === 'tree' || word === 'tag' ? word : 'commit';
