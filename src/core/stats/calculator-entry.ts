import * as v from 'valibot';
import { promptvError } from '../../errors.ts';

/** A function of the calculator: checks its input, then computes; `name` is for the message when the input is wrong. */
export type CalculatorEntry = (name: string, input: unknown) => unknown;

/** Problems named in one message; the rest are counted. */
const MOST_PROBLEMS = 5;

const formatProblem = (issue: v.BaseIssue<unknown>): string => {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
};

const listProblems = (issues: readonly v.BaseIssue<unknown>[]): readonly string[] => {
  const problems = issues.slice(0, MOST_PROBLEMS).map(formatProblem);
  const hidden = issues.length - problems.length;
  return hidden > 0 ? [...problems, `and ${hidden} more`] : problems;
};

/** Figures that left the range of numbers become `null` with a reason: NaN and Infinity never reach JSON. */
const dropNonFinite = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(dropNonFinite);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const cleaned = entries.map(([key, entry]) => [key, dropNonFinite(entry)] as const);
  const lost = entries.some(([, entry]) => typeof entry === 'number' && !Number.isFinite(entry));
  const result = Object.fromEntries(cleaned);
  return lost && (result.reason ?? null) === null ? { ...result, reason: 'ill-conditioned' } : result;
};

/** Makes a function of the calculator from the schema of its input; throws STATS_INPUT_INVALID with all problems. */
export const defineEntry =
  <Schema extends v.GenericSchema<unknown, unknown>>(
    schema: Schema,
    compute: (input: v.InferOutput<Schema>) => unknown,
  ): CalculatorEntry =>
  (name, input) => {
    const parsed = v.safeParse(schema, input);
    if (parsed.success) return dropNonFinite(compute(parsed.output));
    const problems = listProblems(parsed.issues);
    throw promptvError('STATS_INPUT_INVALID', { fn: name, problems });
  };
