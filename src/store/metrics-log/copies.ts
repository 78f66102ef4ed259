import { closeSync, openSync, readSync } from 'node:fs';
import { maxLineBytes, readMetricRecord } from '../../core/metrics/record.ts';
import { IdTable } from './id-table.ts';
import type { StoredPart } from './log-part.ts';

const usualLineBytes = 1024;
/** Most hashes of a large part are told from those of a few rows by their last bits. */
const filterSize = 2 ** 18;

/** A part that shares a day with others: its number among all, and its rows' hashes. */
interface PartIds {
  readonly part: number;
  readonly stored: StoredPart;
  readonly hashes: Int32Array;
}

/** Whether two rows with one hash have one id in one day. */
type CompareRows = (a: RowId, b: RowId) => boolean;

interface RowId {
  readonly ids: PartIds;
  readonly row: number;
}

/**
 * Rows of each part whose day and id a part before it has: the copies that do not count. The first copy is the one
 * in the earliest part, so the order of the parts (segments by name) decides between writers.
 */
export const findCopies = async (parts: readonly StoredPart[]): Promise<Set<number>[]> => {
  const copies = parts.map(() => new Set<number>());
  const [first, ...others] = await Promise.all(
    sharingDays(parts).map(async (ids) => ({ ...ids, hashes: await ids.stored.idHashes() })),
  );
  if (first === undefined) return copies;
  let candidates = 0;
  markCopies(first, others, {
    isSame: () => true,
    mark: () => {
      candidates += 1;
    },
  });
  if (candidates === 0) return copies;
  const { isSame, close } = await openRows([first, ...others]);
  try {
    markCopies(first, others, { isSame, mark: ({ ids, row }) => copies[ids.part]?.add(row) });
  } finally {
    close();
  }
  return copies;
};

/** The parts that have a day in common with another part. */
const sharingDays = (parts: readonly StoredPart[]): Omit<PartIds, 'hashes'>[] => {
  const uses = new Map<number, number>();
  for (const { days } of parts) for (const day of days) uses.set(day, (uses.get(day) ?? 0) + 1);
  const numbered = parts.map((stored, part) => ({ stored, part }));
  return numbered.filter(({ stored }) => stored.days.some((day) => (uses.get(day) ?? 0) > 1));
};

/** Compares rows by what stands in the log. */
const openRows = async (
  all: readonly PartIds[],
): Promise<{ readonly isSame: CompareRows; readonly close: () => void }> => {
  const offsets = await Promise.all(all.map(({ stored }) => stored.offsets()));
  const offsetsOf = new Map(all.map((ids, index) => [ids, offsets[index]]));
  const descriptors = new Map<string, number>();
  const idOf = ({ ids, row }: RowId): string => {
    const { path } = ids.stored;
    const descriptor = descriptors.get(path) ?? openSync(path, 'r');
    descriptors.set(path, descriptor);
    return readDayAndId(descriptor, offsetsOf.get(ids)?.[row] ?? 0);
  };
  return {
    isSame: (a, b) => idOf(a) === idOf(b),
    close: () => {
      for (const descriptor of descriptors.values()) closeSync(descriptor);
    },
  };
};

const readDayAndId = (descriptor: number, offset: number): string => {
  const line = readLine(descriptor, offset, usualLineBytes) ?? readLine(descriptor, offset, maxLineBytes + 1);
  const reading = readMetricRecord(JSON.parse(line ?? 'null'));
  return reading.ok ? `${reading.record.ts.slice(0, 10)} ${reading.record.id ?? ''}` : '';
};

/** Null when the line does not end within `length` bytes; the end of the file ends it too. */
const readLine = (descriptor: number, offset: number, length: number): string | null => {
  const bytes = Buffer.alloc(length);
  const read = readSync(descriptor, bytes, 0, length, offset);
  const end = bytes.subarray(0, read).indexOf(0x0a);
  return end < 0 && read === length ? null : bytes.toString('utf8', 0, end < 0 ? read : end);
};

/** Notes the rows of all parts but the first in a table, then looks up the first part's: it is often by far the largest. */
const markCopies = (
  first: PartIds,
  others: readonly PartIds[],
  { isSame, mark }: { readonly isSame: CompareRows; readonly mark: (copy: RowId) => void },
): void => {
  const owners = others.flatMap((ids) => Array.from({ length: ids.stored.rows }, (_, row) => ({ ids, row })));
  const hashes = new Int32Array(2 * (owners.length + 1));
  const probe = { ids: first, row: 0 };
  const table = new IdTable(owners.length, (number, other) =>
    isSame(owners[number] ?? probe, owners[other] ?? probe),
  );
  for (const [number, owner] of owners.entries()) {
    if (!copyHashes(owner.ids.hashes, owner.row, hashes, number)) continue;
    if (table.findOrAdd(number, hashes) >= 0) mark(owner);
  }
  const met = new Uint8Array(filterSize);
  for (let number = 0; number < owners.length; number += 1)
    met[(hashes[2 * number] ?? 0) & (filterSize - 1)] = 1;
  for (; probe.row < first.stored.rows; probe.row += 1) {
    if (met[(first.hashes[2 * probe.row] ?? 0) & (filterSize - 1)] === 0) continue;
    if (!copyHashes(first.hashes, probe.row, hashes, owners.length)) continue;
    const found = owners[table.find(owners.length, hashes)];
    if (found !== undefined) mark(found);
  }
};

/** False for a row without id. */
const copyHashes = (from: Int32Array, row: number, to: Int32Array, at: number): boolean => {
  to[2 * at] = from[2 * row] ?? 0;
  to[2 * at + 1] = from[2 * row + 1] ?? 0;
  return to[2 * at + 1] !== 0;
};
