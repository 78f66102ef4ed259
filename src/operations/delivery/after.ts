import type { NotifyEvent } from '../../core/notify/event.ts';
import { warnUndelivered } from '../../core/notify/notice.ts';
import type { StateOptions } from '../decide-state.ts';
import { notify } from '../notify.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import type { Followed, FollowOptions } from './follow-up.ts';
import { type MonitoredVersion, monitorVersion } from './monitor.ts';

/** What happened, and what is to be watched. */
export interface Following {
  readonly events: readonly NotifyEvent[];
  readonly watched: readonly { readonly prompt: string; readonly environment: string }[];
}

/** Tells what happened, watches what is asked for, and tells how that is. */
export const followUp = async (
  workspace: Workspace,
  {
    notify: wantsNotice = false,
    monitorMs,
    branch,
    stop,
    wait,
    onWatch,
    onLook,
  }: FollowOptions & StateOptions,
  { events, watched }: Following,
): Promise<Followed & { readonly warnings: readonly Warning[] }> => {
  onWatch?.();
  const notices = wantsNotice ? await notify(workspace, events) : [];
  const monitors =
    monitorMs === undefined
      ? []
      : await Promise.all(
          watched.map(({ prompt, environment }) =>
            monitorVersion(workspace, {
              prompt,
              environment,
              branch,
              durationMs: monitorMs,
              stop,
              wait,
              onLook,
            }),
          ),
        );
  const told = wantsNotice
    ? await notify(
        workspace,
        monitors.map((one) => healthEvent(one, workspace)),
      )
    : [];
  const all = [...notices, ...told];
  return { notices: all, monitors, warnings: warnUndelivered(all) };
};

const healthEvent = (
  { prompt, environment, version, verdict, before, after, alerts }: MonitoredVersion,
  { now }: Workspace,
): NotifyEvent => ({
  ...{ schemaVersion: 1, id: `health-${environment}-${prompt}-${version}-${after.until}`, event: 'health' },
  ...{ at: now().toISOString(), severity: verdict === 'unwell' ? 'critical' : 'info' },
  ...{ prompt, environment, version, previousVersion: before?.version ?? null, by: null },
  text: `${prompt} ${version} in ${environment} is ${verdict}`,
  details: { verdict, before, after, alerts },
});
