import { parseDurationMs } from '../core/config/duration.ts';
import type { Gate } from '../core/environment/gates.ts';
import { type CompleteDeployment, formatEnvironmentState } from '../core/environment/state.ts';
import type { Change } from '../core/impact/change.ts';
import type { Impact } from '../core/impact/grade.ts';
import { parseMessage } from '../core/version/user-message.ts';
import { formatIdentity, readIdentity } from '../git/identity.ts';
import { type Decided, decideState, type StateOptions } from './decide-state.ts';
import { deploymentMessage } from './deployment-message.ts';
import { momentOf, sinceOf } from './env/time.ts';
import { environmentNamed, environmentPath } from './environments.ts';
import { assertReadyToCommit } from './ready.ts';
import { withDeadline } from './rollback-deadline.ts';
import { planRollbacks } from './rollback-plan.ts';
import type { OperationOptions, Warning } from './types.ts';
import type { Workspace } from './workspace.ts';

export interface RollbackRequest extends OperationOptions, StateOptions {
  /** Prompt names; empty only with `toTime`: the whole environment. */
  readonly names: readonly string[];
  readonly environment: string;
  readonly to?: string;
  /** The version that the caller believes to run; anything else is refused. */
  readonly from?: string;
  readonly deployment?: string;
  /** ISO 8601: back to what ran then. */
  readonly toTime?: string;
  readonly reason?: string;
  /** Skips approvals and `from`, never the checks of the target. */
  readonly emergency?: boolean;
  /** When the trouble began, ISO 8601: the SLA counts from there. */
  readonly since?: string;
  /** The system that rolls back by itself; a person otherwise. */
  readonly triggeredBy?: string;
}

export interface Rollback {
  readonly prompt: string;
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  /** True when a repetition found it done. */
  readonly unchanged: boolean;
  readonly impact: Impact | null;
  /** What callers would notice; null when the text that runs cannot be read any more. */
  readonly changes: readonly Change[] | null;
  readonly deployment: CompleteDeployment;
  readonly gates: readonly Gate[];
}

export interface RollbackResult {
  readonly rollbacks: readonly Rollback[];
  readonly trigger: 'manual' | 'emergency' | 'automatic';
  /** The moment of `toTime` in UTC, and as it was meant; null without one. */
  readonly toTime: string | null;
  readonly toTimeLocal: string | null;
  /** When the SLA began to count, ISO 8601 UTC. */
  readonly since: string;
  /** True when a gate said no: then nothing was written. */
  readonly refused: boolean;
  readonly durationMs: number;
  /** Whether the push was accepted within the environment's SLA; null without a push. */
  readonly slaMet: boolean | null;
  readonly slaMs: number;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Moves pointers back to a good version, several in one commit. The target is always checked: it exists, has the content
 * that was deployed, and is not archived.
 * @throws ALREADY_ROLLED_BACK, NO_PREVIOUS_VERSION, ROLLBACK_CONFLICT, ROLLBACK_TIMEOUT, VERSION_ARCHIVED,
 * VERSION_CHANGED, ENVIRONMENT_EMPTY, DEPLOYMENT_NOT_FOUND, TIME_INVALID
 */
export const rollback = async (
  workspace: Workspace,
  request: RollbackRequest,
): Promise<Decided<RollbackResult>> => {
  const started = workspace.now();
  await assertReadyToCommit(workspace, 'rollback');
  const environment = environmentNamed(workspace, request.environment);
  const slaMs = parseDurationMs(environment.sla);
  const toTime = momentOf(request.toTime);
  const since = sinceOf(request.since, started.getTime())?.utc ?? started.toISOString();
  parseMessage(request.reason ?? '', 'reason');
  const trigger = triggerOf(request);
  const decided = await withDeadline(workspace, slaMs, (progress) =>
    decideState(workspace, request, async (state, publication) => {
      const identity = formatIdentity(await readIdentity(workspace.repository));
      const plans = await planRollbacks(workspace, state, {
        request: { ...request, toTime: toTime?.utc },
        environment,
        identity,
        trigger,
        publication,
      });
      const rollbacks = plans.map(({ rollback: planned }) => planned);
      const refused = rollbacks.some(({ gates }) => gates.some(({ verdict }) => verdict === 'fail'));
      const moved = plans.filter(({ rollback: planned }) => !planned.unchanged);
      const result = { rollbacks, refused, warnings: [] };
      if (refused || request.dryRun || moved.length === 0) return { result, commit: null };
      const commit = await state.commit({
        files: moved.map(({ next }) => ({
          path: environmentPath(environment.name, next.prompt),
          text: formatEnvironmentState(next),
        })),
        message: deploymentMessage(
          moved.map(({ next }) => next),
          request.reason ?? null,
        ),
        sign: environment.signed ? identity : null,
      });
      progress.committed(commit);
      return { result, commit };
    }),
  );
  const ended = workspace.now();
  return {
    ...decided,
    trigger,
    toTime: toTime?.utc ?? null,
    toTimeLocal: toTime?.local ?? null,
    since,
    durationMs: ended.getTime() - started.getTime(),
    slaMet: decided.pushed ? ended.getTime() - Date.parse(since) <= slaMs : null,
    slaMs,
    dryRun: request.dryRun ?? false,
  };
};

const triggerOf = ({ triggeredBy, emergency }: RollbackRequest): RollbackResult['trigger'] => {
  // What was skipped must be seen in the record, also where a system asked for it.
  if (emergency) return 'emergency';
  return triggeredBy === undefined ? 'manual' : 'automatic';
};
