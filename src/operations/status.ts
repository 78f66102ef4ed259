import type { Impact } from '../core/impact/grade.ts';
import type { Problem } from '../core/prompt/document.ts';
import type { PromptState, Warning } from './types.ts';

export interface StatusRequest {
  readonly names?: readonly string[];
  /** Reads the index that git is committing instead of the files on disk. */
  readonly staged?: boolean;
}

export interface PromptStatus {
  readonly prompt: string;
  readonly path: string | null;
  readonly state: PromptState;
  readonly impact: Impact | null;
  /** Why a prompt whose file did not change is modified: `dependency`; for `invalid`: the first problem; for `deleted`/renamed: what is known. */
  readonly reason: string | null;
  readonly latest: string | null;
  /** The version `save` would give; null when there is nothing to save. */
  readonly next: string | null;
  readonly problems: readonly Problem[];
}

export interface StatusResult {
  readonly branch: string | null;
  readonly prompts: readonly PromptStatus[];
  readonly warnings: readonly Warning[];
}
