import { environmentNamed } from '../environments.ts';
import type { Workspace } from '../workspace.ts';
import { type PendingRequest, type PendingStage, pendingApprovals } from './pending.ts';

/** A stage that waits, with who is told when it waits for too long. */
export interface EscalatedStage extends PendingStage {
  readonly escalateTo: readonly string[];
}

/** The stages with those whom the configuration names for them. */
export const withEscalation = (workspace: Workspace, stages: readonly PendingStage[]): EscalatedStage[] =>
  stages.map((stage) => {
    const { approvals } = environmentNamed(workspace, stage.environment);
    return { ...stage, escalateTo: approvals.find(({ name }) => name === stage.stage)?.escalateTo ?? [] };
  });

/** Stages that wait for longer than the environment's `approvalAge`. */
export const overdueStages = async (
  workspace: Workspace,
  request: PendingRequest,
): Promise<{ readonly stages: readonly EscalatedStage[] }> => {
  const { stages } = await pendingApprovals(workspace, request);
  return {
    stages: withEscalation(
      workspace,
      stages.filter(({ overdue }) => overdue),
    ),
  };
};
