import type { Warning } from './types.ts';

export interface RestoreRequest {
  readonly ref: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface RestoreResult {
  readonly prompt: string;
  readonly version: string | null;
  readonly path: string;
  /** False when the file had that text already. */
  readonly changed: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}
