import { canonicalJson } from './content-hash.ts';
import type { PromptVariable, VariableType } from './document.ts';
import { matchPattern } from './match-pattern.ts';
import { nearestNames } from './name.ts';
import { abbreviate } from './problem.ts';

/** Longer patterns are refused in a document, longer values are not matched. */
export const maxPatternLength = 500;
const maxMatchedLength = 10_000;

export interface CheckedVariables {
  /** Every declared or used variable that has a value or may do without; one without is null. No prototype. */
  readonly values: Readonly<Record<string, unknown>>;
  /** One sentence each, every problem there is. */
  readonly problems: readonly string[];
}

/**
 * Checks values against the declarations. `used` names the variables the templates need: those not declared are
 * required and may be of any type. Null and undefined are no value.
 */
export const checkVariables = (
  declared: readonly PromptVariable[],
  used: readonly string[],
  given: Readonly<Record<string, unknown>>,
): CheckedVariables => compileVariableCheck(declared, used)(given);

/** `checkVariables` for many sets of values. */
export const compileVariableCheck = (
  declared: readonly PromptVariable[],
  used: readonly string[],
): ((given: Readonly<Record<string, unknown>>) => CheckedVariables) => {
  const variables = new Map<string, PromptVariable>(used.map((name) => [name, { name }]));
  for (const variable of declared) variables.set(variable.name, variable);
  return (given) => {
    const values: Record<string, unknown> = Object.create(null);
    const problems: string[] = [];
    for (const variable of variables.values()) {
      const value =
        (Object.hasOwn(given, variable.name) ? given[variable.name] : null) ?? variable.default ?? null;
      const problem = value === null ? absenceProblem(variable) : valueProblem(variable, value);
      if (problem === null) values[variable.name] = value;
      else problems.push(problem);
    }
    for (const name of Object.keys(given)) {
      if (!variables.has(name)) problems.push(unknownProblem(name, variables.keys()));
    }
    return { values, problems };
  };
};

const absenceProblem = (variable: PromptVariable): string | null =>
  isRequired(variable) ? `"${variable.name}" is missing` : null;

/** Whether a caller must give the variable: `required`, or else whether it has no default. */
const isRequired = (variable: PromptVariable): boolean => variable.required ?? variable.default === undefined;

const unknownProblem = (name: string, known: Iterable<string>): string => {
  const [nearest] = nearestNames(name, known, 1);
  return `"${name}" is not a variable of this prompt${nearest === undefined ? '' : ` (did you mean "${nearest}"?)`}`;
};

/** Why a value does not fit its declaration, as a sentence that begins with the name; null when it does. */
export const valueProblem = (variable: PromptVariable, value: unknown): string | null => {
  const unfit =
    typeProblem(variable.type, value) ?? enumProblem(variable, value) ?? limitProblem(variable, value);
  return unfit === null ? null : `"${variable.name}" ${unfit}`;
};

const typeTests: Readonly<Record<VariableType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isSafeInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const typeNames: Readonly<Record<VariableType, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
};

const typeProblem = (type: VariableType | undefined, value: unknown): string | null => {
  if (type !== undefined && !typeTests[type](value)) {
    return `must be ${typeNames[type]}, not ${abbreviate(value)}`;
  }
  return typeof value === 'number' && !Number.isFinite(value) ? 'must be a finite number' : null;
};

const enumProblem = ({ enum: allowed }: PromptVariable, value: unknown): string | null => {
  if (allowed === undefined || allowed.some((item) => isSame(item, value))) return null;
  return `must be one of ${allowed.map(abbreviate).join(', ')}, not ${abbreviate(value)}`;
};

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && canonicalJson(a) === canonicalJson(b));

const limitProblem = (variable: PromptVariable, value: unknown): string | null => {
  if (typeof value === 'string') return patternProblem(variable, value) ?? lengthProblem(variable, value);
  if (Array.isArray(value)) return lengthProblem(variable, value);
  return typeof value === 'number' ? rangeProblem(variable, value) : null;
};

const patternProblem = ({ pattern }: PromptVariable, value: string): string | null => {
  if (pattern === undefined) return null;
  if (value.length > maxMatchedLength) {
    return `has ${value.length} characters; a value with a pattern may have ${maxMatchedLength}`;
  }
  if (compilePattern(pattern) === null) return `has a pattern that is no regular expression: ${pattern}`;
  const isMatch = matchPattern(pattern, value);
  if (isMatch === null) return `has a pattern that takes too long on ${abbreviate(value)}: ${pattern}`;
  return isMatch ? null : `must match ${pattern}, and ${abbreviate(value)} does not`;
};

/** The expression of a variable's `pattern`, found anywhere in a value as in JSON Schema; null if it is none. */
export const compilePattern = (pattern: string): RegExp | null => {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return null;
  }
};

const lengthProblem = (
  { minLength, maxLength }: PromptVariable,
  value: string | unknown[],
): string | null => {
  if (minLength === undefined && maxLength === undefined) return null;
  const length = typeof value === 'string' ? codePointCount(value) : value.length;
  const unit = typeof value === 'string' ? 'characters' : 'items';
  if (length < (minLength ?? 0)) return `must have at least ${minLength} ${unit}, not ${length}`;
  return length > (maxLength ?? length) ? `must have at most ${maxLength} ${unit}, not ${length}` : null;
};

const codePointCount = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const rangeProblem = ({ minimum, maximum }: PromptVariable, value: number): string | null => {
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}, not ${value}`;
  return maximum !== undefined && value > maximum ? `must be at most ${maximum}, not ${value}` : null;
};
