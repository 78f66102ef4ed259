import { approvalFolder, createRequest, formatRecord } from '../../core/approval/records.ts';
import type { StageStatus } from '../../core/approval/stage.ts';
import { parseRemark } from '../../core/remark.ts';
import { promptvError } from '../../errors.ts';
import { formatIdentity, readIdentity } from '../../git/identity.ts';
import { readStages } from '../approval-stages.ts';
import { type Decided, decideState, type StateOptions } from '../decide-state.ts';
import { environmentNamed } from '../environments.ts';
import { assertReadyToCommit } from '../ready.ts';
import { resolveSavedVersion } from '../resolve-ref.ts';
import type { StateStore } from '../state-store.ts';
import type { OperationOptions, Warning } from '../types.ts';
import { type Version, Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { approvalMessage } from './message.ts';

export interface SubmitRequest extends OperationOptions, StateOptions {
  /** A saved version; without a selector the latest. */
  readonly ref: string;
  readonly environment: string;
  readonly comment?: string;
}

/** How a version's approval stands after a command. */
export interface ApprovalResult {
  readonly prompt: string;
  readonly version: string;
  readonly environment: string;
  readonly contentHash: string;
  /** In the configured order. */
  readonly stages: readonly StageStatus[];
  /** True when everything was as asked already. */
  readonly unchanged: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Asks for the approval of a version in every stage of an environment that was not asked yet, was rejected, or was asked
 * for other content; one commit. Asking again changes nothing.
 * @throws NO_STAGES, ENVIRONMENT_NOT_FOUND, TEXT_INVALID, STATE_INVALID, as `resolveSavedVersion`
 */
export const submitApproval = async (
  workspace: Workspace,
  request: SubmitRequest,
): Promise<Decided<ApprovalResult>> => {
  await assertReadyToCommit(workspace, 'approval');
  const environment = environmentNamed(workspace, request.environment);
  if (environment.approvals.length === 0) throw promptvError('NO_STAGES', { environment: environment.name });
  const comment = request.comment === undefined ? null : parseRemark(request.comment, 'comment');
  return decideState(workspace, request, async (state) => {
    const version = await findApprovable(workspace, state, request.ref);
    const before = await readStages(workspace, state, { environment, version });
    const files = await planRequests(workspace, { request, version, comment, stages: before });
    const unchanged = files.length === 0;
    const isWritten = !unchanged && !request.dryRun;
    const ref = `${version.name}@${version.version}`;
    const message = approvalMessage('Submit', { ref, environment: environment.name, stage: null });
    const commit = isWritten ? await state.commit({ files, message }) : null;
    const stages = commit ? await readStages(workspace, state, { environment, version }) : before;
    return { result: approvalResult({ request, version, stages, unchanged }), commit };
  });
};

/** A saved version whose text is what was saved. @throws VERSION_CHANGED, as `resolveSavedVersion` */
export const findApprovable = async (
  workspace: Workspace,
  state: StateStore,
  ref: string,
): Promise<Version> => {
  const versions = new Versions(workspace);
  const version = await resolveSavedVersion(workspace, versions, { ref, state });
  await versions.textOf(version);
  return version;
};

const planRequests = async (
  workspace: Workspace,
  {
    request,
    version,
    comment,
    stages,
  }: {
    readonly request: SubmitRequest;
    readonly version: Version;
    readonly comment: string | null;
    readonly stages: readonly StageStatus[];
  },
): Promise<{ path: string; text: string }[]> => {
  const isRejected = stages.some(({ state }) => state === 'rejected');
  const asked = stages.filter(
    ({ state, requestedAt }) =>
      state !== 'automatic' && (requestedAt === null || state === 'invalid' || isRejected),
  );
  if (asked.length === 0) return [];
  const by = formatIdentity(await readIdentity(workspace.repository));
  const about = { prompt: version.name, version: version.version, environment: request.environment };
  const at = workspace.now().toISOString();
  return asked.map(({ stage }) => {
    const record = createRequest({ ...about, stage, contentHash: version.contentHash, at, by, comment });
    return { path: `${approvalFolder({ ...about, stage })}/request.json`, text: formatRecord(record) };
  });
};

/** The result that submit, approve and reject share. */
export const approvalResult = ({
  request,
  version,
  stages,
  unchanged,
}: {
  readonly request: { readonly environment: string; readonly dryRun?: boolean };
  readonly version: Version;
  readonly stages: readonly StageStatus[];
  readonly unchanged: boolean;
}): ApprovalResult => ({
  prompt: version.name,
  version: version.version,
  environment: request.environment,
  contentHash: version.contentHash,
  stages,
  unchanged,
  dryRun: request.dryRun ?? false,
  warnings: [],
});
