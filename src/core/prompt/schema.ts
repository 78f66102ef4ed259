import * as v from 'valibot';
import { isRecord, listOf } from './data-rules.ts';
import {
  type DocumentPath,
  messageRoles,
  type PromptDocument,
  templateLanguages,
  variableTypes,
} from './document.ts';
import { documentRuleProblems } from './document-rules.ts';
import { abbreviate, type DocumentProblem } from './problem.ts';

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const mapping = v.record(text, v.unknown());

const variableSchema = v.looseObject({
  name: text,
  type: v.optional(v.picklist(variableTypes)),
  required: v.optional(v.boolean()),
  default: v.optional(v.unknown()),
  enum: v.optional(v.pipe(v.array(v.unknown()), v.minLength(1))),
  pattern: v.optional(text),
  minLength: v.optional(count),
  maxLength: v.optional(count),
  minimum: v.optional(v.number()),
  maximum: v.optional(v.number()),
  description: v.optional(text),
});

const messageSchema = v.looseObject({ role: v.picklist(messageRoles), content: text });

/** The one description of a prompt document; the JSON Schema for editors is made from it. */
export const promptDocumentSchema = v.looseObject({
  name: v.optional(text),
  description: v.optional(text),
  type: v.optional(text),
  category: v.optional(text),
  provider: v.optional(text),
  model: v.optional(text),
  modelParameters: v.optional(mapping),
  content: v.optional(text),
  messages: v.optional(v.pipe(v.array(messageSchema), v.minLength(1))),
  template: v.optional(v.picklist(templateLanguages)),
  variables: v.optional(v.array(variableSchema)),
  dependencies: v.optional(v.record(text, text)),
  responseFormat: v.optional(v.unknown()),
  jsonSchema: v.optional(v.union([text, mapping])),
  tools: v.optional(v.unknown()),
  tags: v.optional(v.array(text)),
  metadata: v.optional(mapping),
  tests: v.optional(v.unknown()),
  testData: v.optional(v.unknown()),
  evaluators: v.optional(v.unknown()),
});

export interface ValidatedDocument {
  /** The very value given, nothing filled in or dropped; null if a problem is an error. */
  readonly document: PromptDocument | null;
  readonly problems: readonly DocumentProblem[];
}

/** Checks plain data against everything a prompt document must be, and reports all problems at once. */
export const validateDocument = (value: unknown): ValidatedDocument => {
  const { issues = [] } = v.safeParse(promptDocumentSchema, value);
  const problems = [
    ...issues.map(issueProblem),
    ...documentRuleProblems(value),
    ...unknownKeyProblems(value),
  ];
  return { document: isDocument(value, problems) ? value : null, problems };
};

const isDocument = (_value: unknown, problems: readonly DocumentProblem[]): _value is PromptDocument =>
  !problems.some(({ severity }) => severity === 'error');

const issueProblem = (issue: v.BaseIssue<unknown>): DocumentProblem => {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  // A missing key has no place of its own: the problem is its parent's.
  const isMissing = issue.expected !== null && issue.received === 'undefined' && path.length > 0;
  if (isMissing) {
    return { severity: 'error', message: `"${path.at(-1)}" is missing`, path: path.slice(0, -1) };
  }
  const subject = path.length === 0 ? 'the document' : `"${lastKey(path)}"`;
  return { severity: 'error', message: `${subject} ${requirement(issue)}`, path };
};

const lastKey = (path: DocumentPath): string => {
  const index = path.findLastIndex((part) => typeof part === 'string');
  return path
    .slice(index)
    .reduce<string>((name, part) => (typeof part === 'number' ? `${name}[${part}]` : part), '');
};

const requirement = (issue: v.BaseIssue<unknown>): string => {
  if (issue.type === 'min_length') return 'must not be empty';
  if (issue.type === 'integer' || issue.type === 'min_value') return 'must be an integer of 0 or more';
  const wanted =
    expectedNames[issue.expected ?? ''] ??
    `one of ${(issue.expected ?? '').replace(/["()]/g, '').replaceAll(' | ', ', ')}`;
  return `must be ${wanted}, not ${describe(issue.input)}`;
};

const expectedNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'a mapping',
  '(string | Object)': 'text or a mapping',
};

const describe = (value: unknown): string => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return abbreviate(value);
};

const unknownKeyProblems = (value: unknown): DocumentProblem[] => {
  if (!isRecord(value)) return [];
  return [
    ...unknownKeys(value, promptDocumentSchema.entries, []),
    ...listOf(value.variables).flatMap((item, index) =>
      unknownKeys(item, variableSchema.entries, ['variables', index]),
    ),
    ...listOf(value.messages).flatMap((item, index) =>
      unknownKeys(item, messageSchema.entries, ['messages', index]),
    ),
  ];
};

const unknownKeys = (value: unknown, known: object, path: DocumentPath): DocumentProblem[] =>
  isRecord(value)
    ? Object.keys(value)
        .filter((key) => !Object.hasOwn(known, key))
        .map((key) => ({
          severity: 'warning',
          message: `"${key}" is no key that promptv knows`,
          path: [...path, key],
        }))
    : [];
