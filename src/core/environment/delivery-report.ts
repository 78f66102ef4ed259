import type { Deployment, EnvironmentState } from './state.ts';

/** Middle and largest of some durations; null of none. */
export interface Durations {
  readonly count: number;
  readonly medianMs: number | null;
  readonly longestMs: number | null;
}

/** How delivery to one environment went. Rates are between 0 and 1, and null of nothing. */
export interface DeliveryReport {
  readonly deployments: {
    readonly count: number;
    /** Those that a rollback undid, whenever that was. */
    readonly rolledBack: number;
    readonly successRate: number | null;
  };
  readonly rollbacks: {
    readonly count: number;
    readonly emergencies: number;
    /** Those that were not themselves followed by another rollback of the prompt. */
    readonly held: number;
    readonly successRate: number | null;
  };
  /** From one promotion of a prompt to its next. */
  readonly betweenDeployments: Durations;
  /** From a deployment to the rollback that undid it: how long callers had the bad version. */
  readonly timeToRollBack: Durations;
}

/** Judges the deployments of an environment since a moment (ISO 8601); all of them when it is null. */
export const reportDelivery = (states: Iterable<EnvironmentState>, since: string | null): DeliveryReport => {
  const from = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since);
  const facts = [...states].flatMap((state) => factsOf(state).filter((fact) => fact.atMs >= from));
  const promotions = facts.filter(({ action }) => action === 'promote');
  const rollbacks = facts.filter(({ action }) => action === 'rollback');
  const rolledBack = promotions.filter(({ undone }) => undone).length;
  const held = rollbacks.filter(({ undone }) => !undone).length;
  return {
    deployments: {
      count: promotions.length,
      rolledBack,
      successRate: rate(promotions.length - rolledBack, promotions.length),
    },
    rollbacks: {
      count: rollbacks.length,
      emergencies: rollbacks.filter(({ emergency }) => emergency).length,
      held,
      successRate: rate(held, rollbacks.length),
    },
    betweenDeployments: summarize(promotions.map(({ lastedMs }) => lastedMs)),
    timeToRollBack: summarize(rollbacks.map(({ lastedMs }) => lastedMs)),
  };
};

/** What the report needs of one deployment. */
interface Fact {
  readonly action: Deployment['action'];
  readonly atMs: number;
  readonly undone: boolean;
  readonly emergency: boolean;
  /** Of a promotion since the one before it, of a rollback since what it undid; null when there is none. */
  readonly lastedMs: number | null;
}

const factsOf = ({ deployments }: EnvironmentState): Fact[] => {
  const byId = new Map(deployments.map((deployment) => [deployment.id, deployment]));
  // A rollback undid the deployment it names, else the one before it.
  const undid = deployments.map(({ action, undoes }, index) =>
    action === 'rollback' ? (byId.get(undoes ?? '') ?? deployments[index - 1]) : undefined,
  );
  const undone = new Set(undid);
  let promotion: Deployment | undefined;
  return deployments.map((deployment, index) => {
    const { action, at, trigger } = deployment;
    const other = action === 'rollback' ? undid[index] : promotion;
    if (action === 'promote') promotion = deployment;
    const lastedMs = other ? Math.max(0, Date.parse(at) - Date.parse(other.at)) : null;
    const facts = { undone: undone.has(deployment), emergency: trigger === 'emergency', lastedMs };
    return { action, atMs: Date.parse(at), ...facts };
  });
};

const rate = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const summarize = (values: readonly (number | null)[]): Durations => {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  return {
    count: sorted.length,
    medianMs: upper === undefined || lower === undefined ? null : (upper + lower) / 2,
    longestMs: sorted.at(-1) ?? null,
  };
};
