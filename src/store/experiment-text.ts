import { stringify } from 'yaml';

/** The first text of an experiment's file. */
export const formatExperimentText = (file: Readonly<Record<string, unknown>>): string =>
  stringify(file, { lineWidth: 0 });
