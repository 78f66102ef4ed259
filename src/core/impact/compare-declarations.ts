import type { PromptVariable } from '../prompt/document.ts';
import { type Change, changeOf, joinPath } from './change.ts';
import type { Impact } from './grade.ts';
import { isSameValue } from './same-value.ts';

/** Whether a caller must give the variable: as declared, else unless it has a default. */
export const isRequired = (variable: PromptVariable): boolean =>
  variable.required ?? variable.default === undefined;

/** What differs between two declarations of one variable, each key an entry: narrower is `major`, wider `minor`, description `patch`. */
export const compareDeclarations = (
  path: string,
  before: PromptVariable,
  after: PromptVariable,
): Change[] => {
  const keysBefore = new Map(Object.entries(before));
  const keysAfter = new Map(Object.entries(after));
  const keys = new Set([...keysBefore.keys(), ...keysAfter.keys()]);
  keys.delete('name');
  return [...keys]
    .filter((key) => !isSameValue(keysBefore.get(key), keysAfter.get(key)))
    .map((key) =>
      changeOf(joinPath(path, key), keysBefore.get(key), keysAfter.get(key), gradeKey(key, before, after)),
    );
};

const gradeKey = (key: string, before: PromptVariable, after: PromptVariable): Impact => {
  switch (key) {
    case 'type':
      return (before.type ?? 'string') === (after.type ?? 'string') ? 'patch' : 'major';
    case 'required':
      return gradeRequired(before, after);
    case 'default':
      return gradeRequired(before, after) === 'major' ? 'major' : 'minor';
    case 'enum':
      return gradeEnum(before.enum, after.enum);
    case 'pattern':
      return after.pattern === undefined ? 'minor' : 'major';
    case 'minLength':
      return gradeLowerBound(before.minLength ?? 0, after.minLength ?? 0);
    case 'minimum':
      return gradeLowerBound(before.minimum ?? -Infinity, after.minimum ?? -Infinity);
    case 'maxLength':
      return gradeUpperBound(before.maxLength ?? Infinity, after.maxLength ?? Infinity);
    case 'maximum':
      return gradeUpperBound(before.maximum ?? Infinity, after.maximum ?? Infinity);
    default:
      return 'patch';
  }
};

const gradeRequired = (before: PromptVariable, after: PromptVariable): Impact => {
  if (isRequired(before) === isRequired(after)) return 'patch';
  return isRequired(after) ? 'major' : 'minor';
};

/** Values lost (or a list where there was none) are narrower, values won wider; another order is neither. */
const gradeEnum = (before: PromptVariable['enum'], after: PromptVariable['enum']): Impact => {
  if (after === undefined) return 'minor';
  if (before === undefined) return 'major';
  const has = (values: readonly unknown[], wanted: unknown) =>
    values.some((value) => isSameValue(value, wanted));
  if (before.some((value) => !has(after, value))) return 'major';
  return after.some((value) => !has(before, value)) ? 'minor' : 'patch';
};

const gradeLowerBound = (before: number, after: number): Impact =>
  after > before ? 'major' : after < before ? 'minor' : 'patch';

const gradeUpperBound = (before: number, after: number): Impact => gradeLowerBound(after, before);
