import { dimensionFields } from '../../core/metrics/names.ts';
import { maxLineBytes, parseUtcTime, readMetricRecord } from '../../core/metrics/record.ts';
import type { LineProblem } from '../../core/metrics/source.ts';
import { parseStrictJson } from '../../core/metrics/strict-json.ts';
import { hashByte, hashBytes } from './byte-dictionary.ts';
import { IdTable } from './id-table.ts';
import { LineShape, nodeKinds } from './line-shape.ts';
import type { TableBuilder } from './table-builder.ts';

/** Reads bytes of the segment that were scanned before. */
export type ReadBack = (offset: number, length: number) => Buffer;

/** What a scan has counted. */
export interface ScanCounts {
  lines: number;
  duplicates: number;
  skipped: number;
  readonly problems: LineProblem[];
}

const maxProblems = 100;
const dayMs = 86_400_000;
const quote = 0x22;
const powersOfTen = Float64Array.from({ length: 16 }, (_, power) => Number(`1e${power}`));
const statusIndex = dimensionFields.indexOf('status');

/**
 * Turns lines into rows of a table. Lines of a known shape are read straight from the bytes, all others by a strict
 * JSON parser; both ways give the same rows. Lines that are no record are counted and named.
 */
export class LineScanner {
  readonly counts: ScanCounts;
  readonly #segment: string;
  readonly #table: TableBuilder;
  readonly #readBack: ReadBack;
  readonly #shape: LineShape;
  readonly #literals: DataView;
  readonly #ids: IdTable;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Of the first byte of the buffer, in the segment. */
  #offset = 0;
  #stamp = 0;
  readonly #stamps: number[] = [];
  #number = 0;
  #time = 0;
  #dayStart = 0;
  #day0 = 0;
  #day4 = 0;
  #day7 = 0;
  #idStart = 0;
  #idEnd = 0;
  #idHash = 0;
  #idHash2 = 0;

  constructor(segment: string, table: TableBuilder, readBack: ReadBack, counts?: ScanCounts) {
    this.#segment = segment;
    this.#table = table;
    this.#readBack = readBack;
    this.counts = counts ?? { lines: 0, duplicates: 0, skipped: 0, problems: [] };
    this.#shape = new LineShape((name) => table.metricSlot(name));
    this.#literals = new DataView(this.#shape.literals.buffer);
    this.#ids = new IdTable(table.capacity);
    for (let row = 0; row < table.rows; row += 1)
      if (hasId(table.idHashes, row)) this.#ids.findOrAdd(row, table.idHashes, () => false);
  }

