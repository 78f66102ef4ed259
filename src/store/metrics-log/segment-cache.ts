import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RecordColumns } from '../../core/metrics/columns.ts';
import type { ScanCounts } from './line-scanner.ts';
import type { FileState } from './segments.ts';
import type { RecordTable, RowOrigins } from './table-builder.ts';

/** Changes with everything that changes what a cache file says: how lines are read, or how columns are laid out. */
const format = 1;
const magic = 'promptv metrics cache\n';
/** Magic, length of the header as 10 digits, its SHA-256 in hex. */
const prefixBytes = magic.length + 10 + 64;

/** What a cache file says of its segment. */
export interface CachedSegment {
  readonly path: string;
  readonly state: FileState;
  /** When the segment was read, epoch milliseconds. */
  readonly readAt: number;
  /** The rows are those of the bytes before this offset, where a line begins. */
  readonly covered: number;
  /** The first bytes of the segment, as many, had these hashes. */
  readonly hashed: number;
  readonly blocks: readonly string[];
  readonly counts: ScanCounts;
  readonly rows: number;
  /** UTC days (since 1970) of the records. */
  readonly days: readonly number[];
}

interface ArrayEntry {
  readonly type: 'u16' | 'u32' | 'i32' | 'f64';
  readonly offset: number;
  readonly length: number;
}

interface CacheHeader extends CachedSegment {
  readonly format: number;
  readonly bytes: number;
  readonly arrays: Readonly<Record<string, ArrayEntry>>;
  readonly dictionaries: Readonly<Record<string, readonly string[]>>;
}

type Column = Uint16Array | Uint32Array | Int32Array | Float64Array;

const typeOf = (column: Column): ArrayEntry['type'] => {
  if (column instanceof Uint16Array) return 'u16';
  if (column instanceof Uint32Array) return 'u32';
  return column instanceof Int32Array ? 'i32' : 'f64';
};

/** Writes a cache file as a whole or not at all. */
export const writeSegmentCache = async (
  path: string,
  segment: CachedSegment,
  table: RecordTable,
): Promise<void> => {
  const arrays = listArrays(table);
  let offset = 0;
  const entries = arrays.map(([name, column]): [string, ArrayEntry] => {
    const entry = { type: typeOf(column), offset, length: column.length };
    offset += column.byteLength;
    return [name, entry];
  });
  const header: CacheHeader = {
    ...segment,
    format,
    bytes: offset,
    arrays: Object.fromEntries(entries),
    dictionaries: Object.fromEntries(
      [...table.dimensions].map(([field, { dictionary }]) => [field, dictionary]),
    ),
  };
  const content = Buffer.from(JSON.stringify(header));
  const prefix = magic + String(content.length).padStart(10, '0') + sha256(content);
  const chunks = [Buffer.from(prefix), content, ...arrays.map(([, column]) => bytesOf(column))];
  await replaceFile(path, chunks);
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const bytesOf = (column: Column): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

const listArrays = (table: RecordTable): [string, Column][] => [
  ['times', table.times],
  ['offsets', table.offsets],
  ['idHashes', table.idHashes],
  ...[...table.dimensions].map(([field, { codes }]): [string, Column] => [`d:${field}`, codes]),
  ...[...table.metrics].flatMap(([name, { rows, values }]): [string, Column][] => [
    [`m:${name}`, values],
    ...(rows === null ? [] : ([[`r:${name}`, rows]] as [string, Column][])),
  ]),
];

/** Writes beside the file and renames, so that a reader sees the old content or the new. */
export const replaceFile = async (path: string, chunks: readonly Uint8Array[]): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await writeFully(handle, chunks);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw cause;
  }
};

