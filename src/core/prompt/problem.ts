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
