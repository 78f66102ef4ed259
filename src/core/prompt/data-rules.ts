import type { DocumentPath } from './document.ts';
import type { DocumentProblem } from './problem.ts';

/** Data as it comes out of a file: anything may be anywhere. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list itself, or an empty one for anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The mapping itself, or an empty one for anything else. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/** How deep data may be nested: more than any prompt needs, little enough for every walk over it. */
export const maxDataDepth = 64;

export const dataError = (path: DocumentPath, message: string): DocumentProblem => ({
  severity: 'error',
  message,
  path,
});

/** What no part of a document may hold: numbers that JSON loses, the key `__proto__`, endless nesting. */
export const dataProblems = (value: unknown, maxDepth = maxDataDepth): DocumentProblem[] => {
  const problems: DocumentProblem[] = [];
  walkData(value, [], { problems, maxDepth });
  return problems;
};

interface Walk {
  readonly problems: DocumentProblem[];
  readonly maxDepth: number;
}

const walkData = (value: unknown, path: (string | number)[], walk: Walk): void => {
  const { problems, maxDepth } = walk;
  if (typeof value === 'number') {
    const problem = numberProblem(value);
    if (problem !== null) problems.push(dataError([...path], problem));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= maxDepth) {
    problems.push(dataError([...path], `data is nested deeper than ${maxDepth} levels`));
    return;
  }
  const isList = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) {
    // Most of a document is text, of which there is nothing to say.
    if (typeof member === 'string' && key !== '__proto__') continue;
    path.push(isList ? Number(key) : key);
    if (key === '__proto__') problems.push(dataError([...path], 'the key "__proto__" is not allowed'));
    walkData(member, path, walk);
    path.pop();
  }
};

const numberProblem = (value: number): string | null => {
  if (!Number.isFinite(value)) return `${value} is no number that JSON can hold`;
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return null;
  return `the integer ${value} is too large to be kept exactly (quote it to make it text)`;
};
