/** How a decision's commit is signed: `valid` by the approver's own key, `other` in any other way. */
export type SignatureState = 'valid' | 'other' | 'unsigned' | 'unknown';

/** One person's decision, as its file records it. */
export interface Approval {
  /** `Name <mail>`. */
  readonly by: string;
  readonly decision: 'approve' | 'reject';
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly comment: string | null;
  /** `unknown` where nobody asked, or git cannot tell. */
  readonly signature: SignatureState;
  /** Whether it counts for the stage. */
  readonly counts: boolean;
  /** Why it does not count; null when it does. */
  readonly ignored: string | null;
}

/**
 * How one stage stands. `waiting`: an earlier stage is not approved yet; `invalid`: it was requested for other content
 * than the version has now; `automatic`: by `autoApprove` it needs no approval, and people neither approved nor rejected it.
 */
export interface StageStatus {
  readonly stage: string;
  readonly required: number;
  readonly approvals: readonly Approval[];
  readonly state: 'waiting' | 'pending' | 'approved' | 'rejected' | 'invalid' | 'automatic';
  /** When it was requested; null when it was not. */
  readonly requestedAt: string | null;
  /** `Name <mail>`; null when it was not requested. */
  readonly requestedBy: string | null;
  /** How long it took from its turn to its decision, or takes until now; null before its turn. */
  readonly durationMs: number | null;
  /** Whether it is pending for longer than the environment's `approvalAge`. */
  readonly overdue: boolean;
  /** What keeps it from being approved and the next command, for a reader; null when nothing does. */
  readonly detail: string | null;
}
