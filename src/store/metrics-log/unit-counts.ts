import type { DimensionColumn, RecordColumns } from '../../core/metrics/columns.ts';
import { groupRows } from '../../core/metrics/group-rows.ts';
import type { MetricsFilter } from '../../core/metrics/source.ts';
import { loadParts } from './answer-query.ts';
import type { StoredPart } from './log-part.ts';
import type { OpenLog } from './open-log.ts';
import { UnitSet } from './unit-set.ts';

const dayMs = 86_400_000;

/** A share of units is known well enough from those of so many records. */
const mostRows = 2 ** 16;

/**
 * Version → how many units have it among the matching records; records without either do not count. Units are told apart
 * by a 64-bit hash, and of a large log those with a small hash stand for all. A record that was written twice names the
 * same unit, so copies need not be found.
 */
export const countUnitsByVersion = async (
  log: OpenLog,
  filter: MetricsFilter,
): Promise<ReadonlyMap<string, number>> => {
  const query = { ...filter, by: ['version'], metrics: [] };
  const units = new Map<string, UnitSet>();
  const parts = log.parts.filter((part) => mayMatch(part, filter));
  const share = Math.min(1, mostRows / parts.reduce((sum, { rows }) => sum + rows, 0));
  for (const part of parts) {
    const hashes = await part.unitHashes();
    const rows = sampleRows(hashes, share);
    for (const { columns } of await loadParts([{ part, copies: new Set() }], query)) {
      const { groupOf, keys } = groupRows(takeRows(columns, rows), query);
      const sets = keys.map(({ version }) => setOf(units, version ?? null));
      addRows(sets, { groupOf, rows, hashes });
    }
  }
  return new Map([...units].map(([version, { size }]) => [version, size]));
};

const mayMatch = (
  { days }: StoredPart,
  { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY }: MetricsFilter,
): boolean => days.some((day) => (day + 1) * dayMs > since && day * dayMs < until);

const setOf = (units: Map<string, UnitSet>, version: string | null): UnitSet | null => {
  if (version === null) return null;
  const set = units.get(version) ?? new UnitSet();
  units.set(version, set);
  return set;
};

/** The rows that name a unit of the sample; none of a part in which no record names one, which has no hashes. */
const sampleRows = (hashes: Int32Array, share: number): Uint32Array => {
  const limit = share * 2 ** 32;
  const rows = new Uint32Array(hashes.length / 2);
  let count = 0;
  for (let row = 0; row < rows.length; row += 1)
    if (hashes[2 * row + 1] !== 0 && (hashes[2 * row] ?? 0) >>> 0 < limit) rows[count++] = row;
  return rows.subarray(0, count);
};

/** Times and dimensions of some rows alone: of a large log they are a fraction, and what follows looks at each. */
const takeRows = (columns: RecordColumns, rows: Uint32Array): RecordColumns => {
  const times = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) times[at] = columns.times[rows[at] ?? 0] ?? 0;
  const dimensions = [...columns.dimensions].map(
    ([field, { dictionary, codes }]): [string, DimensionColumn] => {
      const taken = new Uint32Array(rows.length);
      for (let at = 0; at < rows.length; at += 1) taken[at] = codes[rows[at] ?? 0] ?? 0;
      return [field, { dictionary, codes: taken }];
    },
  );
  return { rows: rows.length, times, dimensions: new Map(dimensions), metrics: new Map() };
};

const addRows = (
  sets: readonly (UnitSet | null)[],
  { groupOf, rows, hashes }: { groupOf: Int32Array; rows: Uint32Array; hashes: Int32Array },
): void => {
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    sets[groupOf[at] ?? -1]?.add(hashes[2 * row] ?? 0, hashes[2 * row + 1] ?? 0);
  }
};
