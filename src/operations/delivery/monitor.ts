import { currentDeployment } from '../../core/environment/history.ts';
import type { Health, HealthFigures, HealthVerdict } from '../../core/metrics/health.ts';
import { environmentNamed, readEnvironment } from '../environments.ts';
import { withLog } from '../metrics/open.ts';
import { completeRecord, storeRecords } from '../metrics/store-records.ts';
import { pause } from '../pause.ts';
import { openState } from '../state-store.ts';
import type { Workspace } from '../workspace.ts';
import { readHealth, rulesFor } from './health.ts';

export interface MonitorRequest {
  readonly prompt: string;
  readonly environment: string;
  /** The branch whose state was written, where it is another than usual. */
  readonly branch?: string;
  /** How long to watch. */
  readonly durationMs: number;
  /** Ends it before its time. */
  readonly stop?: AbortSignal;
  readonly onLook?: (health: Health) => void;
  /** Waits so long; the real clock when absent. */
  readonly wait?: (durationMs: number, stop: AbortSignal) => Promise<void>;
}

/** How what runs now did since it was deployed, and what ran before it in a time as long. */
export interface MonitoredVersion {
  readonly prompt: string;
  readonly environment: string;
  readonly version: string;
  readonly verdict: HealthVerdict;
  /** Of the version before, over a day before it was replaced; null when there was none. */
  readonly before: HealthFigures | null;
  readonly after: HealthFigures;
  readonly alerts: Health['alerts'];
  readonly insufficient: Health['insufficient'];
  readonly looks: number;
}

/** How often it looks. */
const monitorIntervalMs = 10_000;

const dayMs = 86_400_000;

/**
 * Watches the health of what runs since it was deployed, by its records alone, and says how it is at the end. Changes no
 * pointer; before and after are written to the metrics log. @throws ENVIRONMENT_NOT_FOUND
 */
export const monitorVersion = async (
  workspace: Workspace,
  request: MonitorRequest,
): Promise<MonitoredVersion> => {
  const { prompt, durationMs, stop = new AbortController().signal, wait = pause, onLook } = request;
  const { name: environment } = environmentNamed(workspace, request.environment);
  const state = await readEnvironment(openState(workspace, { branch: request.branch }), environment, prompt);
  const deployment = currentDeployment(state);
  if (deployment === null) throw new TypeError('Only what runs is watched.');
  const { version, previousVersion: previous } = deployment;
  const since = Date.parse(deployment.at);
  const rules = rulesFor(workspace, { prompt, environment });
  const running = { prompt, environment, version, since, previous };
  const look = (): Promise<Health> =>
    withLog(workspace, {}, ({ source }) =>
      readHealth(source, running, { rules, until: workspace.now().getTime() + 1 }),
    );
  const before = await readBefore(workspace, running);
  const end = workspace.now().getTime() + durationMs;
  let health = await look();
  let looks = 1;
  onLook?.(health);
  while (!stop.aborted && workspace.now().getTime() < end) {
    await wait(Math.min(monitorIntervalMs, end - workspace.now().getTime()), stop);
    health = await look();
    looks += 1;
    onLook?.(health);
  }
  const { verdict, figures: after, alerts, insufficient } = health;
  const result = { prompt, environment, version, verdict, before, after, alerts, insufficient, looks };
  await recordHealth(workspace, result, deployment.id);
  return result;
};

const readBefore = (
  workspace: Workspace,
  { prompt, environment, previous, since }: Parameters<typeof readHealth>[1],
): Promise<HealthFigures | null> =>
  withLog(workspace, {}, async ({ source }) => {
    if (previous === null) return null;
    const running = { prompt, environment, version: previous, since: since - dayMs, previous: null };
    return (await readHealth(source, running, { rules: [], until: since })).figures;
  });

/** As a record without version and status, so that it counts for no version. */
const recordHealth = async (
  workspace: Workspace,
  result: MonitoredVersion,
  deployment: string,
): Promise<void> => {
  const { prompt, environment, version, verdict, before, after, alerts, looks } = result;
  const meta = { deployment, watched: version, verdict, before, after, alerts, looks };
  const record = {
    prompt,
    environment,
    experiment: `monitor:${deployment}`,
    metrics: { monitor_looks: looks },
    meta,
  };
  await storeRecords(workspace, [completeRecord(workspace, record, 1)], {});
};
