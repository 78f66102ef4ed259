import { approvalEvent } from '../../core/notify/events-of.ts';
import { warnUndelivered } from '../../core/notify/notice.ts';
import { formatIdentity, readIdentity } from '../../git/identity.ts';
import type { Decided } from '../decide-state.ts';
import type { TellOptions, Told } from '../delivery/follow-up.ts';
import type { Workspace } from '../workspace.ts';
import { withEscalation } from './overdue.ts';
import { type PendingRequest, type PendingResult, pendingApprovals } from './pending.ts';
import { type ApprovalResult, type SubmitRequest, submitApproval } from './submit.ts';

/** `submitApproval`, then tells who was asked, where that is wanted. @throws as `submitApproval` */
export const submitAndTell = async (
  workspace: Workspace,
  request: SubmitRequest & TellOptions,
): Promise<Decided<ApprovalResult> & Told> => {
  const result = await submitApproval(workspace, request);
  if (!request.notify || result.commit === null) return { ...result, notices: [] };
  const { prompt, version, environment } = result;
  const pending = result.stages.filter(({ state }) => state === 'pending');
  const stages = withEscalation(
    workspace,
    pending.map((stage) => ({ ...stage, prompt, version, environment })),
  );
  const by = formatIdentity(await readIdentity(workspace.repository));
  const at = workspace.now().toISOString();
  const { notify } = await import('../notify.ts');
  const notices = await notify(
    workspace,
    stages.map((stage) => approvalEvent('approval.requested', stage, { at, by })),
  );
  return { ...result, notices, warnings: [...result.warnings, ...warnUndelivered(notices)] };
};

/** `pendingApprovals`, then tells what is overdue, where that is wanted. @throws as `pendingApprovals` */
export const pendingAndTell = async (
  workspace: Workspace,
  request: PendingRequest & TellOptions,
): Promise<PendingResult & Told> => {
  const result = await pendingApprovals(workspace, request);
  if (!request.notify) return { ...result, notices: [] };
  const at = workspace.now().toISOString();
  const overdue = withEscalation(
    workspace,
    result.stages.filter((stage) => stage.overdue),
  );
  const events = overdue.map((stage) => approvalEvent('approval.overdue', stage, { at, by: null }));
  const { notify } = await import('../notify.ts');
  const notices = await notify(workspace, events);
  return { ...result, notices, warnings: [...result.warnings, ...warnUndelivered(notices)] };
};
