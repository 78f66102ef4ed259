import type { Warning } from './types.ts';

export interface SyncRequest {
  readonly remote?: string;
  /** Fetch the prompts' tags only; no comparison or renumbering. */
  readonly tagsOnly?: boolean;
  readonly dryRun?: boolean;
}

export interface SyncResult {
  readonly remote: string;
  readonly fetched: readonly string[];
  readonly renumbered: readonly { readonly prompt: string; readonly from: string; readonly to: string }[];
  /** Versions that differ between here and the remote and were left alone. */
  readonly conflicts: readonly {
    readonly prompt: string;
    readonly version: string;
    readonly reason: string;
  }[];
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}
