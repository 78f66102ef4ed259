import type { ChalkInstance } from 'chalk';

/** Chalk for one stream; chalk itself does not read NO_COLOR, so it is told. */
export const paintFor = async (color: boolean): Promise<ChalkInstance> => {
  const { Chalk } = await import('chalk');
  return new Chalk({ level: color ? 1 : 0 });
};
