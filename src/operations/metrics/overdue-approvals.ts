import { parseDurationMs } from '../../core/config/duration.ts';
import { isAlertEnabled } from '../../core/metrics/alert-rules.ts';
import type { Alert } from '../../core/metrics/alerts.ts';
import { pendingApprovals } from '../approval/pending.ts';
import { environmentNamed } from '../environments.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';

const hourMs = 3_600_000;

/** Stages that wait for longer than the environment's `approvalAge`. */
export const checkApprovals = async (
  workspace: Workspace,
  environment: string | null,
): Promise<{ readonly alerts: readonly Alert[]; readonly warnings: readonly Warning[] }> => {
  if (!isAlertEnabled(workspace.config.alerts, 'pending-approvals')) return { alerts: [], warnings: [] };
  const request = environment === null ? {} : { environment };
  const { stages, warnings } = await pendingApprovals(workspace, request);
  const alerts = stages
    .filter(({ overdue }) => overdue)
    .map(
      (stage): Alert => ({
        type: 'approval',
        name: 'pending-approvals',
        prompt: stage.prompt,
        environment: stage.environment,
        metric: 'approval_age_hours',
        statistic: 'max',
        value: (stage.durationMs ?? 0) / hourMs,
        threshold: parseDurationMs(environmentNamed(workspace, stage.environment).approvalAge) / hourMs,
        bound: 'max',
        severity: 'warning',
      }),
    );
  return { alerts, warnings };
};
