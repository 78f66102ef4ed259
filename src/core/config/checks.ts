import { nearestNames } from '../prompt/name.ts';

/** The checks that `requires` of an environment may name. */
const checks = ['lint', 'tests', 'alerts', 'regression'] as const;

/** Why an environment cannot require a check of this name; null when it can. */
export const checkProblem = (name: string): string | null => {
  if (checks.some((check) => check === name)) return null;
  const exist = `checks that exist: ${checks.join(', ')}`;
  const [nearest] = nearestNames(name, checks, 1);
  return `"${name}" is no check${nearest === undefined ? '' : `; did you mean "${nearest}"?`} (${exist})`;
};
