import type { OperationOptions } from './types.ts';

export interface DoctorRequest extends OperationOptions {
  readonly fix?: boolean;
  readonly dryRun?: boolean;
}

export interface Finding {
  /** A stable word, such as `STALE_LOCK`, `TAG_INVALID`, `LOOSE_TAGS`. */
  readonly id: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** The command or action that mends it; null when a person must decide. */
  readonly fix: string | null;
  /** True when `--fix` has mended it in this run. */
  readonly fixed: boolean;
}

export interface DoctorResult {
  readonly findings: readonly Finding[];
  readonly dryRun: boolean;
}
