import type { Workspace } from './workspace.ts';

const passedVariables = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'SystemRoot', 'PATHEXT'];

/** What a program gets of the environment: nothing secret, and the variables that the configuration names for it. */
export const programEnvironment = (
  { env }: Workspace,
  named: readonly string[] = [],
): Record<string, string | undefined> =>
  Object.fromEntries([...passedVariables, ...named].map((name) => [name, env[name]]));
