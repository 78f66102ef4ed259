import type { ExperimentDefaults } from './parse-experiment.ts';

/** A key at the top of an experiment's file, and the value it gets. */
export interface FilledKey {
  readonly path: readonly [string];
  readonly value: unknown;
}

/**
 * What a file is silent about and the configuration says, to be written down: a change of the configuration must not
 * change an experiment that runs.
 */
export const fillDefaults = (
  file: Readonly<Record<string, unknown>>,
  { abtest, environment }: ExperimentDefaults,
): FilledKey[] => {
  const { metrics, minUnits, ...scalars } = abtest;
  const given = file.minUnits;
  const values = {
    environment,
    ...scalars,
    metrics: metrics.map((metric) =>
      Object.fromEntries(Object.entries(metric).filter(([, value]) => value !== null)),
    ),
    minUnits: { ...minUnits, ...(typeof given === 'object' ? withoutNull(given) : {}) },
  };
  return Object.entries(values)
    .filter(([key]) => isSilent(file[key]) || key === 'minUnits')
    .map(([key, value]) => ({ path: [key], value }));
};

const isSilent = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

const withoutNull = (value: object | null): object =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, each]) => each !== null));
