import type { Deployment, EnvironmentState } from './state.ts';

/** A deployment and the state in whose list it stands. */
export interface PlacedDeployment {
  readonly state: EnvironmentState;
  readonly deployment: Deployment;
}

/** Merges the lists by time, newest first, keeping the recorded order within each. */
export const mergeNewestFirst = (states: readonly EnvironmentState[]): PlacedDeployment[] => {
  const placed = states.flatMap((state) => {
    // A clock that ran behind must not move an entry before the one it follows.
    let latest = Number.NEGATIVE_INFINITY;
    return state.deployments.map((deployment, index) => {
      latest = Math.max(latest, Date.parse(deployment.at));
      return { state, deployment, atMs: latest, index };
    });
  });
  return placed
    .sort((x, y) => y.atMs - x.atMs || compare(x.state.prompt, y.state.prompt) || y.index - x.index)
    .map(({ state, deployment }) => ({ state, deployment }));
};

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