  /**
   * Reads whole lines: `bytes` from `from` to `to`, which is after a newline, and at least 256 bytes of the buffer
   * follow. `offset` is the place of the buffer's first byte in the segment.
   */
  scan(
    bytes: Buffer,
    view: DataView,
    { from, to, offset }: { from: number; to: number; offset: number },
  ): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#offset = offset;
    let at = from;
    while (at < to) {
      this.counts.lines += 1;
      if (bytes[at] === 0x0a) {
        at += 1;
        continue;
      }
      this.#table.reserve();
      const end = this.#match(at);
      if (end >= 0 && end - at <= maxLineBytes + 1 && this.#addMatched(at)) {
        at = end;
        continue;
      }
      this.#table.discard();
      const stop = bytes.indexOf(0x0a, at);
      this.#parse(at, stop);
      at = stop + 1;
    }
  }

  /** Reads a last line without newline; what is no record there is a line that is still being written, or was torn. */
  scanUnfinished(line: Buffer, offset: number): void {
    const bytes = Buffer.concat([line, Buffer.from('\n'), Buffer.alloc(512)]);
    const { skipped } = this.counts;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.scan(bytes, view, { from: 0, to: line.length + 1, offset });
    if (this.counts.skipped === skipped) return;
    const last = this.counts.problems.at(-1);
    if (last?.offset === offset)
      this.counts.problems.splice(-1, 1, { ...last, reason: 'unfinished last line' });
  }

  /** Counts a line that is too long to be looked at. */
  refuseLongLine(offset: number): void {
    this.counts.lines += 1;
    this.#refuse(offset, `longer than ${maxLineBytes} bytes`);
  }

  #refuse(offset: number, reason: string): void {
    this.counts.skipped += 1;
    if (this.counts.problems.length < maxProblems)
      this.counts.problems.push({ segment: this.#segment, line: this.counts.lines, offset, reason });
  }

  /** Follows the known shapes through the line; the position after its newline, or -1. */
  #match(start: number): number {
    const shape = this.#shape;
    this.#stamp += 1;
    this.#idHash = 0;
    this.#idHash2 = 0;
    let node = 0;
    let at = start;
    for (;;) {
      const edge = this.#follow(node, at);
      if (edge < 0) return -1;
      at += shape.literalLength[edge] ?? 0;
      node = shape.target[edge] ?? 0;
      if (!this.#isNew(shape.opens[edge] ?? -1) || !this.#isNew(shape.path[node] ?? -1)) return -1;
      const kind = shape.kind[node] ?? 0;
      if (kind === nodeKinds.end) return this.#isComplete() ? at : -1;
      at = this.#take(kind, shape.slot[node] ?? 0, at);
      if (at < 0) return -1;
    }
  }

  #isComplete(): boolean {
    return this.#stamps[1] === this.#stamp && this.#stamps[2] === this.#stamp;
  }

  /** Notes a path of the line; false when it is there a second time. */
  #isNew(path: number): boolean {
    if (path <= 0) return true;
    if (this.#stamps[path] === this.#stamp) return false;
    this.#stamps[path] = this.#stamp;
    return true;
  }

  #follow(node: number, at: number): number {
    const edges = this.#shape.edgesOf[node] ?? [];
    const last = edges.length - 1;
    const hot = edges[last] ?? -1;
    if (hot >= 0 && this.#isAt(hot, at)) return hot;
    for (let index = last - 1; index >= 0; index -= 1) {
      const edge = edges[index] ?? -1;
      if (!this.#isAt(edge, at)) continue;
      edges[index] = hot;
      edges[last] = edge;
      return edge;
    }
    return this.#shape.learn(this.#bytes, at, node);
  }

  #isAt(edge: number, at: number): boolean {
    const from = this.#shape.literalStart[edge] ?? 0;
    const length = this.#shape.literalLength[edge] ?? 0;
    let index = 0;
    for (; index + 4 <= length; index += 4)
      if (this.#view.getInt32(at + index, true) !== this.#literals.getInt32(from + index, true)) return false;
    for (; index < length; index += 1)
      if (this.#view.getUint8(at + index) !== this.#literals.getUint8(from + index)) return false;
    return true;
  }

  #take(kind: number, slot: number, at: number): number {
    if (kind === nodeKinds.metric) {
      const end = this.#takeNumber(at);
      return end < 0 || !this.#table.stageMetric(slot, this.#number) ? -1 : end;
    }
    if (kind === nodeKinds.dimension) return this.#takeDimension(slot, at);
    if (kind === nodeKinds.time) return this.#takeTime(at);
    if (kind === nodeKinds.id) return this.#takeId(at);
    if (kind === nodeKinds.text) return this.#skipText(at);
    return kind === nodeKinds.number ? this.#takeNumber(at) : at;
  }

  #takeDimension(slot: number, start: number): number {
    const bytes = this.#bytes;
    let hash = 0;
    let at = start;
    for (; ; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) break;
      if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return -1;
      hash = hashByte(hash, byte);
    }
    const dimension = this.#table.dimensions[slot];
    if (at === start || dimension === undefined) return -1;
    this.#table.setCode(slot, dimension.dictionary.intern(bytes, start, at, hash));
    return at + 1;
  }

  #takeId(start: number): number {
    const bytes = this.#bytes;
    let hash = 0;
    let hash2 = 0;
    let at = start;
    for (; ; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) break;
      if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return -1;
      hash = hashByte(hash, byte);
      hash2 = Math.imul(hash2 + byte, 0x01000193);
    }
    if (at === start) return -1;
    this.#idStart = start;
    this.#idEnd = at;
    this.#idHash = hash;
    this.#idHash2 = hash2 | 1;
    return at + 1;
  }

  #skipText(start: number): number {
    for (let at = start; ; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      if (byte === quote) return at + 1;
      if (byte === 0x5c && '"\\/bfnrt'.includes(String.fromCharCode(this.#bytes[at + 1] ?? 0))) at += 1;
      else if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return -1;
    }
  }

  /** A JSON number. A decimal of at most 15 digits divided by a power of ten is exactly what Number() gives. */
  #takeNumber(start: number): number {
    const bytes = this.#bytes;
    const isNegative = bytes[start] === 0x2d;
    const first = isNegative ? start + 1 : start;
    let digits = 0;
    let at = first;
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      digits = digits * 10 + digit;
    }
    if (at === first || (bytes[first] === 0x30 && at > first + 1)) return -1;
    let fraction = 0;
    if (bytes[at] === 0x2e) {
      const point = at;
      for (at += 1; ; at += 1) {
        const digit = (bytes[at] ?? 0) - 0x30;
        if (digit < 0 || digit > 9) break;
        digits = digits * 10 + digit;
      }
      fraction = at - point - 1;
      if (fraction === 0) return -1;
    }
    if (((bytes[at] ?? 0) | 0x20) === 0x65 || at - first > 15) return this.#takeLongNumber(start);
    const value = fraction === 0 ? digits : digits / (powersOfTen[fraction] ?? 1);
    // Zero has one sign here: the smaller of -0 and 0 would depend on their order.
    this.#number = isNegative && value !== 0 ? -value : value;
    return at;
  }

  #takeLongNumber(start: number): number {
    const text = this.#bytes.toString('latin1', start, start + 64);
    const match = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?(?=[,} \t\r])/.exec(text);
    if (match === null) return -1;
    const value = Number(match[0]);
    this.#number = value === 0 ? 0 : value;
    return Number.isFinite(value) ? start + match[0].length : -1;
  }

  /** `YYYY-MM-DDTHH:MM:SS[.mmm]Z`; other forms are left to the parser. */
  #takeTime(at: number): number {
    const view = this.#view;
    const isKnownDay =
      view.getInt32(at, true) === this.#day0 &&
      view.getInt32(at + 4, true) === this.#day4 &&
      view.getInt32(at + 7, true) === this.#day7;
    if (!isKnownDay && !this.#learnDay(at)) return -1;
    const bytes = this.#bytes;
    const hour = twoDigits(bytes, at + 11);
    const minute = twoDigits(bytes, at + 14);
    const second = twoDigits(bytes, at + 17);
    if (bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a) return -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1;
    let end = at + 19;
    let millis = 0;
    if (bytes[end] === 0x2e) {
      const high = twoDigits(bytes, end + 1);
      const low = (bytes[end + 3] ?? 0) - 0x30;
      if (high < 0 || low < 0 || low > 9) return -1;
      millis = 10 * high + low;
      end += 4;
    }
    if (bytes[end] !== 0x5a || bytes[end + 1] !== quote) return -1;
    this.#time = this.#dayStart + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
    return end + 2;
  }

  #learnDay(at: number): boolean {
    const text = this.#bytes.toString('latin1', at, at + 11);
    const start = text.endsWith('T') ? parseUtcTime(`${text}00:00:00Z`) : null;
    if (start === null) return false;
    this.#dayStart = start;
    this.#day0 = this.#view.getInt32(at, true);
    this.#day4 = this.#view.getInt32(at + 4, true);
    this.#day7 = this.#view.getInt32(at + 7, true);
    return true;
  }

  /** False when the parser has to say what is wrong with the line. */
  #addMatched(start: number): boolean {
    const table = this.#table;
    const status = table.codeOf(statusIndex);
    if (status > 0 && !isStatus(table.dimensions[statusIndex]?.dictionary.texts[status - 1])) return false;
    const hasId = this.#idHash2 !== 0;
    this.#addRow({ start, time: this.#time, idAt: hasId ? this.#idStart - start : 0, id: null });
    return true;
  }

  /** Commits the row, unless its day has its id already. */
  #addRow(row: { start: number; time: number; idAt: number; id: string | null }): void {
    const table = this.#table;
    table.times[table.rows] = row.time;
    table.offsets[table.rows] = this.#offset + row.start;
    table.idAt[table.rows] = row.idAt;
    const day = Math.floor(row.time / dayMs);
    table.idHashes[2 * table.rows] = this.#idHash2 === 0 ? 0 : Math.imul(this.#idHash ^ day, 0x9e3779b1);
    table.idHashes[2 * table.rows + 1] = this.#idHash2;
    if (this.#idHash2 !== 0) {
      const isSame = (other: number): boolean => this.#hasSameId(other, day, row);
      if (this.#ids.findOrAdd(table.rows, table.idHashes, isSame) >= 0) {
        this.counts.duplicates += 1;
        table.discard();
        return;
      }
    }
    table.commit();
  }

  #hasSameId(other: number, day: number, row: { start: number; idAt: number; id: string | null }): boolean {
    const table = this.#table;
    if (Math.floor((table.times[other] ?? 0) / dayMs) !== day) return false;
    const idAt = table.idAt[other] ?? 0;
    const offset = table.offsets[other] ?? 0;
    const id = row.id ?? this.#bytes.toString('latin1', this.#idStart, this.#idEnd);
    if (idAt === 0) return readIdOf(this.#readLine(offset)) === id;
    const written = this.#bytesBack(offset + idAt, Buffer.byteLength(id) + 1);
    return written.toString('latin1') === `${id}"`;
  }

  /** Bytes of an earlier line: of this buffer if they are in it. */
  #bytesBack(offset: number, length: number): Buffer {
    const at = offset - this.#offset;
    return at >= 0 ? this.#bytes.subarray(at, at + length) : this.#readBack(offset, length);
  }

  #readLine(offset: number): string {
    const bytes = this.#bytesBack(offset, maxLineBytes + 1);
    const end = bytes.indexOf(0x0a);
    return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
  }

  #parse(start: number, end: number): void {
    const offset = this.#offset + start;
    if (end - start > maxLineBytes) return this.#refuse(offset, `longer than ${maxLineBytes} bytes`);
    const text = decodeStrictly(this.#bytes.subarray(start, end));
    if (text === null) return this.#refuse(offset, 'not UTF-8');
    if (text.trim() === '') return;
    const json = parseStrictJson(text);
    if (!json.ok) return this.#refuse(offset, json.reason);
    const reading = readMetricRecord(json.value);
    if (!reading.ok) return this.#refuse(offset, reading.reason);
    const { record, time } = reading;
    for (const [index, field] of dimensionFields.entries()) {
      const bytes = record[field] === undefined ? null : Buffer.from(record[field]);
      if (bytes !== null) this.#table.setCode(index, this.#intern(index, bytes));
    }
    for (const [name, value] of Object.entries(record.metrics))
      if (!this.#table.stageMetric(this.#table.metricSlot(name), value)) {
        this.#table.discard();
        return this.#refuse(offset, 'too many metrics');
      }
    this.#hashId(record.id ?? '');
    this.#addRow({ start, time, idAt: 0, id: record.id ?? '' });
  }

  #intern(index: number, bytes: Buffer): number {
    return this.#table.dimensions[index]?.dictionary.intern(bytes, 0, bytes.length, hashBytes(bytes)) ?? 0;
  }

  #hashId(id: string): void {
    let hash = 0;
    let hash2 = 0;
    for (const byte of Buffer.from(id)) {
      hash = hashByte(hash, byte);
      hash2 = Math.imul(hash2 + byte, 0x01000193);
    }
    this.#idHash = hash;
    this.#idHash2 = id === '' ? 0 : hash2 | 1;
  }
}

const hasId = (hashes: Int32Array, row: number): boolean => hashes[2 * row + 1] !== 0;

const isStatus = (text: string | undefined): boolean => text === 'success' || text === 'error';

const twoDigits = (bytes: Buffer, at: number): number => {
  const high = (bytes[at] ?? 0) - 0x30;
  const low = (bytes[at + 1] ?? 0) - 0x30;
  return high < 0 || high > 9 || low < 0 || low > 9 ? -1 : 10 * high + low;
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null when the bytes are no UTF-8. */
const decodeStrictly = (bytes: Uint8Array): string | null => {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
};

const readIdOf = (line: string): unknown => {
  const reading = readMetricRecord(JSON.parse(line));
  return reading.ok ? reading.record.id : undefined;
};