const writeFully = async (handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> => {
  for (const chunk of chunks)
    for (let done = 0; done < chunk.length; )
      done += (await handle.write(chunk, done, chunk.length - done)).bytesWritten;
};

/** An open cache file; columns are read when they are asked for. */
export class SegmentCacheFile {
  readonly segment: CachedSegment;
  readonly #handle: FileHandle;
  readonly #header: CacheHeader;
  readonly #start: number;

  private constructor(handle: FileHandle, header: CacheHeader, start: number) {
    this.#handle = handle;
    this.#header = header;
    this.#start = start;
    this.segment = header;
  }

  /** Null when there is no file, or none that is whole and of this format. */
  static async open(path: string): Promise<SegmentCacheFile | null> {
    const handle = await open(path, 'r').catch(() => null);
    if (handle === null) return null;
    const found = await readHeader(handle).catch(() => null);
    if (found !== null) return new SegmentCacheFile(handle, found.header, found.start);
    await handle.close();
    return null;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Times, and those of the dimensions and metrics (null: all) that the segment has. */
  async columns(fields: readonly string[], metrics: readonly string[] | null): Promise<RecordColumns> {
    const { dictionaries, arrays, rows } = this.#header;
    const known = fields.filter((field) => Object.hasOwn(dictionaries, field));
    const all = Object.keys(arrays).flatMap((name) => (name.startsWith('m:') ? [name.slice(2)] : []));
    const wanted = all.filter((name) => metrics === null || metrics.includes(name));
    const [times, dimensions, values] = await Promise.all([
      this.#read('times', Float64Array),
      Promise.all(known.map(async (field) => [field, await this.#dimension(field)] as const)),
      Promise.all(wanted.map(async (name) => [name, await this.#metric(name)] as const)),
    ]);
    return { rows, times, dimensions: new Map(dimensions), metrics: new Map(values) };
  }

  async #dimension(
    field: string,
  ): Promise<{ dictionary: readonly string[]; codes: Uint16Array | Uint32Array }> {
    const isWide = this.#header.arrays[`d:${field}`]?.type === 'u32';
    const codes = await (isWide
      ? this.#read(`d:${field}`, Uint32Array)
      : this.#read(`d:${field}`, Uint16Array));
    return { dictionary: this.#header.dictionaries[field] ?? [], codes };
  }

  async #metric(name: string): Promise<{ rows: Uint32Array | null; values: Float64Array }> {
    const values = await this.#read(`m:${name}`, Float64Array);
    const isSparse = Object.hasOwn(this.#header.arrays, `r:${name}`);
    return { rows: isSparse ? await this.#read(`r:${name}`, Uint32Array) : null, values };
  }

  async origins(): Promise<RowOrigins> {
    const [offsets, idHashes] = await Promise.all([
      this.#read('offsets', Float64Array),
      this.#read('idHashes', Int32Array),
    ]);
    return { offsets, idHashes };
  }

  async #read<T extends Column>(
    name: string,
    type: { new (buffer: ArrayBuffer): T; readonly BYTES_PER_ELEMENT: number },
  ): Promise<T> {
    const entry = this.#header.arrays[name];
    const bytes = new Uint8Array((entry?.length ?? 0) * type.BYTES_PER_ELEMENT);
    for (let done = 0; done < bytes.length; ) {
      const at = this.#start + (entry?.offset ?? 0) + done;
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, at);
      if (bytesRead === 0) throw new Error(`the cache of ${this.#header.path} is cut off`);
      done += bytesRead;
    }
    return new type(bytes.buffer);
  }
}

const readHeader = async (handle: FileHandle): Promise<{ header: CacheHeader; start: number } | null> => {
  const prefix = Buffer.alloc(prefixBytes);
  await handle.read(prefix, 0, prefixBytes, 0);
  const text = prefix.toString('latin1');
  const length = Number(text.slice(magic.length, magic.length + 10));
  if (!text.startsWith(magic) || !Number.isSafeInteger(length)) return null;
  const content = Buffer.alloc(length);
  await handle.read(content, 0, length, prefixBytes);
  if (sha256(content) !== text.slice(magic.length + 10)) return null;
  // The hash says that this program wrote it, so its shape needs no second look.
  const header = JSON.parse(content.toString('utf8')) as CacheHeader;
  const start = prefixBytes + length;
  const { size } = await handle.stat();
  return header.format === format && size === start + header.bytes ? { header, start } : null;
};
