import { maxProblems } from '../../core/metrics/coverage.ts';
import { dimensionFields } from '../../core/metrics/names.ts';
import { type MetricRecord, maxLineBytes, readMetricRecord } from '../../core/metrics/record.ts';
import type { LineProblem } from '../../core/metrics/source.ts';
import { parseStrictJson } from '../../core/metrics/strict-json.ts';
import { ByteReader, isSameStretch } from './byte-reader.ts';
import { LineShape, nodeKinds } from './line-shape.ts';
import { SeenIds } from './seen-ids.ts';
import type { RecordTable, TableBuilder } from './table-builder.ts';
import type { TextBytes } from './text-hash.ts';

/** What a scan has counted. */
export interface ScanCounts {
  lines: number;
  duplicates: number;
  skipped: number;
  readonly problems: LineProblem[];
}

const dayMs = 86_400_000;
const newline = 0x0a;
const statusIndex = dimensionFields.indexOf('status');

/**
 * Turns lines into rows of a table. Lines of a known shape are read straight from the bytes, all others by a strict
 * JSON parser; both ways give the same rows. Lines that are no record are counted and named.
 */
export class LineScanner {
  readonly counts: ScanCounts;
  readonly #segment: string;
  readonly #table: TableBuilder;
  readonly #shape: LineShape;
  readonly #literals: DataView;
  readonly #ids: SeenIds;
  readonly #reader = new ByteReader();
  /** The paths of the line so far have its number here. */
  readonly #stamps = new Float64Array(8192);
  #stamp = 0;
  /** Of the first byte of the buffer, in the segment. */
  #offset = 0;
  #idStart = 0;
  #idEnd = 0;
  #unitStart = 0;
  #unitEnd = 0;
  #lastDay = Number.NaN;

  constructor(segment: string, table: TableBuilder, counts: ScanCounts) {
    this.#segment = segment;
    this.#table = table;
    this.counts = counts;
    this.#shape = new LineShape((name) => table.metricSlot(name));
    this.#literals = new DataView(this.#shape.literals.buffer);
    this.#ids = new SeenIds(table.capacity);
  }

  /**
   * Reads whole lines: those of `bytes` (and `view`, of the same memory) from `from` to `to`, which is after a newline;
   * at least 256 bytes of the buffer follow. `offset` is the place of the buffer's first byte in the segment.
   */
  scan(
    bytes: Buffer,
    view: DataView,
    { from, to, offset }: { from: number; to: number; offset: number },
  ): void {
    this.#reader.bytes = bytes;
    this.#reader.view = view;
    this.#offset = offset;
    let at = from;
    while (at < to) {
      this.counts.lines += 1;
      if (bytes[at] === newline) {
        at += 1;
        continue;
      }
      this.#table.reserve();
      const end = this.#match(at);
      if (end >= 0 && end - at <= maxLineBytes + 1) {
        this.#addMatched(at);
        at = end;
        continue;
      }
      this.#table.discard();
      const stop = bytes.indexOf(newline, at);
      const reason = this.#parse(bytes.subarray(at, stop), offset + at);
      if (reason !== null) this.#refuse(offset + at, reason);
      at = stop + 1;
    }
  }

  /** Reads a last line without newline; what is no record there is a line that is still being written, or was torn. */
  scanUnfinished(line: Buffer, offset: number): void {
    const bytes = Buffer.concat([line, Buffer.from('\n'), Buffer.alloc(512)]);
    const { skipped } = this.counts;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.scan(bytes, view, { from: 0, to: line.length + 1, offset });
    const last = this.counts.problems.at(-1);
    if (this.counts.skipped > skipped && last?.offset === offset)
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
    this.#idEnd = -1;
    this.#unitEnd = -1;
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

  /** `ts` and `prompt` have the paths 1 and 2. */
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
    return this.#shape.learn(this.#reader.bytes, at, node);
  }

  #isAt(edge: number, at: number): boolean {
    const from = this.#shape.literalStart[edge] ?? 0;
    const length = this.#shape.literalLength[edge] ?? 0;
    return isSameStretch(this.#reader.view, at, this.#literals, { from, length });
  }

