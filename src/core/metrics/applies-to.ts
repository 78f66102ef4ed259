import { matchesBranchGlob } from '../version/branch-glob.ts';
import type { AlertRule } from './alert-rules.ts';
import type { AlertScope } from './alerts.ts';

/** Whether a rule is meant for a prompt in an environment. */
export const appliesTo = (
  { environments, prompts }: AlertRule,
  { prompt, environment }: AlertScope,
): boolean =>
  (environments.length === 0 || environments.some((name) => name === environment)) &&
  (prompts.length === 0 || prompts.some((glob) => matchesBranchGlob(glob, prompt ?? '')));
