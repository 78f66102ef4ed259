import type { PromptDocument } from '../core/prompt/document.ts';

export type { Change, ChangeKind } from '../core/impact/change.ts';

/** Something the user should know that is not a failure; the command line prints it on stderr. */
export interface Warning {
  /** A stable word, such as `BUMP_BELOW_IMPACT`. */
  readonly code: string;
  readonly message: string;
}

/** Long work reports where it is: `done` of `total` (null while unknown). */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
  /** What is counted, where it is an amount and no number of things; then a bar shows the share. */
  readonly unit?: string;
}

export interface OperationOptions {
  readonly onProgress?: (progress: Progress) => void;
}

/** What `--push` and `--remote` say: `undefined` leaves it to `push.auto` and `push.remote` of the configuration. */
export interface PushOptions {
  readonly push?: boolean;
  readonly remote?: string;
}

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** How a prompt's file stands to its latest version. */
export type PromptState = 'new' | 'clean' | 'modified' | 'behind' | 'deleted' | 'invalid';

/** Derived from environments and marks, never stored. */
export type VersionStatus = 'archived' | 'deprecated' | 'production' | 'testing' | 'superseded' | 'draft';

/** A prompt's text with everything that identifies it; `version` is null for a file on disk or a git revision. */
export interface ShownPrompt {
  readonly prompt: string;
  readonly version: string | null;
  readonly contentHash: string;
  readonly document: PromptDocument;
}
