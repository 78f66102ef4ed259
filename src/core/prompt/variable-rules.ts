import { variableNamePattern } from '../template/node.ts';
import { dataError, isRecord, listOf } from './data-rules.ts';
import { type DocumentPath, type PromptVariable, type VariableType, variableTypes } from './document.ts';
import type { DocumentProblem } from './problem.ts';
import { compilePattern, maxPatternLength, valueProblem } from './variables.ts';

const maxNameLength = 100;
const forbiddenNames = ['__proto__', 'constructor', 'prototype'];

/** What a schema cannot say of the list `variables`; an item of the wrong shape is the schema's matter. */
export const variableRuleProblems = (variables: unknown): DocumentProblem[] => {
  const seen = new Set<string>();
  return listOf(variables).flatMap((item, index) => {
    if (!isRecord(item)) return none;
    const path = ['variables', index];
    const { name } = item;
    const repeated = typeof name === 'string' && seen.has(name);
    if (typeof name === 'string') seen.add(name);
    const problems = [
      repeated ? [dataError([...path, 'name'], `there are two variables named "${name}"`)] : none,
      nameProblems(name, path),
      patternProblems(item.pattern, path),
      limitProblems(item, path),
      valueProblems(item, path),
    ];
    return problems.every(({ length }) => length === 0) ? none : problems.flat();
  });
};

/** One for all: a sweep asks this of thousands of variables. */
const none: DocumentProblem[] = [];

const nameProblems = (name: unknown, path: DocumentPath): DocumentProblem[] => {
  if (typeof name !== 'string') return none;
  const at = [...path, 'name'];
  if (forbiddenNames.includes(name)) return [dataError(at, `no variable can be named "${name}"`)];
  if (variableNamePattern.test(name) && name.length <= maxNameLength) return none;
  const rule = `letters, digits, "_" and "-", first no digit, at most ${maxNameLength}`;
  return [dataError(at, `${JSON.stringify(name)} cannot name a variable (${rule})`)];
};

const patternProblems = (pattern: unknown, path: DocumentPath): DocumentProblem[] => {
  if (typeof pattern !== 'string') return none;
  const at = [...path, 'pattern'];
  if (pattern.length > maxPatternLength) {
    return [dataError(at, `the pattern has ${pattern.length} characters; it may have ${maxPatternLength}`)];
  }
  return compilePattern(pattern) === null ? [dataError(at, `${pattern} is no regular expression`)] : [];
};

const limits = [
  ['minLength', 'maxLength'],
  ['minimum', 'maximum'],
] as const;

const limitProblems = (item: Readonly<Record<string, unknown>>, path: DocumentPath): DocumentProblem[] =>
  limits.flatMap(([low, high]) => {
    const [least, most] = [item[low], item[high]];
    if (typeof least !== 'number' || typeof most !== 'number' || least <= most) return none;
    return [dataError([...path, low], `"${low}" (${least}) is above "${high}" (${most})`)];
  });

/** The default must keep every rule of the variable, an entry of the enumeration its type and limits. */
const valueProblems = (item: Readonly<Record<string, unknown>>, path: DocumentPath): DocumentProblem[] => {
  const fallback = item.default ?? null;
  if (fallback === null && !Array.isArray(item.enum)) return none;
  const problems = listOf(item.enum).flatMap((value, index) => {
    const problem = valueProblem({ ...readRules(item, `enum[${index}]`), enum: undefined }, value);
    return problem === null ? [] : [dataError([...path, 'enum', index], problem)];
  });
  const problem = fallback === null ? null : valueProblem(readRules(item, 'default'), fallback);
  return problem === null ? problems : [...problems, dataError([...path, 'default'], problem)];
};

/** The rules of a declaration that have the right shape, for a value to be called `name` in problems. */
const readRules = (item: Readonly<Record<string, unknown>>, name: string): PromptVariable => ({
  name,
  type: variableTypes.find((type): type is VariableType => type === item.type),
  enum: Array.isArray(item.enum) ? item.enum : undefined,
  pattern: typeof item.pattern === 'string' && compilePattern(item.pattern) ? item.pattern : undefined,
  minLength: numberOf(item.minLength),
  maxLength: numberOf(item.maxLength),
  minimum: numberOf(item.minimum),
  maximum: numberOf(item.maximum),
});

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
