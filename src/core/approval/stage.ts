/** One person's decision, as its file records it. */
export interface Approval {
  /** `Name <mail>`. */
  readonly by: string;
  readonly decision: 'approve' | 'reject';
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly comment: string | null;
  /** Whether the commit that added it is signed: `valid` by the approver's own key, `other` by another's. */
  readonly signature: 'valid' | 'other' | 'unsigned' | 'unknown';
}

/**
 * How one stage stands. `waiting`: an earlier stage is not approved yet; `invalid`: what was approved had other content.
 */
export interface StageStatus {
  readonly stage: string;
  readonly required: number;
  readonly approvals: readonly Approval[];
  readonly state: 'waiting' | 'pending' | 'approved' | 'rejected' | 'invalid' | 'automatic';
  /** When it was requested; null when it was not. */
  readonly requestedAt: string | null;
  /** Why approvals do not count, the next command, overdue: for a reader. */
  readonly detail: string | null;
}
