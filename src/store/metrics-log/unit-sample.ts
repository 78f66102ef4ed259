import type { DimensionColumn, RecordColumns } from '../../core/metrics/columns.ts';

/** Some of a part's rows as columns without metrics, each with the two 32-bit hashes of its unit. */
export interface UnitRows extends RecordColumns {
  readonly unitHashes: Int32Array;
}

/** What a segment's cache keeps of its rows apart: those of one unit in 32. */
export const keptShare = 1 / 32;

/**
 * The rows whose unit belongs to a share of all units, which its first hash decides; rows without a unit never do.
 * `unitHashes` is empty where no row has one. A smaller share of a sample is a sample of the smaller share.
 */
export const sampleUnits = (columns: RecordColumns, unitHashes: Int32Array, share: number): UnitRows => {
  const rows = findRows(unitHashes, share);
  const hashes = new Int32Array(2 * rows.length);
  const times = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    times[at] = columns.times[row] ?? 0;
    hashes[2 * at] = unitHashes[2 * row] ?? 0;
    hashes[2 * at + 1] = unitHashes[2 * row + 1] ?? 0;
  }
  const dimensions = [...columns.dimensions].map(
    ([field, { dictionary, codes }]): [string, DimensionColumn] => {
      const taken =
        codes instanceof Uint32Array ? new Uint32Array(rows.length) : new Uint16Array(rows.length);
      for (let at = 0; at < rows.length; at += 1) taken[at] = codes[rows[at] ?? 0] ?? 0;
      return [field, { dictionary, codes: taken }];
    },
  );
  return {
    rows: rows.length,
    times,
    unitHashes: hashes,
    dimensions: new Map(dimensions),
    metrics: new Map(),
  };
};

const findRows = (unitHashes: Int32Array, share: number): Uint32Array => {
  const limit = share * 2 ** 32;
  const rows = new Uint32Array(unitHashes.length / 2);
  let count = 0;
  for (let row = 0; row < rows.length; row += 1)
    if (unitHashes[2 * row + 1] !== 0 && (unitHashes[2 * row] ?? 0) >>> 0 < limit) rows[count++] = row;
  return rows.subarray(0, count);
};
