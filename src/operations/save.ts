import type { Impact } from '../core/impact/grade.ts';
import type { Bump, OperationOptions, PushOptions, Warning } from './types.ts';

export interface SaveRequest extends OperationOptions, PushOptions {
  /** Prompt names or file paths; empty: every changed prompt. */
  readonly names?: readonly string[];
  readonly bump?: Bump | 'auto';
  readonly setVersion?: string;
  readonly preid?: string;
  readonly message?: string;
  readonly meta?: Readonly<Record<string, string>>;
  /** `Name <email>`, for the commit. */
  readonly author?: string;
  /** False skips the commit hooks. */
  readonly verify?: boolean;
  readonly dryRun?: boolean;
}

export interface SavedVersion {
  readonly prompt: string;
  readonly version: string;
  readonly previousVersion: string | null;
  readonly bump: Bump | 'initial' | 'explicit';
  readonly impact: Impact;
  readonly tag: string;
  /** Null in a dry run that would commit. */
  readonly commit: string | null;
  readonly contentHash: string;
  readonly path: string;
}

export interface SaveResult {
  readonly saved: readonly SavedVersion[];
  readonly unchanged: readonly { readonly prompt: string; readonly version: string }[];
  readonly skipped: readonly { readonly prompt: string; readonly reason: string }[];
  readonly pushed: boolean;
  /** The command that pushes what was saved; null when pushed or nothing was saved. */
  readonly pushCommand: string | null;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}
