import type { Warning } from './types.ts';

export interface InitRequest {
  readonly example?: boolean;
  readonly hooks?: boolean;
  readonly ci?: 'github' | 'gitlab';
  readonly dryRun?: boolean;
}

export interface InitResult {
  readonly created: readonly string[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** What the host must be told to protect, one rule an entry. */
  readonly advice: readonly string[];
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}
