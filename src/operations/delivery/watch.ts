import { decideWatch, type WatchDecision } from '../../core/environment/decide-watch.ts';
import { currentDeployment, previousGood, runningSince } from '../../core/environment/history.ts';
import type { EnvironmentState } from '../../core/environment/state.ts';
import type { Health } from '../../core/metrics/health.ts';
import type { MetricsSource } from '../../core/metrics/source.ts';
import type { NotifyEvent } from '../../core/notify/event.ts';
import { alertEvent, approvalEvent, deploymentEvent } from '../../core/notify/events-of.ts';
import { type Notice, warnUndelivered } from '../../core/notify/notice.ts';
import { isPromptvError } from '../../errors.ts';
import { overdueStages } from '../approval/overdue.ts';
import type { StateOptions } from '../decide-state.ts';
import { environmentNamed, readEnvironmentStates } from '../environments.ts';
import { withLog } from '../metrics/open.ts';
import { notify } from '../notify.ts';
import { pause } from '../pause.ts';
import { rollback } from '../rollback.ts';
import { behindWarning } from '../state-behind.ts';
import { openState } from '../state-store.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { readHealth, rulesFor } from './health.ts';

export interface WatchPassRequest extends StateOptions {
  readonly environment: string;
  /** Only say what is not well. */
  readonly report?: boolean;
  /** Ids of events that were told before and are left out. */
  readonly told?: ReadonlySet<string>;
}

/** What became of one prompt in one pass. */
export interface WatchedPrompt extends Health {
  readonly prompt: string;
  readonly version: string;
  readonly action: 'none' | 'reported' | 'held' | 'rolled-back' | 'refused' | 'failed';
  readonly why: string | null;
  /** Null unless it was rolled back; in a dry run as it would be. */
  readonly rollback: {
    readonly to: string;
    readonly deployment: string;
    readonly commit: string | null;
    readonly pushed: boolean;
  } | null;
}

