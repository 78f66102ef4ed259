import type { RecordColumns } from '../../core/metrics/columns.ts';
import type { ScanCounts } from './line-scanner.ts';
import type { UnitRows } from './unit-sample.ts';

/** The first bytes of a segment: how many, up to where a line begins, and a hash that no other bytes have. */
export interface KeptBytes {
  readonly covered: number;
  readonly fingerprint: string;
}

/** A run of records of one segment, in memory or in its cache file. */
export interface StoredPart {
  /** Name and path of the segment. */
  readonly segment: string;
  readonly path: string;
  /** For the part that the segment's cache file keeps, which bytes it is made of; null for what came after. */
  readonly kept: KeptBytes | null;
  readonly rows: number;
  /** UTC days (since 1970) of the records. */
  readonly days: readonly number[];
  readonly counts: ScanCounts;
  /** Times, and those of the named dimensions and metrics (null: all) that a record has. */
  readonly columns: (fields: readonly string[], metrics: readonly string[] | null) => Promise<RecordColumns>;
  /** Two 32-bit hashes of day and id a row; the second is 0 when the id is absent. */
  readonly idHashes: () => Promise<Int32Array>;
  /** Two 32-bit hashes of the unit a row, both 0 when it is absent; empty when no row has one. */
  readonly unitHashes: () => Promise<Int32Array>;
  /** Times and named dimensions of the rows whose unit belongs to a share of all units, from 0 to 1. */
  readonly unitRows: (fields: readonly string[], share: number) => Promise<UnitRows>;
  /** Where each row's line begins in the segment. */
  readonly offsets: () => Promise<Float64Array>;
  readonly close: () => Promise<void>;
}
