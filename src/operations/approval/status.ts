import type { StageStatus } from '../../core/approval/stage.ts';
import { readStages } from '../approval-stages.ts';
import { environmentNamed } from '../environments.ts';
import { openStateToRead } from '../state-store.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { findApprovable } from './submit.ts';

export interface ApprovalStatusRequest {
  /** A saved version; without a selector the latest. */
  readonly ref: string;
  /** Absent: every environment that has stages. */
  readonly environment?: string;
  readonly branch?: string;
}

export interface ApprovalStatusResult {
  readonly prompt: string;
  readonly version: string;
  readonly contentHash: string;
  /** By environment, then in the configured order. */
  readonly stages: readonly (StageStatus & { readonly environment: string })[];
  readonly warnings: readonly Warning[];
}

/**
 * How a version stands in the stages of one environment or of all, with the signature of every decision.
 * @throws ENVIRONMENT_NOT_FOUND, STATE_INVALID, SIGNERS_UNTRUSTED, as `resolveSavedVersion`
 */
export const approvalStatus = async (
  workspace: Workspace,
  request: ApprovalStatusRequest,
): Promise<ApprovalStatusResult> => {
  const environments =
    request.environment === undefined
      ? workspace.config.environments
      : [environmentNamed(workspace, request.environment)];
  const state = await openStateToRead(workspace, request);
  const version = await findApprovable(workspace, state, request.ref);
  const stages: (StageStatus & { readonly environment: string })[] = [];
  for (const environment of environments) {
    const found = await readStages(workspace, state, { environment, version, withSignatures: true });
    stages.push(...found.map((stage) => ({ environment: environment.name, ...stage })));
  }
  const { name: prompt, version: number, contentHash } = version;
  return { prompt, version: number, contentHash, stages, warnings: [] };
};
