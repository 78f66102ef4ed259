import { type Impact, strongestImpact } from './grade.ts';

/** How a part of a document differs: a move keeps the value, a rename keeps everything but the name. */
export type ChangeKind = 'added' | 'removed' | 'changed' | 'renamed' | 'moved';

/**
 * One named difference in meaning between two documents. `before` and `after` are serialisable, null where
 * there is nothing; for `renamed` they are the two names, for `moved` the two places (or the two orders).
 */
export interface Change {
  /** Where, in words of the document: `variables.tone`, `modelParameters.temperature`, `messages[1].content`. */
  readonly path: string;
  readonly kind: ChangeKind;
  readonly before: unknown;
  readonly after: unknown;
  readonly impact: Impact;
}

/** The strongest impact of the changes; `none` of an empty list. */
export const impactOfChanges = (changes: readonly Change[]): Impact =>
  strongestImpact(changes.map((change) => change.impact));

const plainKey = /^[\p{L}\p{N}_$/@-]+$/u;

/** Appends a key or a list index to a path; a key with other characters than a word's, `/`, `@`, `$`, `-` is quoted. */
export const joinPath = (path: string, step: string | number): string => {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (!plainKey.test(step)) return `${path}[${JSON.stringify(step)}]`;
  return path === '' ? step : `${path}.${step}`;
};

/** The change from one value to another at a path: added or removed where one side is undefined. */
export const changeOf = (path: string, before: unknown, after: unknown, impact: Impact): Change => ({
  path,
  kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
  before: before ?? null,
  after: after ?? null,
  impact,
});
