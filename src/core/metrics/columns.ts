/** Text values by code: `dictionary[code - 1]`; code 0 says that the field is absent. */
export interface DimensionColumn {
  readonly dictionary: readonly string[];
  readonly codes: Uint16Array | Uint32Array;
}

/** A metric's values in row order; `rows` names the row of each, or is null when they are the rows 0, 1, 2 … */
export interface MetricColumn {
  readonly rows: Uint32Array | null;
  readonly values: Float64Array;
}

/** Records as columns: `times` in epoch milliseconds; a field or metric that no record has is not in its map. */
export interface RecordColumns {
  readonly rows: number;
  readonly times: Float64Array;
  readonly dimensions: ReadonlyMap<string, DimensionColumn>;
  readonly metrics: ReadonlyMap<string, MetricColumn>;
}

/** A group of each row, from 0, or -1 for a row that is left out. */
export interface RowGroups {
  readonly groupOf: Int32Array;
  readonly count: number;
}
