import type { ShownPrompt } from './types.ts';

export interface ShowRequest {
  readonly ref: string;
}

export interface ShowResult extends ShownPrompt {
  readonly path: string;
  /** The file's exact bytes. */
  readonly raw: Uint8Array;
  /** What the tag records; null for a file on disk or a git revision. */
  readonly saved: {
    readonly date: string;
    readonly author: string;
    readonly message: string;
    readonly commit: string;
  } | null;
}
