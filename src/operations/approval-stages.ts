import type { StageStatus } from '../core/approval/stage.ts';
import type { EnvironmentConfig } from '../core/config/schema.ts';
import type { StateStore } from './state-store.ts';
import type { Version } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface StagesRequest {
  readonly environment: EnvironmentConfig;
  readonly version: Version;
}

/** How the stages of an environment stand for a version, in their order; none configured gives an empty list. */
export const readStages = async (
  _workspace: Workspace,
  _state: StateStore,
  { environment }: StagesRequest,
): Promise<readonly StageStatus[]> =>
  environment.approvals.map(({ name, required }) => ({
    stage: name,
    required,
    approvals: [],
    state: 'pending',
    requestedAt: null,
    detail: null,
  }));
