import type { DimensionColumn, MetricColumn, RecordColumns } from '../../core/metrics/columns.ts';
import { ArrayFile, type NumberArray, writeArrayFile } from './array-file.ts';
import type { ScanCounts } from './line-scanner.ts';
import type { FileState } from './segments.ts';
import type { RecordTable } from './table-builder.ts';
import { keptShare, sampleUnits, type UnitRows } from './unit-sample.ts';

/** Changes with everything that changes what a cache file says: how lines are read, or what columns are kept. */
const format = 4;

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

interface CacheContent extends CachedSegment {
  readonly format: number;
  readonly dictionaries: Readonly<Record<string, readonly string[]>>;
}

/** Writes a segment's cache file, as a whole or not at all. */
export const writeSegmentCache = async (
  path: string,
  segment: CachedSegment,
  table: RecordTable,
): Promise<void> => {
  const dictionaries = [...table.dimensions].map(([field, { dictionary }]) => [field, dictionary] as const);
  const content: CacheContent = { ...segment, format, dictionaries: Object.fromEntries(dictionaries) };
  await writeArrayFile(path, content, listArrays(table));
};

const listArrays = (table: RecordTable): (readonly [string, NumberArray])[] => [
  ...listRows(table, ''),
  ['offsets', table.offsets],
  ['idHashes', table.idHashes],
  ...[...table.metrics].map(([name, { values }]) => [`m:${name}`, values] as const),
  ...[...table.metrics].flatMap(([name, { rows }]) => (rows === null ? [] : [[`r:${name}`, rows] as const])),
  ...listRows(sampleUnits(table, table.unitHashes, keptShare), samplePrefix),
];

/** Begins the names of the arrays of the rows that are kept apart. */
const samplePrefix = 's:';

const listRows = (rows: UnitRows, prefix: string): (readonly [string, NumberArray])[] => [
  [`${prefix}times`, rows.times],
  [`${prefix}unitHashes`, rows.unitHashes],
  ...[...rows.dimensions].map(([field, { codes }]) => [`${prefix}d:${field}`, codes] as const),
];

/** An open cache file; columns are read when they are asked for. */
export class SegmentCacheFile {
  readonly segment: CachedSegment;
  readonly #file: ArrayFile;
  readonly #content: CacheContent;

  private constructor(file: ArrayFile, content: CacheContent) {
    this.#file = file;
    this.#content = content;
    this.segment = content;
  }

  /** Null when there is no file, or none that is whole and of this format. */
  static async open(path: string): Promise<SegmentCacheFile | null> {
    const file = await ArrayFile.open(path);
    if (file === null) return null;
    const content = file.content as CacheContent;
    if (content.format === format) return new SegmentCacheFile(file, content);
    await file.close();
    return null;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Times, and those of the dimensions and metrics (null: all) that the segment has. */
  async columns(fields: readonly string[], metrics: readonly string[] | null): Promise<RecordColumns> {
    const { rows } = this.#content;
    const all = this.#file.names.flatMap((name) => (name.startsWith('m:') ? [name.slice(2)] : []));
    const wanted = all.filter((name) => metrics === null || metrics.includes(name));
    const [times, dimensions, values] = await Promise.all([
      this.#file.read('times', Float64Array),
      this.#dimensions(fields, ''),
      Promise.all(wanted.map(async (name) => [name, await this.#metric(name)] as const)),
    ]);
    return { rows, times, dimensions, metrics: new Map(values) };
  }

  /** Times and named dimensions of the rows whose unit belongs to a share of all units, from 0 to 1. */
  async unitRows(fields: readonly string[], share: number): Promise<UnitRows> {
    const prefix = share <= keptShare ? samplePrefix : '';
    const [times, unitHashes, dimensions] = await Promise.all([
      this.#file.read(`${prefix}times`, Float64Array),
      this.#file.read(`${prefix}unitHashes`, Int32Array),
      this.#dimensions(fields, prefix),
    ]);
    return sampleUnits({ rows: times.length, times, dimensions, metrics: new Map() }, unitHashes, share);
  }

  async #dimensions(fields: readonly string[], prefix: string): Promise<Map<string, DimensionColumn>> {
    const known = fields.filter((field) => Object.hasOwn(this.#content.dictionaries, field));
    return new Map(
      await Promise.all(known.map(async (field) => [field, await this.#dimension(field, prefix)] as const)),
    );
  }

  async #dimension(field: string, prefix: string): Promise<DimensionColumn> {
    const name = `${prefix}d:${field}`;
    const codes = await (this.#file.isWide(name)
      ? this.#file.read(name, Uint32Array)
      : this.#file.read(name, Uint16Array));
    return { dictionary: this.#content.dictionaries[field] ?? [], codes };
  }

  async #metric(name: string): Promise<MetricColumn> {
    const values = await this.#file.read(`m:${name}`, Float64Array);
    const isSparse = this.#file.names.includes(`r:${name}`);
    return { rows: isSparse ? await this.#file.read(`r:${name}`, Uint32Array) : null, values };
  }

  async idHashes(): Promise<Int32Array> {
    return this.#file.read('idHashes', Int32Array);
  }

  async unitHashes(): Promise<Int32Array> {
    return this.#file.read('unitHashes', Int32Array);
  }

  async offsets(): Promise<Float64Array> {
    return this.#file.read('offsets', Float64Array);
  }
}
