import { deploymentEvent } from '../../core/notify/events-of.ts';
import type { Notice } from '../../core/notify/notice.ts';
import type { Decided, StateOptions } from '../decide-state.ts';
import { type PromoteRequest, type PromoteResult, promote } from '../promote.ts';
import { type RollbackRequest, type RollbackResult, rollback } from '../rollback.ts';
import { tellRollout } from '../rollout/tell.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import type { Following } from './after.ts';
import type { MonitoredVersion, MonitorRequest } from './monitor.ts';

/** What a command does after it has written: tell the sinks of the configuration, and nothing without this. */
export interface TellOptions {
  readonly notify?: boolean;
}

/** Also watches what it brought. */
export interface FollowOptions extends TellOptions, Pick<MonitorRequest, 'stop' | 'wait' | 'onLook'> {
  /** Watch what runs now for so long. */
  readonly monitorMs?: number;
  /** Everything is done, and only the telling and watching is left. */
  readonly onWatch?: () => void;
}

export interface Told {
  readonly notices: readonly Notice[];
}

export interface Followed extends Told {
  /** One a prompt; none without `monitorMs`, or where nothing was deployed. */
  readonly monitors: readonly MonitoredVersion[];
}

/** `promote`, then what is asked for after it. @throws as `promote` */
export const promoteAndFollow = async (
  workspace: Workspace,
  request: PromoteRequest & FollowOptions,
): Promise<Decided<PromoteResult> & Followed> => {
  const result = await promote(workspace, request);
  const { promotions } = result;
  const moved = promotions.filter(({ unchanged }) => !unchanged && result.commit !== null);
  const begun = moved.filter(({ rollout }) => rollout !== null);
  const told: Notice[] = [];
  if (request.notify)
    for (const { prompt, environment } of begun)
      told.push(...(await tellRollout(workspace, { prompt, environment, branch: request.branch })));
  const running = promotions.filter(({ deployment }) => deployment !== null && isDone(request, result));
  const deployed = moved.flatMap(({ deployment, ...place }) =>
    deployment ? [{ ...place, deployment }] : [],
  );
  const followed = await follow(workspace, request, {
    events: deployed.map(({ deployment, ...place }) => deploymentEvent(place, deployment)),
    watched: running,
  });
  const warnings = [...result.warnings, ...warnUnwatched(request, begun.length), ...followed.warnings];
  return { ...result, ...followed, notices: [...told, ...followed.notices], warnings };
};

/** `rollback`, then what is asked for after it; nothing of that can keep it from being done. @throws as `rollback` */
export const rollbackAndFollow = async (
  workspace: Workspace,
  request: RollbackRequest & FollowOptions,
): Promise<Decided<RollbackResult> & Followed> => {
  const result = await rollback(workspace, request);
  const moved = result.rollbacks.filter(({ unchanged }) => !unchanged && result.commit !== null);
  const followed = await follow(workspace, request, {
    events: moved.map(({ deployment, ...place }) => deploymentEvent(place, deployment)),
    watched: isDone(request, result) ? result.rollbacks : [],
  });
  return { ...result, ...followed, warnings: [...result.warnings, ...followed.warnings] };
};

const isDone = ({ dryRun }: StateOptions, { refused }: { readonly refused: boolean }): boolean =>
  !refused && !dryRun;

const warnUnwatched = ({ monitorMs }: FollowOptions, rollouts: number): Warning[] =>
  monitorMs === undefined || rollouts === 0
    ? []
    : [
        {
          code: 'MONITOR_SKIPPED',
          message:
            'A rollout began, so nothing new runs yet that could be watched: "promptv rollout status --watch" does.',
        },
      ];

/** What is loaded only where something is asked for: most promotions end with the commit. */
const follow = async (
  workspace: Workspace,
  request: FollowOptions & StateOptions,
  following: Following,
): Promise<Followed & { readonly warnings: readonly Warning[] }> => {
  if (!request.notify && request.monitorMs === undefined) return { notices: [], monitors: [], warnings: [] };
  return (await import('./after.ts')).followUp(workspace, request, following);
};
