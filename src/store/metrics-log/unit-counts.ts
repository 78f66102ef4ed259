import { groupRows } from '../../core/metrics/group-rows.ts';
import type { MetricsFilter } from '../../core/metrics/source.ts';
import { loadParts } from './answer-query.ts';
import type { StoredPart } from './log-part.ts';
import type { OpenLog } from './open-log.ts';
import { UnitSet } from './unit-set.ts';

const dayMs = 86_400_000;

/**
 * Version → how many units have it among the matching records; records without either do not count. Units are told apart
 * by a 64-bit hash. A record that was written twice names the same unit, so copies need not be found.
 */
export const countUnitsByVersion = async (
  log: OpenLog,
  filter: MetricsFilter,
): Promise<ReadonlyMap<string, number>> => {
  const query = { ...filter, by: ['version'], metrics: [] };
  const units = new Map<string, UnitSet>();
  for (const part of log.parts.filter((each) => mayMatch(each, filter)))
    for (const { columns } of await loadParts([{ part, copies: new Set() }], query)) {
      const { groupOf, keys } = groupRows(columns, query);
      const hashes = await part.unitHashes();
      const sets = keys.map(({ version }) => setOf(units, version ?? null));
      // An array without hashes is that of a part in which no record names a unit.
      if (hashes.length > 0) addRows(sets, groupOf, hashes);
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

const addRows = (sets: readonly (UnitSet | null)[], groupOf: Int32Array, hashes: Int32Array): void => {
  for (let row = 0; row < groupOf.length; row += 1) {
    const second = hashes[2 * row + 1] ?? 0;
    if (second !== 0) sets[groupOf[row] ?? -1]?.add(hashes[2 * row] ?? 0, second);
  }
};
