import type { DecideRequest, DecideResult } from '../../../operations/approval/decide.ts';
import type { PendingRequest, PendingResult } from '../../../operations/approval/pending.ts';
import type { ApprovalStatusRequest, ApprovalStatusResult } from '../../../operations/approval/status.ts';
import type { ApprovalResult, SubmitRequest } from '../../../operations/approval/submit.ts';
import type { Decided } from '../../../operations/decide-state.ts';
import type { TellOptions, Told } from '../../../operations/delivery/follow-up.ts';
import type { Run } from '../../operations.ts';
import type { LoadFormat } from '../../reports.ts';

export interface ApprovalOperations {
  readonly submit: Run<SubmitRequest & TellOptions, Decided<ApprovalResult> & Told>;
  readonly decide: Run<DecideRequest, Decided<DecideResult>>;
  readonly status: Run<ApprovalStatusRequest, ApprovalStatusResult>;
  readonly pending: Run<PendingRequest & TellOptions, PendingResult & Told>;
}

interface ApprovalReports {
  readonly submit: LoadFormat<Decided<ApprovalResult>>;
  readonly decide: LoadFormat<Decided<DecideResult>>;
  readonly status: LoadFormat<ApprovalStatusResult>;
  readonly pending: LoadFormat<PendingResult>;
}

/** The operations on approvals; each module is imported when it is called. */
export const approvalOperations: ApprovalOperations = {
  submit: async (workspace, request) =>
    (await import('../../../operations/approval/tell.ts')).submitAndTell(workspace, request),
  decide: async (workspace, request) =>
    (await import('../../../operations/approval/decide.ts')).decideApproval(workspace, request),
  status: async (workspace, request) =>
    (await import('../../../operations/approval/status.ts')).approvalStatus(workspace, request),
  pending: async (workspace, request) =>
    (await import('../../../operations/approval/tell.ts')).pendingAndTell(workspace, request),
};

/** Their reports. */
export const approvalReports: ApprovalReports = {
  submit: async () => (await import('../../../report/approval/change.ts')).formatSubmit,
  decide: async () => (await import('../../../report/approval/change.ts')).formatDecide,
  status: async () => (await import('../../../report/approval/status.ts')).formatApprovalStatus,
  pending: async () => (await import('../../../report/approval/pending.ts')).formatPending,
};
