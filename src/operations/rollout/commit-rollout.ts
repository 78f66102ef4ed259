import { type EnvironmentState, formatEnvironmentState } from '../../core/environment/state.ts';
import { changeRollout, type RolloutChange } from '../../core/rollout/change.ts';
import { type RolloutEnd, writeRollout } from '../../core/rollout/finish.ts';
import type { RolloutRecord } from '../../core/rollout/record.ts';
import { decisionLine } from '../decide-state.ts';
import { environmentNamed, environmentPath } from '../environments.ts';
import type { StateStore } from '../state-store.ts';
import type { Workspace } from '../workspace.ts';
import { rolloutRefusal } from './find-rollout.ts';

/** A rollout and the state around it, after a change. */
export interface ChangedRollout {
  readonly next: EnvironmentState;
  readonly rollout: RolloutRecord;
}

/** What happens to a rollout, and whether the tool does it by itself. */
export type PlannedChange = RolloutChange & Pick<RolloutEnd, 'trigger'>;

/** The state after a change of its rollout. @throws ROLLOUT_STATE when the rollout's state refuses it */
export const planChange = (
  workspace: Workspace,
  { before, record }: { readonly before: EnvironmentState; readonly record: RolloutRecord },
  { trigger, ...change }: PlannedChange,
): ChangedRollout => {
  const rollout = changeRollout(record, change);
  if (rollout === null) throw rolloutRefusal(before, record, change.action);
  const { at, by, reason = null } = change;
  const ci = workspace.ci && {
    provider: workspace.ci.provider,
    run: workspace.ci.run,
    url: workspace.ci.url,
  };
  return { rollout, next: writeRollout(before, rollout, { at, by, reason, ci, trigger }) };
};

/** Writes a changed rollout as one commit and answers its id. */
export const commitRollout = (
  workspace: Workspace,
  state: StateStore,
  { next, rollout }: ChangedRollout,
): Promise<string> => {
  const event = rollout.events.at(-1);
  const { prompt, environment } = next;
  const subject = `Roll out ${prompt} ${rollout.candidate.version} in ${environment}: ${describe(rollout)}`;
  const reason = event?.reason ?? null;
  const line = `${decisionLine}rollout ${rollout.id} ${event?.seq} ${event?.action}`;
  return state.commit({
    files: [{ path: environmentPath(environment, prompt), text: formatEnvironmentState(next) }],
    message: `${[subject, ...(reason === null ? [] : [reason]), line].join('\n\n')}\n`,
    sign: environmentNamed(workspace, environment).signed ? (event?.by ?? null) : null,
  });
};

const describe = ({ state, pause, weight }: RolloutRecord): string => {
  if (pause !== null) return `paused (${pause.reason}) at ${weight} %`;
  return state === 'running' || state === 'promoting' ? `${weight} %` : state;
};
