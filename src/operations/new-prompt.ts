import type { Warning } from './types.ts';

export interface NewPromptRequest {
  readonly name: string;
  /** A reference to a prompt, or a file (plain text becomes `content`). */
  readonly from?: string;
  readonly dryRun?: boolean;
}

export interface NewPromptResult {
  readonly prompt: string;
  readonly path: string;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}
