import type { Deployment, EnvironmentState } from './state.ts';

/** The deployment in force at a moment (ISO 8601), or null before the first. Entries count in their recorded order. */
export const deploymentAt = (state: EnvironmentState, at: string): Deployment | null => {
  const moment = Date.parse(at);
  return state.deployments.findLast((deployment) => Date.parse(deployment.at) <= moment) ?? null;
};

/** The deployment in force now. */
export const currentDeployment = (state: EnvironmentState): Deployment | null =>
  state.deployments.at(-1) ?? null;

/**
 * The deployment that a rollback goes back to: the latest of a version other than the current one that was not itself
 * rolled back since, and that the caller does not rule out (an archived one). Null when there is none.
 */
export const previousGood = (
  state: EnvironmentState,
  isRuledOut: (version: string) => boolean,
): Deployment | null => {
  const bad = rolledBackVersions(state);
  return (
    state.deployments.findLast(
      ({ version }) => version !== state.current && !bad.has(version) && !isRuledOut(version),
    ) ?? null
  );
};

/** Versions whose latest deployment here was undone by a rollback. */
const rolledBackVersions = (state: EnvironmentState): ReadonlySet<string> => {
  const bad = new Set<string>();
  for (const { action, version, previousVersion } of state.deployments) {
    if (action === 'rollback' && previousVersion !== null) bad.add(previousVersion);
    bad.delete(version);
  }
  return bad;
};

/** When the version that runs came here: the first entry of the unbroken run of it at the end. */
export const runningSince = (state: EnvironmentState): Deployment | null => {
  const other = state.deployments.findLastIndex(({ version }) => version !== state.current);
  return state.deployments[other + 1] ?? null;
};
