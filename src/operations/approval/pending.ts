import { isOwn, mayApprove } from '../../core/approval/evaluate.ts';
import { approvalsFolder, emailOf, parseApprovalPath } from '../../core/approval/records.ts';
import type { StageStatus } from '../../core/approval/stage.ts';
import type { EnvironmentConfig } from '../../core/config/schema.ts';
import { isPromptvError } from '../../errors.ts';
import { readStages } from '../approval-stages.ts';
import { environmentNamed } from '../environments.ts';
import { openStateToRead, type StateStore } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { type Version, Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';

export interface PendingRequest {
  readonly environment?: string;
  /** An e-mail: only what this person may decide and has not. */
  readonly approver?: string;
  readonly branch?: string;
}

export interface PendingStage extends StageStatus {
  readonly prompt: string;
  readonly version: string;
  readonly environment: string;
}

export interface PendingResult {
  /** Longest waiting first. */
  readonly stages: readonly PendingStage[];
  readonly warnings: readonly Warning[];
}

/**
 * Every stage that was submitted and waits for a decision. A damaged file is a warning and hides only its own version.
 * @throws ENVIRONMENT_NOT_FOUND, SIGNERS_UNTRUSTED
 */
export const pendingApprovals = async (
  workspace: Workspace,
  request: PendingRequest,
): Promise<PendingResult> => {
  const environments =
    request.environment === undefined
      ? workspace.config.environments
      : [environmentNamed(workspace, request.environment)];
  const state = await openStateToRead(workspace, request);
  const versions = new Versions(workspace);
  const stages: PendingStage[] = [];
  const warnings: Warning[] = [];
  for (const { environment, prompt, version: number } of await submitted(state, environments)) {
    try {
      const version = await versions.get(prompt, number);
      const found = await readStages(workspace, state, { environment, version });
      const open = found.filter(
        (stage) =>
          stage.state === 'pending' &&
          stage.requestedAt !== null &&
          isFor(request, stage, { environment, version }),
      );
      stages.push(
        ...open.map((stage) => ({ prompt, version: number, environment: environment.name, ...stage })),
      );
    } catch (error) {
      if (!isPromptvError(error) || error.code === 'SIGNERS_UNTRUSTED') throw error;
      warnings.push({ code: error.code, message: error.message });
    }
  }
  return { stages: stages.sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0)), warnings };
};

interface Submitted {
  readonly environment: EnvironmentConfig;
  readonly prompt: string;
  readonly version: string;
}

/** Each version that has a request in one of the environments, once. */
const submitted = async (
  state: StateStore,
  environments: readonly EnvironmentConfig[],
): Promise<readonly Submitted[]> => {
  const found = new Map<string, Submitted>();
  for (const { path } of await state.list(approvalsFolder)) {
    const place = parseApprovalPath(path);
    const environment = environments.find(({ name }) => name === place?.environment);
    if (!place || !environment || place.slug !== 'request') continue;
    const { prompt, version } = place;
    found.set(`${environment.name}/${prompt}@${version}`, { environment, prompt, version });
  }
  return [...found.values()];
};

/** Whether the person asked for may decide here and has not. */
const isFor = (
  { approver }: PendingRequest,
  status: StageStatus,
  { environment, version }: { readonly environment: EnvironmentConfig; readonly version: Version },
): boolean => {
  if (approver === undefined) return true;
  const stage = environment.approvals.find(({ name }) => name === status.stage);
  if (!stage || !mayApprove(stage, [approver])) return false;
  if (!environment.allowSelfApproval && isOwn(version.record.authors, [approver])) return false;
  return !status.approvals.some(
    ({ by, counts }) => counts && emailOf(by).toLowerCase() === approver.toLowerCase(),
  );
};
