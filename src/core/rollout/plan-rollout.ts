import { parseDurationMs } from '../config/duration.ts';
import type { Config } from '../config/schema.ts';
import { defaultGates, defaultPreviewGates } from './gate.ts';
import { findPreset, type PresetStep } from './presets.ts';
import type { RolloutGate, RolloutPolicy, RolloutRecord, RolloutStep } from './record.ts';
import { resolveGate } from './resolve-gate.ts';

/** What a promotion asks of its rollout beside the strategy. */
export interface RolloutSettings {
  /** Weights with their holds, such as those of `--steps 5:10m,50,100`; absent: those of the preset. */
  readonly steps?: readonly { readonly weight: number; readonly holdMs: number | null }[];
  /** For every step without a hold of its own. */
  readonly holdMs?: number;
  readonly minSamples?: number;
  /** Texts that `parseGate` reads; absent: those of the preset, the configuration, or the built-in ones. */
  readonly gates?: readonly string[];
}

/** Steps and rules of a rollout, or null where the strategy is neither `blue-green` nor a preset. */
export const planSteps = (
  { rollouts }: Pick<Config, 'rollouts'>,
  strategy: string,
  settings: RolloutSettings,
): Pick<RolloutRecord, 'steps' | 'policy'> | null => {
  const isSwitch = strategy === 'blue-green';
  const preset = isSwitch ? null : findPreset(rollouts, strategy);
  if (!isSwitch && preset === null) return null;
  const gates = gatesOf(rollouts, { isSwitch, own: settings.gates ?? preset?.gates ?? null });
  const base = isSwitch ? switchSteps(parseDurationMs(rollouts.previewHold)) : (preset?.steps ?? []);
  const wanted = settings.steps?.map(({ weight, holdMs }) => ({ ...plainStep, weight, holdMs })) ?? base;
  return {
    policy: policyOf(rollouts),
    steps: complete(wanted).map((step, index, all): RolloutStep => {
      const isLast = index === all.length - 1;
      const hold = settings.steps || isLast ? step.holdMs : (settings.holdMs ?? step.holdMs);
      return {
        weight: step.weight,
        holdMs: hold ?? (isLast ? 0 : (settings.holdMs ?? fallbackHoldMs)),
        minSamples: settings.minSamples ?? step.minSamples ?? rollouts.minSamples,
        approve: step.approve,
        gates: step.gates === null ? gates : resolveGates(step.gates, rollouts, false),
      };
    }),
  };
};

/** A step of `--steps` without a hold, where `--hold` says nothing either. */
const fallbackHoldMs = 3_600_000;

const plainStep: Omit<PresetStep, 'weight' | 'holdMs'> = { minSamples: null, approve: false, gates: null };

const switchSteps = (holdMs: number): PresetStep[] => [
  { ...plainStep, weight: 0, holdMs },
  { ...plainStep, weight: 100, holdMs: 0 },
];

/** The last step is everyone. */
const complete = (steps: readonly PresetStep[]): readonly PresetStep[] =>
  steps.at(-1)?.weight === 100 ? steps : [...steps, { ...plainStep, weight: 100, holdMs: null }];

const gatesOf = (
  rollouts: Config['rollouts'],
  { isSwitch, own }: { readonly isSwitch: boolean; readonly own: readonly string[] | null },
): RolloutGate[] => {
  const texts = own ?? (isSwitch ? rollouts.previewGates : rollouts.gates);
  if (texts !== null) return resolveGates(texts, rollouts, false);
  return resolveGates(isSwitch ? defaultPreviewGates : defaultGates, rollouts, true);
};

const resolveGates = (
  texts: readonly string[],
  { queries }: Pick<Config['rollouts'], 'queries'>,
  isDefault: boolean,
): RolloutGate[] =>
  texts.map((text) => {
    const gate = resolveGate(text, queries, isDefault);
    if (gate === null) throw new TypeError(`Not a gate: ${text}`);
    return gate;
  });

const policyOf = (rollouts: Config['rollouts']): RolloutPolicy => ({
  mode: rollouts.mode,
  alpha: rollouts.alpha,
  onFail: rollouts.onFail,
  onInconclusive: rollouts.onInconclusive,
  onNoData: rollouts.onNoData,
  maxWaitMs: parseDurationMs(rollouts.maxWait),
  settleMs: parseDurationMs(rollouts.settle),
  ceiling: { ...rollouts.emergency },
});

/** Why weights cannot be the steps of a rollout; null when they can. */
export const weightsProblem = (weights: readonly number[]): string | null => {
  if (weights.length === 0) return 'there is no step';
  if (weights.some((weight) => !Number.isInteger(weight) || weight < 1 || weight > 100))
    return 'a weight is a whole number from 1 to 100';
  return weights.some((weight, at) => at > 0 && weight <= (weights[at - 1] ?? 0))
    ? 'the weights must grow'
    : null;
};
