import { defaultConfig } from '../../../../src/core/config/default-config.ts';
import type { Experiment } from '../../../../src/core/experiment/definition.ts';

/** A running experiment of `control` 1.0.0 and `treatment` 1.1.0, with what is given changed. */
export const experimentWith = (more: Partial<Experiment> = {}): Experiment => {
  const { alpha, power, minUnits, autoStop, unit } = defaultConfig.abtest;
  return {
    ...{ alpha, power, minUnits, autoStop, unit },
    id: 'tone',
    prompt: 'greet',
    hypothesis: null,
    environment: 'production',
    design: 'units',
    variants: [
      { name: 'control', version: '1.0.0', weight: 1, contentHash: `sha256:${'a'.repeat(64)}` },
      { name: 'treatment', version: '1.1.0', weight: 1, contentHash: `sha256:${'b'.repeat(64)}` },
    ],
    metrics: [],
    guardrails: [],
    mde: null,
    plannedN: null,
    maxDurationMs: 7 * 86_400_000,
    startAt: null,
    salt: 'tone-1',
    state: 'running',
    phases: [],
    startedAt: '2026-01-01T00:00:00Z',
    endedAt: null,
    decision: null,
    ...more,
  };
};
