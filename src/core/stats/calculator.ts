import { promptvError } from '../../errors.ts';
import { comparisonEntries } from './calculator-comparisons.ts';
import { distributionEntries } from './calculator-distributions.ts';
import type { CalculatorEntry } from './calculator-entry.ts';
import { experimentEntries } from './calculator-experiments.ts';
import { suggestNames } from './suggest-names.ts';

const entries: ReadonlyMap<string, CalculatorEntry> = new Map(
  Object.entries({ ...distributionEntries, ...comparisonEntries, ...experimentEntries }),
);

/** The functions that `calculate` knows, in the order to show them. */
export const calculatorNames: readonly string[] = [...entries.keys()];

/**
 * Computes one statistic by name from plain data: names, inputs and outputs as in `vectors/stats.json`, and more.
 * Throws STATS_FUNCTION_UNKNOWN with the nearest names, STATS_INPUT_INVALID with everything that is wrong.
 */
export const calculate = (fn: string, input: unknown): unknown => {
  const entry = entries.get(fn);
  if (entry !== undefined) return entry(fn, input);
  const nearest = suggestNames(fn, calculatorNames);
  const suggestion = nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
  throw promptvError('STATS_FUNCTION_UNKNOWN', { fn, suggestion, nearest });
};
