import type { Guardrail, MinimumEffect } from './definition.ts';

/** `+2pp`, `+20%`, `-0.05`, which the schema checked before. */
export const parseBound = (text: string): Guardrail['bound'] => {
  const { value, relative } = parseAmount(text);
  return { kind: relative ? 'relative' : 'absolute', by: value };
};

/** `5%`, `2pp`, `0.02` or a number. */
export const parseEffect = (given: string | number): MinimumEffect =>
  typeof given === 'number' ? { value: given, relative: false } : parseAmount(given);

/** Percent are relative, percentage points and plain numbers absolute; `2pp` is 0.02 without a rounding error of ours. */
const parseAmount = (text: string): MinimumEffect => {
  const [, number = '', unit = ''] = /^([+-]?[\d.]+)(pp|%)?$/.exec(text) ?? [];
  return { value: unit === '' ? Number(number) : Number(`${number}e-2`), relative: unit === '%' };
};
