import type { MetricsFilter, MetricsSource, Observations } from '../../core/metrics/source.ts';

/** So many are enough to look for the cause. */
const named = 3;

/**
 * The names of the first units that met several variants. Observations only number units, so each name is read from
 * the unit's first record, found by its moment and its place among the records of that moment.
 */
export const nameCrossedUnits = async (
  source: MetricsSource,
  filter: MetricsFilter,
  { observations, variants }: { readonly observations: Observations; readonly variants: readonly string[] },
): Promise<string[]> => {
  const names: string[] = [];
  for (const row of findFirstRows(observations, variants)) {
    const name = await readUnit(source, filter, { observations, row });
    if (name !== null) names.push(name);
  }
  return names;
};

/** The first row of each unit that met several variants, in the order in which they met the second. */
const findFirstRows = (observations: Observations, names: readonly string[]): number[] => {
  const { rows, subjects, subjectCount, variants } = observations;
  const isVariant = [false, ...variants.dictionary.map((name) => names.includes(name))];
  const first = new Int32Array(subjectCount + 1).fill(-1);
  const found = new Set<number>();
  for (let row = 0; row < rows && found.size < named; row += 1) {
    const subject = subjects[row] ?? 0;
    if (subject === 0 || isVariant[variants.codes[row] ?? 0] !== true) continue;
    const before = first[subject] ?? -1;
    if (before < 0) first[subject] = row;
    else if (variants.codes[before] !== variants.codes[row]) found.add(before);
  }
  return [...found];
};

const readUnit = async (
  source: MetricsSource,
  filter: MetricsFilter,
  { observations, row }: { readonly observations: Observations; readonly row: number },
): Promise<string | null> => {
  const time = observations.times[row] ?? 0;
  let before = observations.times
    .subarray(0, row)
    .reduce((count, each) => count + (each === time ? 1 : 0), 0);
  for await (const record of source.records({ ...filter, since: time, until: time + 1 })) {
    if (before === 0) return record.unit ?? null;
    before -= 1;
  }
  return null;
};
