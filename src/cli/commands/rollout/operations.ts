import type { Decided } from '../../../operations/decide-state.ts';
import type { RolloutChangeRequest, RolloutChangeResult } from '../../../operations/rollout/change.ts';
import type { RolloutHistoryRequest, RolloutHistoryResult } from '../../../operations/rollout/history.ts';
import type { RolloutListRequest, RolloutListResult } from '../../../operations/rollout/list.ts';
import type { RolloutRunEnd, RolloutRunRequest } from '../../../operations/rollout/run.ts';
import type { RolloutStatusRequest, RolloutStatusResult } from '../../../operations/rollout/status.ts';
import type { RolloutTickRequest, RolloutTickResult } from '../../../operations/rollout/tick.ts';
import type { RolloutTick } from '../../../operations/rollout/tick-result.ts';
import type { Run } from '../../operations.ts';
import type { LoadFormat } from '../../reports.ts';

export interface RolloutOperations {
  readonly status: Run<RolloutStatusRequest, RolloutStatusResult>;
  readonly tick: Run<RolloutTickRequest, RolloutTickResult>;
  readonly run: Run<RolloutRunRequest, RolloutRunEnd>;
  readonly change: Run<RolloutChangeRequest, Decided<RolloutChangeResult>>;
  readonly list: Run<RolloutListRequest, RolloutListResult>;
  readonly history: Run<RolloutHistoryRequest, RolloutHistoryResult>;
}

interface RolloutReports {
  readonly status: LoadFormat<RolloutStatusResult>;
  readonly ticks: LoadFormat<RolloutTickResult>;
  readonly tickLine: LoadFormat<RolloutTick>;
  readonly change: LoadFormat<Decided<RolloutChangeResult>>;
  readonly list: LoadFormat<RolloutListResult>;
  readonly history: LoadFormat<RolloutHistoryResult>;
}

/** The operations on rollouts; each module is imported when it is called. */
export const rolloutOperations: RolloutOperations = {
  status: async (workspace, request) =>
    (await import('../../../operations/rollout/status.ts')).rolloutStatus(workspace, request),
  tick: async (workspace, request) =>
    (await import('../../../operations/rollout/tick.ts')).tickRollouts(workspace, request),
  run: async (workspace, request) =>
    (await import('../../../operations/rollout/run.ts')).runRollout(workspace, request),
  change: async (workspace, request) =>
    (await import('../../../operations/rollout/change.ts')).applyRolloutVerb(workspace, request),
  list: async (workspace, request) =>
    (await import('../../../operations/rollout/list.ts')).listRollouts(workspace, request),
  history: async (workspace, request) =>
    (await import('../../../operations/rollout/history.ts')).rolloutHistory(workspace, request),
};

/** Their reports. */
export const rolloutReports: RolloutReports = {
  status: async () => (await import('../../../report/rollout/status.ts')).formatRolloutStatus,
  ticks: async () => (await import('../../../report/rollout/tick.ts')).formatRolloutTicks,
  tickLine: async () => (await import('../../../report/rollout/tick.ts')).formatRunTick,
  change: async () => (await import('../../../report/rollout/change.ts')).formatRolloutChange,
  list: async () => (await import('../../../report/rollout/list.ts')).formatRolloutList,
  history: async () => (await import('../../../report/rollout/list.ts')).formatRolloutHistory,
};
