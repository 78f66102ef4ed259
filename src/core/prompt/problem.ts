import { type PromptvError, promptvError } from '../../errors.ts';
import type { DocumentPath, Problem } from './document.ts';

/** A problem of data, before it has a place in a text. */
export type DocumentProblem = Omit<Problem, 'line' | 'column'>;

/** JSON of a value for a message, cut where it would drown the message. */
export const abbreviate = (value: unknown): string => {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
};

/** `messages[1].content` of the path to it; `the document` of the empty path. */
export const formatPath = (path: DocumentPath): string => {
  if (path.length === 0) return 'the document';
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text.replace(/^\./, '');
};

/** `prompts/a.yaml:3:5: error: …`, which editors and CI turn into a link. */
export const formatProblem = (file: string, { line, column, severity, message }: Problem): string =>
  `${file}:${line}:${column}: ${severity}: ${message}`;

/** The `PROMPT_INVALID` to throw for a file; `problems` must hold an error. */
export const promptInvalid = (file: string, problems: readonly Problem[]): PromptvError => {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return promptvError('PROMPT_INVALID', {
    path: file,
    count: errors.length === 1 ? '1 error' : `${errors.length} errors`,
    first: first ? `${file}:${first.line}:${first.column} (${first.message})` : file,
    problems: errors,
  });
};
