import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { maxLineBytes } from '../../core/metrics/record.ts';
import { promptvError } from '../../errors.ts';
import { LineScanner, type ScanCounts } from './line-scanner.ts';
import type { KeptBytes, StoredPart } from './log-part.ts';
import { type BlockBuffer, hashRange, scanRange } from './segment-bytes.ts';
import { type CachedSegment, SegmentCacheFile } from './segment-cache.ts';
import { describeState, type FileState, isAsRead, isMissing, reasonOf, type Segment } from './segments.ts';
import { type RecordTable, TableBuilder } from './table-builder.ts';
import { sampleUnits } from './unit-sample.ts';

export interface LoadOptions {
  /** Where the segment's cache file is, or null to do without. */
  readonly cachePath: string | null;
  readonly buffers: readonly [BlockBuffer, BlockBuffer];
  /** Receives what should be written to the cache file. */
  readonly keep: (cachePath: string, segment: CachedSegment, table: RecordTable) => void;
  /** What was appended to cached segments, by path, as it was read before by the same source. */
  readonly tails: Map<string, ReadTail>;
  /** Reads a segment anew, to keep it whole, when anything was appended to what its cache holds. */
  readonly keepsWhole: boolean;
  readonly now: () => number;
}

/** A segment's records: as cached, with what was appended since in a part of its own, or read anew. */
export interface LoadedSegment {
  readonly state: FileState;
  /** Before the segment's state was asked for, epoch milliseconds. */
  readonly readAt: number;
  readonly parts: readonly StoredPart[];
}

/** What follows the cached part of a segment. */
export interface ReadTail {
  /** The whole segment's when the tail was read. */
  readonly state: FileState;
  readonly readAt: number;
  /** Of the bytes that the cache was found to hold for. */
  readonly fingerprint: string;
  readonly parts: readonly StoredPart[];
}

const maxTries = 3;
/** A cache is rewritten when more than a quarter of it and this many bytes have been appended. */
const slackBytes = 1 << 20;
/** A line has about this many bytes, at least; more rows than expected only cost a copy. */
const expectedLineBytes = 200;

/** Loads a segment; null when it has gone. Throws STALE_READ when it keeps shrinking meanwhile. */
export const loadSegment = async (segment: Segment, options: LoadOptions): Promise<LoadedSegment | null> => {
  const handle = await openSegment(segment.path);
  if (handle === null) return null;
  try {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const loaded = await loadOpen(segment, handle, options);
      if (loaded !== null) return loaded;
    }
  } finally {
    await handle.close();
  }
  throw promptvError('STALE_READ', { path: segment.path });
};

const openSegment = async (path: string): Promise<FileHandle | null> => {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw promptvError('FILE_ACCESS', { path, action: 'read', reason: reasonOf(cause) }, cause);
  }
};

const loadOpen = async (
  segment: Segment,
  handle: FileHandle,
  options: LoadOptions,
): Promise<LoadedSegment | null> => {
  const readAt = options.now();
  const state = describeState(await handle.stat({ bigint: true }));
  const cached = await openCache(segment, state, options);
  const read = { segment, handle, state, readAt, options };
  if (cached === null) return scanWhole(read);
  const tail = await readTail(read, cached.segment);
  if (tail === 'gone' || tail === 'other') await cached.close();
  if (tail === 'gone') return null;
  if (tail === 'other') return scanWhole(read);
  options.tails.set(segment.path, tail);
  return { state, readAt: tail.readAt, parts: [cachedPart(segment, cached), ...tail.parts] };
};

/** The cache file, if it may hold for the first bytes of the segment. */
const openCache = async (
  segment: Segment,
  state: FileState,
  options: LoadOptions,
): Promise<SegmentCacheFile | null> => {
  const cached = options.cachePath === null ? null : await SegmentCacheFile.open(options.cachePath);
  if (cached === null) return null;
  const known = cached.segment;
  const appended = state.size - known.covered;
  const mostAppended = options.keepsWhole ? 0 : slackBytes + known.covered / 4;
  if (known.path === segment.path && known.hashed <= state.size && appended <= mostAppended) return cached;
  await cached.close();
  return null;
};

/** What follows the cached bytes; `other` when those are not the segment's, `gone` when it shrinks meanwhile. */
const readTail = async (
  reading: SegmentReading,
  known: CachedSegment,
): Promise<ReadTail | 'other' | 'gone'> => {
  const { segment, handle, state, readAt, options } = reading;
  const { fingerprint } = fingerprintOf(known);
  const before = options.tails.get(segment.path);
  if (before?.fingerprint === fingerprint && isAsRead(before, state)) return before;
  if (!isAsRead(known, state) && !(await hasSamePrefix(handle, known))) return 'other';
  const parts = known.covered < state.size ? await scanTail(reading, known) : [];
  return parts === null ? 'gone' : { state, readAt, fingerprint, parts };
};

