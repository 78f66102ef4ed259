import { nearestNames } from '../prompt/name.ts';

/** The checks that `requires` of an environment is meant for. */
const plannedChecks = ['tests', 'lint', 'alerts', 'regression'] as const;

/** Those of them that this version of promptv can make. */
const builtChecks: readonly string[] = ['tests', 'alerts', 'regression'];

/** Why an environment cannot require a check of this name; null when it can. */
export const checkProblem = (name: string): string | null => {
  if (builtChecks.includes(name)) return null;
  const exist = `checks that exist: ${builtChecks.join(', ')}`;
  if (plannedChecks.some((planned) => planned === name)) return `"${name}" is not built yet (${exist})`;
  const [nearest] = nearestNames(name, plannedChecks, 1);
  return `"${name}" is no check${nearest === undefined ? '' : `; did you mean "${nearest}"?`} (${exist})`;
};
