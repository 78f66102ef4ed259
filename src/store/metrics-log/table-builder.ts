import type { RecordColumns } from '../../core/metrics/columns.ts';
import { dimensionFields } from '../../core/metrics/names.ts';
import { ByteDictionary } from './byte-dictionary.ts';
import { hashTextBytes, type TextBytes } from './text-hash.ts';

/** Where a record stands kept beside its columns. */
interface RowOrigins {
  /** Offset of the line's first byte in its segment. */
  readonly offsets: Float64Array;
  /** Two 32-bit hashes of day and id a row; both 0 when the id is absent. */
  readonly idHashes: Int32Array;
  /** Two 32-bit hashes of the unit a row, both 0 when it is absent; empty when no row has one. */
  readonly unitHashes: Int32Array;
}

export interface RecordTable extends RecordColumns, RowOrigins {
  /** UTC days (since 1970) of the records, ascending. */
  readonly days: readonly number[];
}

interface DimensionBuilder {
  readonly dictionary: ByteDictionary;
  codes: Uint16Array | Uint32Array;
}

class MetricBuilder {
  rows: Uint32Array | null = null;
  values = new Float64Array(64);
  count = 0;

  push(row: number, value: number, capacity: number): void {
    if (this.count === this.values.length) this.#grow(capacity);
    if (this.rows === null && row !== this.count) this.#nameRows();
    if (this.rows !== null) this.rows[this.count] = row;
    this.values[this.count] = value;
    this.count += 1;
  }

  /** As if the record had come without these rows, which are ascending. */
  removeRows(removed: Uint32Array): void {
    if (this.rows === null) {
      const own = removed.subarray(0, lowerBound(removed, this.count));
      closeGaps(this.values, own, { rows: this.count, width: 1 });
      this.count -= own.length;
      return;
    }
    let kept = 0;
    let before = 0;
    for (let index = 0; index < this.count; index += 1) {
      const row = this.rows[index] ?? 0;
      while (before < removed.length && (removed[before] ?? 0) < row) before += 1;
      if (removed[before] === row) continue;
      this.rows[kept] = row - before;
      this.values[kept] = this.values[index] ?? 0;
      kept += 1;
    }
    this.count = kept;
  }

  #grow(capacity: number): void {
    const size = Math.min(Math.max(capacity, this.count + 1), 4 * this.count);
    this.values = resized(this.values, new Float64Array(size));
    if (this.rows !== null) this.rows = resized(this.rows, new Uint32Array(size));
  }

  #nameRows(): void {
    this.rows = new Uint32Array(this.values.length);
    for (let index = 0; index < this.count; index += 1) this.rows[index] = index;
  }
}

const resized = <T extends Uint16Array | Uint32Array | Int32Array | Float64Array>(from: T, to: T): T => {
  to.set(from.subarray(0, Math.min(from.length, to.length)));
  return to;
};

/** Moves what stands behind each of the removed rows (ascending) over it; a row has `width` numbers. */
const closeGaps = (
  array: Uint16Array | Uint32Array | Int32Array | Float64Array,
  removed: Uint32Array,
  { rows, width }: { readonly rows: number; readonly width: number },
): void => {
  let to = removed[0] ?? rows;
  for (let index = 0; index < removed.length; index += 1) {
    const from = (removed[index] ?? 0) + 1;
    const end = removed[index + 1] ?? rows;
    // Where every other row is removed, so many calls cost more than the numbers that they move.
    if (end - from > 8) array.copyWithin(to * width, from * width, end * width);
    else
      for (let at = from * width, gap = (from - to) * width; at < end * width; at += 1)
        array[at - gap] = array[at] ?? 0;
    to += end - from;
  }
};

/** How many of the numbers, which are ascending, are below a limit. */
const lowerBound = (numbers: Uint32Array, limit: number): number => {
  const found = numbers.findIndex((number) => number >= limit);
  return found < 0 ? numbers.length : found;
};

const maxStaged = 4096;

/** A table under construction: fields are set for the row to come, which `commit` adds and `discard` drops. */
export class TableBuilder {
  rows = 0;
  /** UTC days (since 1970) of the rows. */
  readonly days = new Set<number>();
  capacity: number;
  times: Float64Array;
  offsets: Float64Array;
  idHashes: Int32Array;
  unitHashes = new Int32Array(0);
  readonly dimensions: DimensionBuilder[] = dimensionFields.map(() => ({
    dictionary: new ByteDictionary(),
    codes: new Uint16Array(0),
  }));
  readonly #metrics: MetricBuilder[] = [];
  readonly #metricSlots = new Map<string, number>();
  readonly #stagedSlots = new Int32Array(maxStaged);
  readonly #stagedValues = new Float64Array(maxStaged);
  #staged = 0;

