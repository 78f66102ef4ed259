import type { AlertRule } from '../metrics/alert-rules.ts';
import { describeAlert } from '../metrics/alert-words.ts';
import type { Alert } from '../metrics/alerts.ts';
import type { Health } from '../metrics/health.ts';
import { currentDeployment } from './history.ts';
import type { EnvironmentState } from './state.ts';

/** What `watch` does about a prompt: nothing, say it, say why it may not act, or roll back. */
export interface WatchDecision {
  readonly action: 'none' | 'reported' | 'held' | 'roll-back';
  readonly why: string | null;
}

interface Watched {
  readonly state: EnvironmentState;
  readonly rules: readonly AlertRule[];
  readonly health: Health;
  /** The version that a rollback would go to, and how it was before; null when there is none. */
  readonly previous: { readonly version: string; readonly health: Health } | null;
  /** Only say it. */
  readonly report: boolean;
}

/**
 * Decides what to do about the alerts of a version in production. It never goes back twice in a row by itself, and never
 * to a version that broke the same conditions.
 */
export const decideWatch = ({ state, rules, health, previous, report }: Watched): WatchDecision => {
  const { alerts } = health;
  if (alerts.length === 0) return { action: 'none', why: null };
  const triggers = triggersIn(rules, alerts);
  if (triggers.length === 0) return { action: 'reported', why: 'none of its alerts rolls back' };
  if (report) return { action: 'reported', why: 'it only reports' };
  const why = reasonToHold({ state, previous, triggers });
  return why === null
    ? {
        action: 'roll-back',
        why: triggers.map((alert) => `${alert.name}: ${describeAlert(alert)}`).join('; '),
      }
    : { action: 'held', why };
};

/** The alerts that roll back. */
const triggersIn = (rules: readonly AlertRule[], alerts: readonly Alert[]): Alert[] => {
  const rolling = new Set(rules.flatMap(({ name, rollback }) => (rollback ? [name] : [])));
  return alerts.filter(({ name }) => rolling.has(name));
};

const reasonToHold = ({
  state,
  previous,
  triggers,
}: Pick<Watched, 'state' | 'previous'> & { readonly triggers: readonly Alert[] }): string | null => {
  const last = currentDeployment(state);
  if (state.rollout !== undefined) return 'a rollout is under way, whose gates decide';
  if (last?.action === 'rollback' && last.trigger === 'automatic')
    return 'it was rolled back automatically already, and is still not well';
  if (previous === null) return 'there is no version to go back to';
  const broken = new Set(previous.health.alerts.map(({ name }) => name));
  return triggers.every(({ name }) => broken.has(name)) ? `${previous.version} was no better` : null;
};
