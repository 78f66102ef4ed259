import { conditionAt } from '../experiment/condition.ts';
import { rolloutVariants, type ServingState } from './decide.ts';
import type { ServedExperiment } from './served-experiment.ts';
import type { ServedRollout } from './served-rollout.ts';

/** What an environment runs of a prompt, to become a flag of the prompt's name. */
export interface FlaggedPrompt {
  readonly prompt: string;
  readonly serving: ServingState;
}

/** The parts of flagd's format that are written here. Values are versions. */
interface FlagdFlag {
  readonly state: 'ENABLED';
  readonly variants: Readonly<Record<string, string>>;
  readonly defaultVariant: string;
  readonly targeting?: object;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The flags of an environment: flagd gives the same variants as `decideServing`, by the clock of its own machine. */
export const toFlagd = (
  environment: string,
  prompts: readonly FlaggedPrompt[],
  now: Date,
): { readonly $schema: string; readonly flags: Readonly<Record<string, FlagdFlag>> } => ({
  $schema: 'https://flagd.dev/schema/v0/flags.json',
  flags: Object.fromEntries(
    prompts.map(({ prompt, serving }) => [prompt, toFlag({ environment, prompt, serving }, now)]),
  ),
});

const toFlag = (
  {
    environment,
    prompt,
    serving: { pointer, experiment, rollout },
  }: FlaggedPrompt & { readonly environment: string },
  now: Date,
): FlagdFlag => {
  const about = { prompt, environment };
  if (rollout !== null) return rolloutFlag(pointer.version, rollout, about);
  if (experiment === null) {
    const { version } = pointer;
    return { state: 'ENABLED', variants: { [version]: version }, defaultVariant: version, metadata: about };
  }
  const [control] = experiment.variants;
  const condition = conditionAt(experiment, now);
  const name = (condition === 'concluded' ? experiment.winner : null) ?? control?.name ?? '';
  return {
    state: 'ENABLED',
    variants: Object.fromEntries(experiment.variants.map((variant) => [variant.name, variant.version])),
    defaultVariant: name,
    ...(condition === 'running' || condition === 'scheduled'
      ? { targeting: targetingOf(experiment, name) }
      : {}),
    metadata: { ...about, experiment: experiment.id },
  };
};

/** The same split as `decideServing`: who has no key gets the stable version. */
const rolloutFlag = (
  stable: string,
  rollout: ServedRollout,
  about: { readonly prompt: string; readonly environment: string },
): FlagdFlag => {
  const key = { var: 'targetingKey' };
  const parts = rolloutVariants(rollout).map(({ name, weight }) => [name, weight]);
  return {
    state: 'ENABLED',
    variants: { candidate: rollout.candidate.version, stable },
    defaultVariant: 'stable',
    targeting: { if: [{ '!!': [key] }, { fractional: [{ cat: [rollout.salt, key] }, ...parts] }, 'stable'] },
    metadata: { ...about, rollout: rollout.id },
  };
};

/** Enrolled is who has a key, while the experiment lasts; flagd's moments are whole seconds. */
const targetingOf = ({ salt, variants, startedAt, expiresAt }: ServedExperiment, control: string): object => {
  const key = { var: 'targetingKey' };
  const moment = { var: '$flagd.timestamp' };
  const bounds = [
    ...(startedAt === null ? [] : [{ '>=': [moment, Math.floor(Date.parse(startedAt) / 1000)] }]),
    ...(expiresAt === null ? [] : [{ '<': [moment, Math.floor(Date.parse(expiresAt) / 1000)] }]),
  ];
  const split = [{ cat: [salt, key] }, ...variants.map(({ name, weight }) => [name, weight])];
  return { if: [{ and: [{ '!!': [key] }, ...bounds] }, { fractional: split }, control] };
};
