import { rolloutEvent } from '../../core/notify/events-of.ts';
import type { Notice } from '../../core/notify/notice.ts';
import { readEnvironment } from '../environments.ts';
import { openState } from '../state-store.ts';
import type { Workspace } from '../workspace.ts';
import { latestRollout } from './find-rollout.ts';

interface ToldRollout {
  readonly prompt: string;
  readonly environment: string;
  /** The branch that was written, where it is another than usual. */
  readonly branch?: string | undefined;
}

/** Tells the sinks what happened to a rollout last; nothing is read where there are none. */
export const tellRollout = async (
  workspace: Workspace,
  { prompt, environment, branch }: ToldRollout,
): Promise<Notice[]> => {
  if (Object.keys(workspace.config.notify).length === 0) return [];
  const record = latestRollout(await readEnvironment(openState(workspace, { branch }), environment, prompt));
  const event = record?.events.at(-1);
  if (!record || !event) return [];
  const { id, stable, candidate } = record;
  const versions = { stable: stable.version, candidate: candidate.version };
  const { notify } = await import('../notify.ts');
  return notify(workspace, [rolloutEvent({ prompt, environment, id, ...versions }, event)]);
};