export interface WatchPass {
  readonly environment: string;
  readonly at: string;
  readonly report: boolean;
  readonly prompts: readonly WatchedPrompt[];
  /** How many alerts fire, and how many prompts were rolled back. */
  readonly alerts: number;
  readonly rolledBack: number;
  readonly notices: readonly Notice[];
  /** What fires now; a loop leaves it out the next time. */
  readonly told: readonly string[];
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/** Who rolls back, as the deployment says. */
const watcher = 'promptv watch';

/**
 * Looks once at everything that runs in an environment, by the records of each running version alone, and rolls back
 * what breaks a condition that says so. @throws ENVIRONMENT_NOT_FOUND
 */
export const watchOnce = async (workspace: Workspace, request: WatchPassRequest): Promise<WatchPass> => {
  const { name: environment } = environmentNamed(workspace, request.environment);
  const state = openState(workspace, { branch: request.branch });
  const { states, damaged } = await readEnvironmentStates(state, environment);
  const at = workspace.now().toISOString();
  const running = [...states.values()].filter((one) => currentDeployment(one) !== null);
  const looked = await withLog(workspace, {}, async ({ source }) => {
    const looks: Looked[] = [];
    for (const one of running) looks.push(await lookAt(workspace, source, { state: one, request }));
    return looks;
  });
  // Before a rollback of ours is pushed, which is no other clone's.
  const behind = await behindWarning(workspace, state);
  const acted: Acted[] = [];
  for (const look of looked) acted.push(await act(workspace, look, request));
  const events = [
    ...acted.flatMap((one) => eventsOf(one, at)),
    ...(await overdueEvents(workspace, request, at)),
  ];
  const fresh = request.dryRun ? [] : events.filter(({ id }) => !request.told?.has(id));
  const notices = await notify(workspace, fresh);
  const prompts = acted.map(({ watched }) => watched);
  return {
    ...{ environment, at, report: request.report ?? false, prompts },
    alerts: prompts.reduce((sum, { alerts }) => sum + alerts.length, 0),
    rolledBack: prompts.filter(({ action }) => action === 'rolled-back').length,
    ...{ notices, told: events.map(({ id }) => id), dryRun: request.dryRun ?? false },
    warnings: [
      ...[...damaged.values()].map(({ message }) => ({ code: 'STATE_INVALID', message })),
      ...behind,
      ...acted.flatMap(({ warnings }) => warnings),
      ...warnUndelivered(notices),
    ],
  };
};

interface Looked {
  readonly state: EnvironmentState;
  readonly health: Health;
  readonly decision: WatchDecision;
}

const previousMs = 30 * 86_400_000;

const lookAt = async (
  workspace: Workspace,
  source: MetricsSource,
  { state, request }: { readonly state: EnvironmentState; readonly request: WatchPassRequest },
): Promise<Looked> => {
  const { prompt, environment } = state;
  const rules = rulesFor(workspace, { prompt, environment });
  const since = Date.parse(runningSince(state)?.at ?? '');
  const previous = previousGood(state, () => false)?.version ?? null;
  const running = { prompt, environment, version: state.current ?? '', since, previous };
  const health = await readHealth(source, running, { rules, until: workspace.now().getTime() + 1 });
  const broken = new Set(health.alerts.map(({ name }) => name));
  const compared = rules.filter(({ name, against }) => broken.has(name) && against === null);
  const earlier = { ...running, version: previous ?? '', since: since - previousMs, previous: null };
  const before =
    previous === null || broken.size === 0
      ? null
      : { version: previous, health: await readHealth(source, earlier, { rules: compared, until: since }) };
  const report = request.report ?? false;
  return { state, health, decision: decideWatch({ state, rules, health, previous: before, report }) };
};

interface Acted {
  readonly watched: WatchedPrompt;
  readonly rolledBack: NotifyEvent | null;
  readonly environment: string;
  readonly warnings: readonly Warning[];
}

const act = async (
  workspace: Workspace,
  { state, health, decision }: Looked,
  { branch, push, remote, dryRun }: WatchPassRequest,
): Promise<Acted> => {
  const { prompt, environment } = state;
  const base = { ...health, prompt, version: state.current ?? '', why: decision.why, rollback: null };
  const plain = { environment, rolledBack: null, warnings: [] };
  const { action } = decision;
  if (action !== 'roll-back') return { ...plain, watched: { ...base, action } };
  try {
    const done = await rollback(workspace, {
      ...{ names: [prompt], environment, from: base.version, reason: decision.why ?? '' },
      ...{ triggeredBy: watcher, branch, push, remote, dryRun },
    });
    const [only] = done.rollbacks;
    if (done.refused || only === undefined) return { ...plain, watched: { ...base, action: 'refused' } };
    const { deployment, to } = only;
    return {
      environment,
      rolledBack: deploymentEvent({ prompt, environment }, deployment),
      warnings: done.warnings,
      watched: {
        ...{ ...base, action: 'rolled-back' },
        rollback: { to, deployment: deployment.id, commit: done.commit, pushed: done.pushed },
      },
    };
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    return { ...plain, watched: { ...base, action: 'failed', why: error.message } };
  }
};

const eventsOf = ({ watched, rolledBack }: Acted, at: string): NotifyEvent[] => [
  ...watched.alerts.map((alert) => alertEvent(alert, { at, version: watched.version })),
  ...(rolledBack === null ? [] : [rolledBack]),
];

const overdueEvents = async (
  workspace: Workspace,
  { environment, branch }: WatchPassRequest,
  at: string,
): Promise<NotifyEvent[]> => {
  const { stages } = await overdueStages(workspace, { environment, branch });
  return stages.map((stage) => approvalEvent('approval.overdue', stage, { at, by: null }));
};

export interface WatchRequest extends Omit<WatchPassRequest, 'told'> {
  /** One pass, for cron. */
  readonly once?: boolean;
  readonly intervalMs: number;
  /** Ends the loop between two passes. */
  readonly stop: AbortSignal;
  readonly onPass: (pass: WatchPass) => Promise<void>;
  /** What kept one pass from being made; the next one tries again. */
  readonly onTrouble: (error: Error) => void;
  /** Waits so long; the real clock when absent. */
  readonly wait?: (durationMs: number, stop: AbortSignal) => Promise<void>;
}

/** Watches until it is stopped; answers whether any pass found an alert. Trouble of the world (exit 1) is tried again. */
export const watchEnvironment = async (
  workspace: Workspace,
  { once = false, intervalMs, stop, onPass, onTrouble, wait = pause, ...request }: WatchRequest,
): Promise<{ readonly hasAlerts: boolean }> => {
  let hasAlerts = false;
  let told: ReadonlySet<string> = new Set();
  while (!stop.aborted) {
    try {
      const pass = await watchOnce(workspace, { ...request, told });
      hasAlerts ||= pass.alerts > 0;
      told = new Set(pass.told);
      await onPass(pass);
    } catch (error) {
      if (once || !isPromptvError(error) || error.exitCode !== 1) throw error;
      onTrouble(error);
    }
    if (once) break;
    await wait(intervalMs, stop);
  }
  return { hasAlerts };
};
