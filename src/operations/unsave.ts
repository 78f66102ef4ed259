import type { Warning } from './types.ts';

export interface UnsaveRequest {
  readonly ref: string;
  readonly remote?: string;
  readonly dryRun?: boolean;
}

export interface UnsaveResult {
  readonly prompt: string;
  readonly version: string;
  readonly tag: string;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}