  constructor(expectedRows: number) {
    this.capacity = Math.max(64, Math.ceil(expectedRows));
    this.times = new Float64Array(this.capacity);
    this.offsets = new Float64Array(this.capacity);
    this.idHashes = new Int32Array(2 * this.capacity);
  }

  metricSlot(name: string): number {
    const known = this.#metricSlots.get(name);
    if (known !== undefined) return known;
    const slot = this.#metrics.push(new MetricBuilder()) - 1;
    this.#metricSlots.set(name, slot);
    return slot;
  }

  /** Makes room for the row to come. */
  reserve(): void {
    if (this.rows < this.capacity) return;
    this.capacity = Math.ceil(1.5 * this.capacity);
    this.times = resized(this.times, new Float64Array(this.capacity));
    this.offsets = resized(this.offsets, new Float64Array(this.capacity));
    this.idHashes = resized(this.idHashes, new Int32Array(2 * this.capacity));
    if (this.unitHashes.length > 0)
      this.unitHashes = resized(this.unitHashes, new Int32Array(2 * this.capacity));
    for (const dimension of this.dimensions)
      if (dimension.codes.length > 0) widen(dimension, this.capacity, dimension.codes instanceof Uint32Array);
  }

  setCode(index: number, code: number): void {
    const dimension = this.dimensions[index];
    if (dimension === undefined) return;
    if (code > 0xffff && dimension.codes instanceof Uint16Array) widen(dimension, this.capacity, true);
    else if (dimension.codes.length === 0) widen(dimension, this.capacity, false);
    dimension.codes[this.rows] = code;
  }

  /** Sets the unit of the row to come; null when it has none. */
  setUnit(unit: TextBytes | null): void {
    if (unit === null && this.unitHashes.length === 0) return;
    if (this.unitHashes.length === 0) this.unitHashes = new Int32Array(2 * this.capacity);
    this.unitHashes.fill(0, 2 * this.rows, 2 * this.rows + 2);
    if (unit !== null) hashTextBytes(unit, this.unitHashes, this.rows);
  }

  codeOf(index: number): number {
    return this.dimensions[index]?.codes[this.rows] ?? 0;
  }

  /** False when the row has too many metrics to be held back. */
  stageMetric(slot: number, value: number): boolean {
    if (this.#staged === maxStaged) return false;
    this.#stagedSlots[this.#staged] = slot;
    this.#stagedValues[this.#staged] = value;
    this.#staged += 1;
    return true;
  }

  commit(): void {
    for (let index = 0; index < this.#staged; index += 1)
      this.#metrics[this.#stagedSlots[index] ?? 0]?.push(
        this.rows,
        this.#stagedValues[index] ?? 0,
        this.capacity,
      );
    this.#staged = 0;
    this.rows += 1;
  }

  discard(): void {
    this.#staged = 0;
    for (const { codes } of this.dimensions) if (codes.length > 0) codes[this.rows] = 0;
  }

  /** As if these rows, which are ascending, had never come. */
  removeRows(removed: Uint32Array): void {
    if (removed.length === 0) return;
    const { rows } = this;
    for (const array of [this.times, this.offsets]) closeGaps(array, removed, { rows, width: 1 });
    closeGaps(this.idHashes, removed, { rows, width: 2 });
    if (this.unitHashes.length > 0) closeGaps(this.unitHashes, removed, { rows, width: 2 });
    for (const { codes } of this.dimensions)
      if (codes.length > 0) closeGaps(codes, removed, { rows, width: 1 });
    for (const metric of this.#metrics) metric.removeRows(removed);
    this.rows -= removed.length;
  }

  /** The rows so far; it shares memory with the builder until that grows. */
  build(): RecordTable {
    const { rows } = this;
    const dimensions = this.dimensions.flatMap(({ dictionary, codes }, index) => {
      const field = dimensionFields[index];
      if (field === undefined || codes.length === 0) return [];
      return [[field, { dictionary: [...dictionary.texts], codes: codes.subarray(0, rows) }] as const];
    });
    const metrics = [...this.#metricSlots].flatMap(([name, slot]) => {
      const metric = this.#metrics[slot];
      if (metric === undefined || metric.count === 0) return [];
      const named = metric.rows?.subarray(0, metric.count) ?? null;
      return [[name, { rows: named, values: metric.values.subarray(0, metric.count) }] as const];
    });
    return {
      rows,
      days: [...this.days].sort((a, b) => a - b),
      times: this.times.subarray(0, rows),
      offsets: this.offsets.subarray(0, rows),
      idHashes: this.idHashes.subarray(0, 2 * rows),
      unitHashes: this.unitHashes.subarray(0, 2 * rows),
      dimensions: new Map(dimensions),
      metrics: new Map(metrics),
    };
  }
}

const widen = (dimension: DimensionBuilder, capacity: number, isWide: boolean): void => {
  const codes = isWide ? new Uint32Array(capacity) : new Uint16Array(capacity);
  codes.set(dimension.codes);
  dimension.codes = codes;
};
