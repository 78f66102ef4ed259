import { closeSync, openSync } from 'node:fs';
import { maxLineBytes, readMetricRecord } from '../../core/metrics/record.ts';
import { IdTable } from './id-table.ts';
import type { StoredPart } from './log-part.ts';
import { createReadBack } from './segment-bytes.ts';

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
  const shared = sharingDays(parts);
  const descriptors = new Map<string, number>();
  try {
    const ids: PartIds[] = [];
    for (const part of shared) ids.push(await openIds(parts[part], part, descriptors));
    const [first, ...others] = ids;
    if (first !== undefined) markCopies(first, others, copies);
  } finally {
    for (const descriptor of descriptors.values()) closeSync(descriptor);
  }
  return copies;
};

/** The parts that have a day in common with another part. */
const sharingDays = (parts: readonly StoredPart[]): number[] => {
  const uses = new Map<number, number>();
  for (const { days } of parts) for (const day of days) uses.set(day, (uses.get(day) ?? 0) + 1);
  return parts.flatMap(({ days }, part) => (days.some((day) => (uses.get(day) ?? 0) > 1) ? [part] : []));
};

const openIds = async (
  stored: StoredPart | undefined,
  part: number,
  descriptors: Map<string, number>,
): Promise<PartIds> => {
  if (stored === undefined) return { part, rows: 0, hashes: new Int32Array(0), idOf: () => '' };
  const { offsets, idHashes } = await stored.origins();
  const descriptor = descriptors.get(stored.path) ?? openSync(stored.path, 'r');
  descriptors.set(stored.path, descriptor);
  const readBack = createReadBack(descriptor);
  return {
    part,
    rows: stored.rows,
    hashes: idHashes,
    idOf: (row) => readDayAndId(readBack(offsets[row] ?? 0, maxLineBytes + 1)),
  };
};

const readDayAndId = (bytes: Buffer): string => {
  const end = bytes.indexOf(0x0a);
  const reading = readMetricRecord(JSON.parse(bytes.toString('utf8', 0, end < 0 ? bytes.length : end)));
  return reading.ok ? `${reading.record.ts.slice(0, 10)} ${reading.record.id ?? ''}` : '';
};

/** Notes the rows of all parts but the first in a table, then looks up the first part's: it is often by far the largest. */
const markCopies = (first: PartIds, others: readonly PartIds[], copies: readonly Set<number>[]): void => {
  const owners = others.flatMap((ids) => Array.from({ length: ids.rows }, (_, row) => ({ ids, row })));
  const hashes = new Int32Array(2 * (owners.length + 1));
  const table = new IdTable(owners.length);
  for (const [number, { ids, row }] of owners.entries()) {
    hashes[2 * number] = ids.hashes[2 * row] ?? 0;
    hashes[2 * number + 1] = ids.hashes[2 * row + 1] ?? 0;
    if (hashes[2 * number + 1] === 0) continue;
    const isSame = (other: number): boolean =>
      owners[other]?.ids.idOf(owners[other]?.row ?? 0) === ids.idOf(row);
    if (table.findOrAdd(number, hashes, isSame) >= 0) copies[ids.part]?.add(row);
  }
  const probe = 2 * owners.length;
  for (let row = 0; row < first.rows; row += 1) {
    hashes[probe] = first.hashes[2 * row] ?? 0;
    hashes[probe + 1] = first.hashes[2 * row + 1] ?? 0;
    if (hashes[probe + 1] === 0) continue;
    const isSame = (other: number): boolean =>
      owners[other]?.ids.idOf(owners[other]?.row ?? 0) === first.idOf(row);
    const found = owners[table.find(owners.length, hashes, isSame)];
    if (found !== undefined) copies[found.ids.part]?.add(found.row);
  }
};
