import { closeSync, openSync, readSync } from 'node:fs';
import { maxLineBytes, readMetricRecord } from '../../core/metrics/record.ts';
import { IdTable } from './id-table.ts';
import type { StoredPart } from './log-part.ts';

/** A part's hashes, and how the day and id behind a row are read from the log. */
interface PartIds {
  readonly part: number;
  readonly rows: number;
  readonly hashes: Int32Array;
  readonly idOf: (row: number) => string;
}

/**
 * Rows of each part whose day and id a part before it has: the copies that do not count. The first copy is the one
 * in the earliest part, so the order of the parts (segments by name) decides between writers.
 */
export const findCopies = async (parts: readonly StoredPart[]): Promise<Set<number>[]> => {
  const copies = parts.map(() => new Set<number>());
  const descriptors = new Map<string, number>();
  try {
    const ids: PartIds[] = [];
    for (const { stored, part } of sharingDays(parts)) ids.push(await openIds(stored, part, descriptors));
    const [first, ...others] = ids;
    if (first !== undefined) markCopies(first, others, copies);
  } finally {
    for (const descriptor of descriptors.values()) closeSync(descriptor);
  }
  return copies;
};

/** The parts that have a day in common with another part. */
const sharingDays = (parts: readonly StoredPart[]): { stored: StoredPart; part: number }[] => {
  const uses = new Map<number, number>();
  for (const { days } of parts) for (const day of days) uses.set(day, (uses.get(day) ?? 0) + 1);
  const numbered = parts.map((stored, part) => ({ stored, part }));
  return numbered.filter(({ stored }) => stored.days.some((day) => (uses.get(day) ?? 0) > 1));
};

const openIds = async (
  stored: StoredPart,
  part: number,
  descriptors: Map<string, number>,
): Promise<PartIds> => {
  const { offsets, idHashes } = await stored.origins();
  const idOf = (row: number): string => {
    const descriptor = descriptors.get(stored.path) ?? openSync(stored.path, 'r');
    descriptors.set(stored.path, descriptor);
    return readDayAndId(descriptor, offsets[row] ?? 0);
  };
  return { part, rows: stored.rows, hashes: idHashes, idOf };
};

const readDayAndId = (descriptor: number, offset: number): string => {
  const bytes = Buffer.alloc(maxLineBytes + 1);
  const length = readSync(descriptor, bytes, 0, bytes.length, offset);
  const end = bytes.indexOf(0x0a);
  const line = bytes.toString('utf8', 0, end < 0 || end > length ? length : end);
  const reading = readMetricRecord(JSON.parse(line));
  return reading.ok ? `${reading.record.ts.slice(0, 10)} ${reading.record.id ?? ''}` : '';
};

/** Notes the rows of all parts but the first in a table, then looks up the first part's: it is often by far the largest. */
const markCopies = (first: PartIds, others: readonly PartIds[], copies: readonly Set<number>[]): void => {
  const owners = others.flatMap((ids) => Array.from({ length: ids.rows }, (_, row) => ({ ids, row })));
  const hashes = new Int32Array(2 * (owners.length + 1));
  const probe = { ids: first, row: 0 };
  const idAt = (number: number): string => {
    const { ids, row } = owners[number] ?? probe;
    return ids.idOf(row);
  };
  const table = new IdTable(owners.length, (number, other) => idAt(number) === idAt(other));
  for (const [number, { ids, row }] of owners.entries()) {
    if (!copyHashes(ids.hashes, row, hashes, number)) continue;
    if (table.findOrAdd(number, hashes) >= 0) copies[ids.part]?.add(row);
  }
  for (; probe.row < first.rows; probe.row += 1) {
    if (!copyHashes(first.hashes, probe.row, hashes, owners.length)) continue;
    const found = owners[table.find(owners.length, hashes)];
    if (found !== undefined) copies[found.ids.part]?.add(found.row);
  }
};

/** False for a row without id. */
const copyHashes = (from: Int32Array, row: number, to: Int32Array, at: number): boolean => {
  to[2 * at] = from[2 * row] ?? 0;
  to[2 * at + 1] = from[2 * row + 1] ?? 0;
  return to[2 * at + 1] !== 0;
};
