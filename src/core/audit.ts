import type { SignatureState } from './approval/stage.ts';

/** One thing that happened to a prompt, an environment or the configuration. */
export interface AuditEntry {
  /** ISO 8601 UTC, as recorded. */
  readonly at: string;
  /** `Name <mail>`, as recorded. */
  readonly by: string;
  /** `edit`: a file of the state was changed or removed in a way that no command does. */
  readonly what:
    | 'save'
    | 'submit'
    | 'approve'
    | 'reject'
    | 'promote'
    | 'rollback'
    | 'abort'
    | 'rollout'
    | 'annotate'
    | 'mark'
    | 'experiment'
    | 'configuration'
    | 'edit';
  readonly prompt: string | null;
  readonly version: string | null;
  readonly environment: string | null;
  /** Of an approval or a rejection; null of what concerns every stage, and of all else. */
  readonly stage: string | null;
  /** Message, reason, comment or remark; null when none was given. */
  readonly why: string | null;
  readonly commit: string;
  /** How that commit is signed (of a save the tag): `valid` by who acted. */
  readonly signature: SignatureState;
}

/** What narrows a trail. */
export interface AuditFilter {
  readonly prompt: string | null;
  /** Milliseconds since 1970. */
  readonly sinceMs: number | null;
  /** Part of a name or address. */
  readonly by: string | null;
}

/** Whether an entry passes all filters. */
export const matchesAudit = (entry: Omit<AuditEntry, 'signature'>, filter: AuditFilter): boolean =>
  (filter.prompt === null || entry.prompt === filter.prompt) &&
  (filter.sinceMs === null || Date.parse(entry.at) >= filter.sinceMs) &&
  (filter.by === null || entry.by.toLowerCase().includes(filter.by.toLowerCase()));
