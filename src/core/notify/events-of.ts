import type { CompleteDeployment } from '../environment/state.ts';
import { describeAlert } from '../metrics/alert-words.ts';
import type { Alert } from '../metrics/alerts.ts';
import type { RolloutEvent } from '../rollout/record.ts';
import type { NotifyEvent } from './event.ts';

interface Place {
  readonly prompt: string;
  readonly environment: string;
}

/** What happened to a rollout last. */
export const rolloutEvent = (
  {
    prompt,
    environment,
    id,
    stable,
    candidate,
  }: Place & { readonly [Key in 'id' | 'stable' | 'candidate']: string },
  event: RolloutEvent,
): NotifyEvent => {
  const { seq, at, by, action, weight, pause, reason, checks, attempt, step, state } = event;
  const isBad = action === 'abort';
  const detail = pause === null ? '' : ` (${pause})`;
  return {
    ...{ schemaVersion: 1, id: `${id}-${seq}`, event: `rollout.${action}`, at, prompt, environment, by },
    severity: isBad ? 'critical' : pause === null ? 'info' : 'warning',
    ...{ version: candidate, previousVersion: stable },
    text: `Rollout of ${prompt} ${candidate} in ${environment}: ${state}${detail} at ${weight} %${reason === null ? '' : `, ${reason}`}`,
    details: { rollout: id, seq, attempt, step: step + 1, state, weight, pause, reason, checks },
  };
};

/** A pointer that moved. */
export const deploymentEvent = (
  { prompt, environment }: Place,
  { id, action, at, by, version, previousVersion, reason, trigger, triggeredBy }: CompleteDeployment,
): NotifyEvent => {
  const isPromotion = action === 'promote';
  const change = `${previousVersion ?? 'nothing'} → ${version}`;
  return {
    ...{
      schemaVersion: 1,
      id: `${environment}-${prompt}-${id}`,
      event: isPromotion ? 'promotion' : 'rollback',
      at,
    },
    severity: isPromotion ? 'info' : 'critical',
    ...{ prompt, environment, version, previousVersion, by },
    text: `${isPromotion ? 'Promoted' : 'Rolled back'} ${prompt} in ${environment}: ${change}${reason === null ? '' : `, ${reason}`}`,
    details: { deployment: id, action, reason, trigger, triggeredBy },
  };
};

/** A condition that is broken. Its id is the same at every look, so that a receiver can tell it is the same. */
export const alertEvent = (
  alert: Alert,
  { at, version }: { readonly at: string; readonly version: string | null },
): NotifyEvent => {
  const { name, prompt, environment, severity } = alert;
  return {
    ...{
      schemaVersion: 1,
      id: `alert-${environment}-${prompt}-${version}-${name}`,
      event: 'alert',
      at,
      severity,
    },
    ...{ prompt, environment, version, previousVersion: null, by: null },
    text: `${name} of ${prompt} in ${environment}: ${describeAlert(alert)}`,
    details: { alert },
  };
};

interface WaitingStage extends Place {
  readonly version: string;
  readonly stage: string;
  readonly requestedAt: string | null;
  readonly escalateTo: readonly string[];
}

/** An approval that was asked for, or waits for too long. */
export const approvalEvent = (
  event: 'approval.requested' | 'approval.overdue',
  { prompt, environment, version, stage, requestedAt, escalateTo }: WaitingStage,
  { at, by }: { readonly at: string; readonly by: string | null },
): NotifyEvent => {
  const isOverdue = event === 'approval.overdue';
  const escalation = escalateTo.length === 0 ? '' : `; it goes to ${escalateTo.join(', ')}`;
  const what = isOverdue ? `is overdue${escalation}` : 'was asked for';
  return {
    ...{
      schemaVersion: 1,
      id: `${event}-${environment}-${stage}-${prompt}@${version}-${requestedAt}`,
      event,
      at,
    },
    severity: isOverdue ? 'warning' : 'info',
    ...{ prompt, environment, version, previousVersion: null, by },
    text: `The approval of ${prompt} ${version} for ${environment}, stage ${stage}, ${what}`,
    details: { stage, requestedAt, escalateTo: isOverdue ? escalateTo : [] },
  };
};
