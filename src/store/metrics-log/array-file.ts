import { createHash, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writev } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

export type NumberArray = Uint16Array | Uint32Array | Int32Array | Float64Array;

interface ArrayEntry {
  readonly type: 'u16' | 'u32' | 'i32' | 'f64';
  readonly offset: number;
  readonly length: number;
}

interface Header {
  readonly content: unknown;
  readonly bytes: number;
  readonly arrays: Readonly<Record<string, ArrayEntry>>;
}

const magic = 'promptv arrays 1\n';
/** Magic, length of the header as 10 digits, its SHA-256 in hex. */
const prefixBytes = magic.length + 10 + 64;

const typeOf = (array: NumberArray): ArrayEntry['type'] => {
  if (array instanceof Uint16Array) return 'u16';
  if (array instanceof Uint32Array) return 'u32';
  return array instanceof Int32Array ? 'i32' : 'f64';
};

/** Writes JSON content and named arrays as one file, as a whole or not at all. */
export const writeArrayFile = async (
  path: string,
  content: unknown,
  arrays: readonly (readonly [string, NumberArray])[],
): Promise<void> => {
  let offset = 0;
  const entries = arrays.map(([name, array]): [string, ArrayEntry] => {
    const entry = { type: typeOf(array), offset, length: array.length };
    offset += array.byteLength;
    return [name, entry];
  });
  const header: Header = { content, bytes: offset, arrays: Object.fromEntries(entries) };
  const text = Buffer.from(JSON.stringify(header));
  const prefix = magic + String(text.length).padStart(10, '0') + sha256(text);
  await replaceFile(path, [Buffer.from(prefix), text, ...arrays.map(([, array]) => bytesOf(array))]);
};

const bytesOf = (array: NumberArray): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Writes beside the file and renames, so that a reader sees the old content or the new. The one call that takes long has
 * begun when this returns: it goes on while the caller computes.
 */
const replaceFile = async (path: string, chunks: readonly Uint8Array[]): Promise<void> => {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${randomUUID()}.tmp`;
  try {
    const file = openSync(temporary, 'wx');
    try {
      await writeFully(file, chunks);
    } finally {
      closeSync(file);
    }
    await rename(temporary, path);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw cause;
  }
};

const writeFully = async (file: number, chunks: readonly Uint8Array[]): Promise<void> => {
  let left = chunks.filter(({ length }) => length > 0);
  while (left.length > 0) {
    let { bytesWritten } = await writeChunks(file, left);
    left = left.flatMap((chunk) => {
      const done = Math.min(bytesWritten, chunk.length);
      bytesWritten -= done;
      return done === chunk.length ? [] : [chunk.subarray(done)];
    });
  }
};

const writeChunks = promisify(writev);

/** A file of arrays that is open; they are read when they are asked for. */
export class ArrayFile {
  readonly content: unknown;
  readonly #handle: FileHandle;
  readonly #header: Header;
  readonly #start: number;

  private constructor(handle: FileHandle, header: Header, start: number) {
    this.content = header.content;
    this.#handle = handle;
    this.#header = header;
    this.#start = start;
  }

  /** Null when there is no such file, or not a whole one. */
  static async open(path: string): Promise<ArrayFile | null> {
    const handle = await open(path, 'r').catch(() => null);
    if (handle === null) return null;
    const found = await readHeader(handle).catch(() => null);
    if (found !== null) return new ArrayFile(handle, found.header, found.start);
    await handle.close();
    return null;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  get names(): string[] {
    return Object.keys(this.#header.arrays);
  }

  /** An array of the type it was written with; `u16` and `u32` are both codes, so a caller may ask which it is. */
  isWide(name: string): boolean {
    return this.#header.arrays[name]?.type === 'u32';
  }

  /** An empty array when there is none of this name. */
  async read<T extends NumberArray>(
    name: string,
    type: { new (buffer: ArrayBuffer): T; readonly BYTES_PER_ELEMENT: number },
  ): Promise<T> {
    const entry = this.#header.arrays[name];
    const bytes = new Uint8Array((entry?.length ?? 0) * type.BYTES_PER_ELEMENT);
    for (let done = 0; done < bytes.length; ) {
      const at = this.#start + (entry?.offset ?? 0) + done;
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, at);
      if (bytesRead === 0) throw new Error('the file of arrays is cut off');
      done += bytesRead;
    }
    return new type(bytes.buffer);
  }
}

const readHeader = async (handle: FileHandle): Promise<{ header: Header; start: number } | null> => {
  const prefix = Buffer.alloc(prefixBytes);
  await handle.read(prefix, 0, prefixBytes, 0);
  const text = prefix.toString('latin1');
  const length = Number(text.slice(magic.length, magic.length + 10));
  const { size } = await handle.stat();
  if (!text.startsWith(magic) || !(length <= size)) return null;
  const content = Buffer.alloc(length);
  await handle.read(content, 0, length, prefixBytes);
  if (sha256(content) !== text.slice(magic.length + 10)) return null;
  // The hash says that this program wrote it, so its shape needs no second look.
  const header = JSON.parse(content.toString('utf8')) as Header;
  const start = prefixBytes + length;
  return size === start + header.bytes ? { header, start } : null;
};
