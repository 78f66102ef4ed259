import { assignVariant, type WeightedVariant } from '../assignment/assign.ts';
import { assertUnit } from '../experiment/assign.ts';
import { conditionAt } from '../experiment/condition.ts';
import type { ServedExperiment } from './served-experiment.ts';
import type { ServedRollout } from './served-rollout.ts';

/** A version with the content that it must have. */
export interface ServedVersion {
  readonly version: string;
  readonly contentHash: string;
}

/** What chooses the version: the environment's pointer, and what runs on top of it. */
export interface ServingState {
  readonly pointer: ServedVersion;
  /** The one experiment in force there; null when there is none. */
  readonly experiment: ServedExperiment | null;
  /** The rollout under way there; null when there is none. It goes before an experiment. */
  readonly rollout: ServedRollout | null;
}

export interface ServingRequest {
  /** Who asks; null: nobody in particular, who is never enrolled. */
  readonly unit: string | null;
  readonly now: Date;
  /** Shows the candidate of a rollout, or what the unit would get of an experiment that has not begun. */
  readonly preview?: boolean;
}

/** Why a version was chosen. */
export type ServingReason =
  | 'pointer'
  | 'assigned'
  | 'preview'
  | 'no-key'
  | 'paired'
  | 'displaced'
  | 'draft'
  | 'scheduled'
  | 'expired'
  | 'stopped'
  | 'concluded';

export interface ServingDecision extends ServedVersion {
  readonly experiment: string | null;
  /** The id of the rollout that chose between `candidate` and `stable`. */
  readonly rollout: string | null;
  readonly variant: string | null;
  /** Whether what this unit does belongs to the experiment's observations. */
  readonly enrolled: boolean;
  readonly reason: ServingReason;
}

/**
 * What a unit gets of a prompt in an environment: the one place that knows. Whoever is not enrolled gets what the
 * environment runs, which is the control; of a concluded experiment everybody gets the winner.
 */
export const decideServing = (
  { pointer, experiment, rollout }: ServingState,
  { unit, now, preview = false }: ServingRequest,
): ServingDecision => {
  if (unit !== null) assertUnit(unit);
  if (rollout !== null) return decideRollout(pointer, rollout, { unit, preview });
  if (experiment === null) {
    return {
      version: pointer.version,
      contentHash: pointer.contentHash,
      experiment: null,
      rollout: null,
      variant: null,
      enrolled: false,
      reason: 'pointer',
    };
  }
  const condition = conditionAt(experiment, now);
  const give = (name: string | null, reason: ServingReason): ServingDecision => {
    const variant = experiment.variants.find((each) => each.name === name) ?? experiment.variants[0];
    const { version, contentHash } = variant ?? pointer;
    const enrolled = reason === 'assigned';
    return {
      version,
      contentHash,
      experiment: experiment.id,
      rollout: null,
      variant: variant?.name ?? null,
      enrolled,
      reason,
    };
  };
  const isBefore = condition === 'draft' || condition === 'scheduled';
  if (condition === 'concluded') return give(experiment.winner, 'concluded');
  if (condition !== 'running' && !(preview && isBefore)) return give(null, condition);
  if (experiment.design === 'paired') return give(null, 'paired');
  if (unit === null) return give(null, 'no-key');
  return give(assignVariant(experiment, unit), isBefore ? 'preview' : 'assigned');
};

/** The candidate by its weight, listed first, so that growing the weight never moves a unit back. */
const decideRollout = (
  pointer: ServedVersion,
  rollout: ServedRollout,
  { unit, preview }: { readonly unit: string | null; readonly preview: boolean },
): ServingDecision => {
  const base = { experiment: null, rollout: rollout.id, enrolled: false };
  if (preview) return { ...rollout.candidate, ...base, variant: 'candidate', reason: 'preview' };
  if (unit === null) return { ...pointer, ...base, variant: 'stable', reason: 'no-key' };
  const variant = assignVariant({ salt: rollout.salt, variants: rolloutVariants(rollout) }, unit);
  const chosen = variant === 'candidate' ? rollout.candidate : pointer;
  return { ...chosen, ...base, variant, reason: 'assigned' };
};

/** How a rollout divides units. */
export const rolloutVariants = ({ weight }: Pick<ServedRollout, 'weight'>): readonly WeightedVariant[] => [
  { name: 'candidate', weight },
  { name: 'stable', weight: 100 - weight },
];
