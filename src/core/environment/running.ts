import { deploymentAt, runningSince } from './history.ts';
import type { Deployment, EnvironmentState } from './state.ts';

/** What an environment runs of a prompt, and how it came there. */
export interface Running {
  readonly prompt: string;
  readonly version: string;
  /** What the version's content was when it was promoted. */
  readonly contentHash: string;
  /** ISO 8601 UTC: when this version last began to run. */
  readonly since: string;
  /** `Name <mail>`. */
  readonly by: string;
  readonly action: Deployment['action'];
  readonly reason: string | null;
  /** The id of the deployment that brought it. */
  readonly deployment: string;
}

/** The state as it was at a moment (ISO 8601): without the entries recorded after the last one of that time. */
export const stateAt = (state: EnvironmentState, at: string): EnvironmentState => {
  const last = deploymentAt(state, at);
  const deployments = last ? state.deployments.slice(0, state.deployments.indexOf(last) + 1) : [];
  return { ...state, current: last?.version ?? null, deployments };
};

/** What runs now, or ran at a moment; null before the first promotion. */
export const runningAt = (state: EnvironmentState, at: string | null): Running | null => {
  const then = at === null ? state : stateAt(state, at);
  const last = then.deployments.at(-1);
  const first = runningSince(then);
  if (!last || !first) return null;
  return {
    prompt: state.prompt,
    version: last.version,
    contentHash: last.contentHash,
    since: first.at,
    by: first.by,
    action: first.action,
    reason: first.reason,
    deployment: first.id,
  };
};
