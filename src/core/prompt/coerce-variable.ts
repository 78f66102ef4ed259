import type { PromptVariable } from './document.ts';

/** The value a text stands for, or why it stands for none. */
export type CoercedVariable = { readonly value: unknown } | { readonly problem: string };

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Reads the text of `--var NAME=TEXT` by the declared type: numbers, true or false, arrays and objects as JSON.
 * Without a type, or without a declaration, the text itself. Other limits are for `checkVariables`.
 */
export const coerceVariable = (variable: PromptVariable | undefined, text: string): CoercedVariable => {
  switch (variable?.type) {
    case 'number':
    case 'integer':
      return coerceNumber(variable.name, variable.type, text.trim());
    case 'boolean':
      if (text === 'true' || text === 'false') return { value: text === 'true' };
      return { problem: `"${variable.name}" must be true or false, not "${text}"` };
    case 'array':
    case 'object':
      return coerceJson(variable.name, variable.type, text);
    default:
      return { value: text };
  }
};

const coerceNumber = (name: string, type: 'number' | 'integer', text: string): CoercedVariable => {
  const value = numberPattern.test(text) ? Number(text) : Number.NaN;
  if (type === 'integer' && !Number.isSafeInteger(value)) {
    return { problem: `"${name}" must be an integer, not "${text}"` };
  }
  return Number.isFinite(value) ? { value } : { problem: `"${name}" must be a number, not "${text}"` };
};

const coerceJson = (name: string, type: 'array' | 'object', text: string): CoercedVariable => {
  const example = type === 'array' ? '["a","b"]' : '{"key":"value"}';
  const problem = `"${name}" must be the JSON of an ${type}, such as ${example}`;
  try {
    const value: unknown = JSON.parse(text);
    const fits = type === 'array' ? Array.isArray(value) : isObject(value);
    return fits ? { value } : { problem };
  } catch {
    return { problem };
  }
};

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