const hasSamePrefix = async (handle: FileHandle, known: CachedSegment): Promise<boolean> => {
  const blocks = await hashRange({ handle, from: 0, to: known.hashed });
  return (
    blocks !== null &&
    blocks.length === known.blocks.length &&
    blocks.every((hash, at) => hash === known.blocks[at])
  );
};

interface SegmentReading {
  readonly segment: Segment;
  readonly handle: FileHandle;
  readonly state: FileState;
  readonly readAt: number;
  readonly options: LoadOptions;
}

const scanWhole = async (reading: SegmentReading): Promise<LoadedSegment | null> => {
  const { segment, handle, state, readAt, options } = reading;
  const builder = new TableBuilder(state.size / expectedLineBytes);
  const scanner = new LineScanner(segment.name, builder, createCounts(0));
  const scanned = await scanRange(scanner, { handle, from: 0, to: state.size }, options.buffers);
  if (scanned === null) return null;
  const table = scanner.build();
  const { covered, blocks } = scanned;
  const { counts } = scanner;
  const known = {
    path: segment.path,
    state,
    readAt,
    covered,
    hashed: state.size,
    blocks,
    counts,
    days: table.days,
  };
  if (options.cachePath !== null) options.keep(options.cachePath, { ...known, rows: table.rows }, table);
  const rest = await scanRest(reading, covered, counts.lines);
  return rest === null
    ? null
    : { state, readAt, parts: [tablePart(segment, table, counts, fingerprintOf(known)), ...rest] };
};

/** What was appended to a cached segment, as parts of their own; lines are numbered on. */
const scanTail = async (reading: SegmentReading, known: CachedSegment): Promise<StoredPart[] | null> => {
  const { segment, handle, state, options } = reading;
  const builder = new TableBuilder((state.size - known.covered) / expectedLineBytes);
  const scanner = new LineScanner(segment.name, builder, createCounts(known.counts.lines));
  const scanned = await scanRange(scanner, { handle, from: known.covered, to: state.size }, options.buffers);
  if (scanned === null) return null;
  const rest = await scanRest(reading, scanned.covered, scanner.counts.lines);
  return rest === null ? null : [tablePart(segment, scanner.build(), scanner.counts, null), ...rest];
};

/** What follows the last newline, which may be a line that is still being written; null when it has gone. */
const scanRest = async (
  { segment, handle, state }: SegmentReading,
  covered: number,
  lines: number,
): Promise<StoredPart[] | null> => {
  const length = state.size - covered;
  if (length === 0) return [];
  const builder = new TableBuilder(1);
  const scanner = new LineScanner(segment.name, builder, createCounts(lines));
  if (length > maxLineBytes) scanner.refuseLongLine(covered);
  else {
    const line = Buffer.alloc(length);
    const { bytesRead } = await handle.read(line, 0, length, covered);
    if (bytesRead < length) return null;
    scanner.scanUnfinished(line, covered);
  }
  return [tablePart(segment, scanner.build(), scanner.counts, null)];
};

const createCounts = (lines: number): ScanCounts => ({ lines, duplicates: 0, skipped: 0, problems: [] });

const fingerprintOf = ({ covered, blocks }: Pick<CachedSegment, 'covered' | 'blocks'>): KeptBytes => ({
  covered,
  fingerprint: createHash('sha256').update(blocks.join()).digest('hex'),
});

const tablePart = (
  { name, path }: Segment,
  table: RecordTable,
  counts: ScanCounts,
  kept: KeptBytes | null,
): StoredPart => ({
  segment: name,
  path,
  kept,
  rows: table.rows,
  days: table.days,
  counts,
  columns: async () => table,
  idHashes: async () => table.idHashes,
  unitHashes: async () => table.unitHashes,
  unitRows: async (_fields, share) => sampleUnits(table, table.unitHashes, share),
  offsets: async () => table.offsets,
  close: async () => undefined,
});

const cachedPart = ({ name, path }: Segment, cached: SegmentCacheFile): StoredPart => ({
  segment: name,
  path,
  kept: fingerprintOf(cached.segment),
  rows: cached.segment.rows,
  days: cached.segment.days,
  counts: cached.segment.counts,
  columns: (fields, metrics) => cached.columns(fields, metrics),
  idHashes: () => cached.idHashes(),
  unitHashes: () => cached.unitHashes(),
  unitRows: (fields, share) => cached.unitRows(fields, share),
  offsets: () => cached.offsets(),
  close: () => cached.close(),
});
