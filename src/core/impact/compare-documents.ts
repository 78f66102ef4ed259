import type { Pin, PromptDocument } from '../prompt/document.ts';
import { type Change, changeOf, joinPath } from './change.ts';
import { compareBodies } from './compare-messages.ts';
import { type CompareValuesOptions, compareValues } from './compare-values.ts';
import { compareVariables } from './compare-variables.ts';
import { compareImpact, type Impact, strongestImpact } from './grade.ts';
import { isMapping, isSameValue, ownValue } from './same-value.ts';

/** One side of a comparison: the document and what its own text does not say. */
export interface ComparedPrompt {
  readonly document: PromptDocument;
  /** Names used in the templates and their partials, declared or not. */
  readonly usedVariables: readonly string[];
  /** What the partials were resolved to; compared when both sides have it. */
  readonly pins?: readonly Pin[];
  /** Of the later side: partial's name → impact of that partial between the two pinned versions. */
  readonly pinImpacts?: ReadonlyMap<string, Impact>;
}

/**
 * Every difference in meaning, graded as callers feel it; strongest first, then in document order. Empty exactly
 * when the documents and pins have one content hash. Comments and layout are not in the documents, so never here.
 */
export const compareDocuments = (before: ComparedPrompt, after: ComparedPrompt): Change[] => {
  const known = comparisons.flatMap(({ compare }) => compare(before, after));
  const knownKeys = new Set(comparisons.flatMap(({ keys }) => keys));
  const keys = new Set([...Object.keys(before.document), ...Object.keys(after.document)]);
  const unknown = [...keys]
    .filter((key) => !knownKeys.has(key))
    .flatMap((key) => compareKey(key, before, after, { impact: 'patch' }));
  return [...known, ...unknown].sort((a, b) => compareImpact(b.impact, a.impact));
};

interface Comparison {
  /** The document's keys that it covers. */
  readonly keys: readonly string[];
  readonly compare: (before: ComparedPrompt, after: ComparedPrompt) => Change[];
}

const compareKey = (
  key: string,
  before: ComparedPrompt,
  after: ComparedPrompt,
  options: CompareValuesOptions,
): Change[] =>
  compareValues(joinPath('', key), ownValue(before.document, key), ownValue(after.document, key), options);

const byKey = (key: string, options: CompareValuesOptions): Comparison => ({
  keys: [key],
  compare: (before, after) => compareKey(key, before, after, options),
});

/** The variables of one side. */
const variablesOf = (prompt: ComparedPrompt) => ({
  declared: prompt.document.variables ?? [],
  used: prompt.usedVariables,
});

const compareTemplates = (before: PromptDocument, after: PromptDocument): Change[] => {
  if (before.template === after.template) return [];
  const isSameLanguage = (before.template ?? 'mustache') === (after.template ?? 'mustache');
  return [changeOf('template', before.template, after.template, isSameLanguage ? 'patch' : 'major')];
};

/** A JSON Schema stands as a mapping or as JSON text; another layout of the same JSON is wording. */
const compareJsonSchemas = (before: unknown, after: unknown): Change[] => {
  if (isSameValue(before, after, { ordered: true })) return [];
  const changes = compareValues('jsonSchema', parseSchema(before), parseSchema(after), {
    impact: 'major',
    ordered: true,
  });
  return changes.length > 0 ? changes : [changeOf('jsonSchema', before, after, 'patch')];
};

const parseSchema = (schema: unknown): unknown => {
  if (typeof schema !== 'string') return schema;
  try {
    const parsed: unknown = JSON.parse(schema);
    return isMapping(parsed) ? parsed : schema;
  } catch {
    // Whether the text is JSON is for validation to say; here it is compared as text.
    return schema;
  }
};

/** Other versions of partials: at least `minor`, and as strong as the partial's own change. */
const comparePins = (before: ComparedPrompt, after: ComparedPrompt): Change[] => {
  if (before.pins === undefined || after.pins === undefined) return [];
  const pinsBefore = new Map(before.pins.map((pin) => [pin.name, pin]));
  const pinsAfter = new Map(after.pins.map((pin) => [pin.name, pin]));
  return [...new Set([...pinsBefore.keys(), ...pinsAfter.keys()])].flatMap((name) => {
    const from = pinsBefore.get(name);
    const to = pinsAfter.get(name);
    if (from?.version === to?.version && from?.contentHash === to?.contentHash) return [];
    const impact = strongestImpact(['minor', after.pinImpacts?.get(name) ?? 'minor']);
    const shown = from?.version === to?.version ? 'contentHash' : 'version';
    return [changeOf(joinPath('pins', name), from?.[shown], to?.[shown], impact)];
  });
};

// In the order in which a person writes a document; pins stand after the ranges that they resolve.
const comparisons: readonly Comparison[] = [
  byKey('name', { impact: 'patch' }),
  byKey('description', { impact: 'patch' }),
  byKey('type', { impact: 'major' }),
  byKey('category', { impact: 'patch' }),
  byKey('provider', { impact: 'minor' }),
  byKey('model', { impact: 'minor' }),
  byKey('modelParameters', { impact: 'minor' }),
  {
    keys: ['content', 'messages'],
    compare: (before, after) => compareBodies(before.document, after.document),
  },
  { keys: ['template'], compare: (before, after) => compareTemplates(before.document, after.document) },
  {
    keys: ['variables'],
    compare: (before, after) => compareVariables(variablesOf(before), variablesOf(after)),
  },
  byKey('dependencies', { impact: 'minor' }),
  { keys: [], compare: comparePins },
  byKey('responseFormat', { impact: 'major', ordered: true }),
  {
    keys: ['jsonSchema'],
    compare: (before, after) => compareJsonSchemas(before.document.jsonSchema, after.document.jsonSchema),
  },
  byKey('tools', { impact: 'major', ordered: true }),
  byKey('tags', { impact: 'patch' }),
  byKey('metadata', { impact: 'patch' }),
  byKey('tests', { impact: 'patch', depth: 1 }),
  byKey('testData', { impact: 'patch', depth: 1 }),
  byKey('evaluators', { impact: 'patch', depth: 1 }),
];
