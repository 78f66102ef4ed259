import type { EnvironmentState } from '../core/environment/state.ts';
import { decisionLine } from './decide-state.ts';

/**
 * The message of a commit that moves pointers: a subject, the reason, and one line a deployment. The record is the file;
 * the lines are for people who read the log.
 */
export const deploymentMessage = (states: readonly EnvironmentState[], reason: string | null): string => {
  const lines = states.flatMap(({ prompt, environment, deployments }) => {
    const last = deployments.at(-1);
    return last
      ? [`${decisionLine}${last.action} ${prompt}@${last.version} in ${environment} as ${last.id}`]
      : [];
  });
  const text = reason?.trim() ?? '';
  return `${[subjectOf(states), ...(text === '' ? [] : [text]), lines.join('\n')].join('\n\n')}\n`;
};

/** The same of a commit that begins rollouts. */
export const rolloutMessage = (states: readonly EnvironmentState[], reason: string | null): string => {
  const [first] = states;
  const place = first?.environment ?? '';
  const subject =
    states.length === 1
      ? `Roll out ${first?.prompt} ${first?.rollout?.candidate.version} in ${place}: ${first?.rollout?.weight} %`
      : `Roll out ${states.length} prompts in ${place}`;
  const lines = states.flatMap(({ rollout, deployments }) =>
    rollout
      ? [`${decisionLine}rollout ${rollout.id} 1 create`]
      : [`${decisionLine}${deployments.at(-1)?.id}`],
  );
  const text = reason?.trim() ?? '';
  return `${[subject, ...(text === '' ? [] : [text]), lines.join('\n')].join('\n\n')}\n`;
};

const subjectOf = (states: readonly EnvironmentState[]): string => {
  const [first] = states;
  if (!first) return 'Move pointers';
  const isRollback = first.deployments.at(-1)?.action !== 'promote';
  const verb = isRollback ? 'Roll back' : 'Promote';
  const place = isRollback ? `in ${first.environment}` : `to ${first.environment}`;
  if (states.length > 1) return `${verb} ${states.length} prompts ${place}`;
  return isRollback
    ? `${verb} ${first.prompt} ${place} to ${first.current}`
    : `${verb} ${first.prompt} ${first.current} ${place}`;
};
