import type { PushOptions, Warning } from './types.ts';

export interface RenameRequest extends PushOptions {
  readonly from: string;
  readonly to: string;
  readonly message?: string;
  readonly author?: string;
  readonly verify?: boolean;
  readonly dryRun?: boolean;
}

export interface RenameResult {
  readonly from: string;
  readonly to: string;
  readonly path: string;
  readonly commit: string | null;
  /** Files whose references were rewritten. */
  readonly updated: readonly string[];
  readonly pushed: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}
