import type { Impact } from '../core/impact/grade.ts';
import type { BumpRequest, RecordedBump } from '../core/version/bump.ts';
import { assertReadyToCommit } from './ready.ts';
import { applySave, describePlan } from './save-apply.ts';
import { planSave } from './save-plan.ts';
import type { OperationOptions, PushOptions, Warning } from './types.ts';
import type { Workspace } from './workspace.ts';
import { withWorkspaceLock } from './workspace-lock.ts';

export interface SaveRequest extends OperationOptions, PushOptions {
  /** Prompt names or file paths; empty: every changed prompt. */
  readonly names?: readonly string[];
  readonly bump?: BumpRequest;
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
  readonly bump: RecordedBump;
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
  /** The command that pushes what was saved; null when pushed, nothing was saved, or there is no such remote. */
  readonly pushCommand: string | null;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Versions every named (default: every changed) prompt: one commit of just these files where they are not committed
 * yet, and one annotated tag each. Repeating it after a crash finishes what was begun.
 */
export const save = async (workspace: Workspace, request: SaveRequest): Promise<SaveResult> => {
  await assertReadyToCommit(workspace, 'save');
  if (request.dryRun) return describePlan(workspace, await planSave(workspace, request));
  return withWorkspaceLock(workspace, async () =>
    applySave(workspace, request, await planSave(workspace, request)),
  );
};
