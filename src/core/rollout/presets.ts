import { parseDurationMs } from '../config/duration.ts';
import type { Config } from '../config/schema.ts';

/** One step as a preset has it; null: as the rollout says elsewhere. */
export interface PresetStep {
  readonly weight: number;
  readonly holdMs: number | null;
  readonly minSamples: number | null;
  readonly approve: boolean;
  readonly gates: readonly string[] | null;
}

interface Preset {
  readonly steps: readonly PresetStep[];
  readonly gates: readonly string[] | null;
}

const minute = 60_000;
const hour = 60 * minute;

const plain = (...steps: readonly (readonly [weight: number, holdMs: number])[]): Preset => ({
  gates: null,
  steps: steps.map(([weight, holdMs]) => ({ weight, holdMs, minSamples: null, approve: false, gates: null })),
});

const builtInPresets: Readonly<Record<string, Preset>> = {
  gradual: plain([10, hour], [25, hour], [50, 2 * hour], [75, 4 * hour], [100, 0]),
  canary: plain([5, 2 * hour], [10, 2 * hour], [25, 4 * hour], [50, 16 * hour], [100, 0]),
  quick: plain([10, 5 * minute], [25, 5 * minute], [50, 5 * minute], [100, 0]),
};

/** Strategies that are no preset. */
export const plainStrategies: readonly string[] = ['immediate', 'blue-green'];

/** The preset of a name, the configuration's before a built-in one; null when there is none. */
export const findPreset = ({ presets }: Config['rollouts'], name: string): Preset | null => {
  const configured = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (configured === undefined)
    return Object.hasOwn(builtInPresets, name) ? (builtInPresets[name] ?? null) : null;
  return {
    gates: configured.gates,
    steps: configured.steps.map(({ weight, hold, minSamples, approve, gates }) => ({
      weight,
      holdMs: parseDurationMs(hold),
      minSamples,
      approve,
      gates,
    })),
  };
};

/** Every strategy that a promotion may name. */
export const listStrategies = ({ presets }: Config['rollouts']): string[] => [
  ...new Set([...plainStrategies, ...Object.keys(builtInPresets), ...Object.keys(presets)]),
];
