import { groupRows } from '../../core/metrics/group-rows.ts';
import type { MetricsFilter } from '../../core/metrics/source.ts';
import type { StoredPart } from './log-part.ts';
import type { OpenLog } from './open-log.ts';
import { UnitSet } from './unit-set.ts';

const dayMs = 86_400_000;

/** A share of units is known well enough from those of so many records … */
const mostRows = 25_000;
/** … where they name as many units as this: a unit may come often, and records may match a few at a time. */
const fewestUnits = 5000;

/**
 * Version → how many units have it among the matching records; records without either do not count. Units are told apart
 * by their hashes alone. Of many records, only the units with a small hash stand for all. A record that was written twice
 * names the same unit, so copies need not be found.
 */
export const countUnitsByVersion = async (
  log: OpenLog,
  filter: MetricsFilter,
): Promise<ReadonlyMap<string, number>> => {
  const parts = log.parts.filter((part) => mayMatch(part, filter));
  let share = Math.min(1, mostRows / parts.reduce((sum, { rows }) => sum + rows, 0));
  for (;;) {
    const counts = await countShare(parts, filter, share);
    const found = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (share === 1 || found >= fewestUnits) return counts;
    share = Math.min(1, (2 * share * fewestUnits) / Math.max(1, found));
  }
};

/** Counts the units that belong to a share of all units. */
const countShare = async (
  parts: readonly StoredPart[],
  filter: MetricsFilter,
  share: number,
): Promise<ReadonlyMap<string, number>> => {
  const query = { ...filter, by: ['version'] };
  const fields = new Set(['prompt', 'version', ...(filter.where ?? []).map(({ field }) => field)]);
  const units = new Map<string, UnitSet>();
  for (const part of parts) {
    const rows = await part.unitRows([...fields], share);
    const { groupOf, keys } = groupRows(rows, query);
    const sets = keys.map(({ version }) => setOf(units, version ?? null));
    for (let row = 0; row < rows.rows; row += 1)
      sets[groupOf[row] ?? -1]?.add(rows.unitHashes[2 * row] ?? 0, rows.unitHashes[2 * row + 1] ?? 0);
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