  #take(kind: number, slot: number, at: number): number {
    const reader = this.#reader;
    if (kind === nodeKinds.metric) {
      const end = reader.takeNumber(at);
      return end < 0 || !this.#table.stageMetric(slot, reader.number) ? -1 : end;
    }
    if (kind === nodeKinds.dimension) return this.#takeDimension(slot, at);
    if (kind === nodeKinds.time) return reader.takeTime(at);
    if (kind === nodeKinds.id) {
      this.#idStart = at;
      this.#idEnd = reader.takePlainText(at) - 1;
      return this.#idEnd <= at ? -1 : this.#idEnd + 1;
    }
    if (kind === nodeKinds.unit) {
      this.#unitStart = at;
      this.#unitEnd = reader.takePlainText(at) - 1;
      return this.#unitEnd <= at ? -1 : this.#unitEnd + 1;
    }
    if (kind === nodeKinds.text) return reader.skipText(at);
    return kind === nodeKinds.number ? reader.takeNumber(at) : at;
  }

  #takeDimension(slot: number, at: number): number {
    const dictionary = this.#table.dimensions[slot]?.dictionary;
    if (dictionary === undefined) return -1;
    const { bytes, view } = this.#reader;
    const guessed = dictionary.guess(view, at);
    if (guessed > 0) {
      this.#table.setCode(slot, guessed);
      return at + dictionary.guessedLength + 1;
    }
    const end = this.#reader.takePlainText(at);
    // An empty text, and a status that is none, are left to the parser to judge.
    if (end <= at + 1 || (slot === statusIndex && !isStatus(bytes.toString('latin1', at, end - 1))))
      return -1;
    this.#table.setCode(slot, dictionary.intern(bytes, view, { start: at, end: end - 1 }));
    return end;
  }

  #addMatched(start: number): void {
    const { view, time } = this.#reader;
    const id = this.#idEnd < 0 ? null : { view, start: this.#idStart, end: this.#idEnd };
    const unit = this.#unitEnd < 0 ? null : { view, start: this.#unitStart, end: this.#unitEnd };
    this.#table.setUnit(unit);
    this.#addRow(this.#offset + start, time, id);
  }

  /** The records of the lines so far. Of those with one id in a day the first counts, the others are duplicates. */
  build(): RecordTable {
    const table = this.#table;
    const repeated = this.#ids.findRepeated(table.idHashes.subarray(0, 2 * table.rows));
    table.removeRows(repeated);
    this.counts.duplicates += repeated.length;
    return table.build();
  }

  /** Commits the row. */
  #addRow(offset: number, time: number, id: TextBytes | null): void {
    const table = this.#table;
    const row = table.rows;
    const day = Math.floor(time / dayMs);
    table.times[row] = time;
    table.offsets[row] = offset;
    if (id === null) {
      table.idHashes[2 * row] = 0;
      table.idHashes[2 * row + 1] = 0;
      this.#ids.skip(row);
    } else this.#ids.add(row, table.idHashes, day, id);
    if (day !== this.#lastDay) table.days.add(day);
    this.#lastDay = day;
    table.commit();
  }

  /** Adds the line's record, or says why it has none; null too for a blank line. */
  #parse(line: Buffer, offset: number): string | null {
    if (line.length > maxLineBytes) return `longer than ${maxLineBytes} bytes`;
    const text = decodeStrictly(line);
    if (text === null) return 'not UTF-8';
    if (text.trim() === '') return null;
    const json = parseStrictJson(text);
    if (!json.ok) return json.reason;
    const reading = readMetricRecord(json.value);
    if (!reading.ok) return reading.reason;
    if (!this.#stage(reading.record)) return 'too many metrics';
    this.#table.setUnit(encodeText(reading.record.unit));
    this.#addRow(offset, reading.time, encodeText(reading.record.id));
    return null;
  }

  #stage(record: MetricRecord): boolean {
    const table = this.#table;
    for (const [index, field] of dimensionFields.entries()) {
      const text = record[field];
      const dictionary = table.dimensions[index]?.dictionary;
      if (text !== undefined && dictionary !== undefined) table.setCode(index, dictionary.code(text));
    }
    const isStaged = Object.entries(record.metrics).every(([name, value]) =>
      table.stageMetric(table.metricSlot(name), value),
    );
    if (!isStaged) table.discard();
    return isStaged;
  }
}

const isStatus = (text: string): boolean => text === 'success' || text === 'error';

const encodeText = (text: string | undefined): TextBytes | null => {
  if (text === undefined || text === '') return null;
  const bytes = Buffer.from(`${text}\0\0\0\0`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { view, start: 0, end: bytes.length - 4 };
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
