import validRange from 'semver/ranges/valid.js';
import { TemplateSyntaxError } from '../template/node.ts';
import { parseTemplate } from '../template/template.ts';
import { dataError, dataProblems, isRecord, listOf, recordOf } from './data-rules.ts';
import { type DocumentPath, type TemplateLanguage, templateLanguages } from './document.ts';
import { promptNameProblem } from './name.ts';
import { type DocumentProblem, formatPath } from './problem.ts';
import { variableRuleProblems } from './variable-rules.ts';

/** What a schema cannot say. Works on data of any shape, so that it adds to the schema's problems. */
export const documentRuleProblems = (value: unknown): DocumentProblem[] => {
  const data = dataProblems(value);
  if (Array.isArray(value)) return [...data, dataError([], 'the document must be a mapping, not a list')];
  if (!isRecord(value)) return data;
  return [
    ...data,
    ...listProblems(value),
    ...bodyProblems(value),
    ...prototypeKeyProblems(value),
    ...variableRuleProblems(value.variables),
    ...dependencyProblems(value.dependencies),
    ...templateProblems(value),
  ];
};

/** To the schema's library a list is a mapping too. */
const listProblems = (value: Readonly<Record<string, unknown>>): DocumentProblem[] => {
  const members = ['modelParameters', 'dependencies', 'metadata', 'jsonSchema'].map(
    (key): [DocumentPath, unknown] => [[key], value[key]],
  );
  const items = ['variables', 'messages'].flatMap((key) =>
    listOf(value[key]).flatMap((item, index): [DocumentPath, unknown][] =>
      Array.isArray(item) ? [[[key, index], item]] : none,
    ),
  );
  return [...members, ...items]
    .filter(([, member]) => Array.isArray(member))
    .map(([path]) => dataError(path, `"${formatPath(path)}" must be a mapping, not a list`));
};

const none: [] = [];

const bodyProblems = (value: Readonly<Record<string, unknown>>): DocumentProblem[] => {
  const hasContent = Object.hasOwn(value, 'content');
  const hasMessages = Object.hasOwn(value, 'messages');
  if (hasContent && hasMessages) {
    return [dataError(['messages'], 'there are both "content" and "messages"; keep one of them')];
  }
  return hasContent || hasMessages ? [] : [dataError([], 'there is neither "content" nor "messages"')];
};

/** Where a key is a name of ours, one that every object inherits would be found without being there. */
const prototypeKeyProblems = (value: Readonly<Record<string, unknown>>): DocumentProblem[] =>
  [[], ['modelParameters'], ['dependencies'], ['metadata']].flatMap((path: DocumentPath) => {
    const mapping = path[0] === undefined ? value : recordOf(value[path[0]]);
    return ['constructor', 'prototype']
      .filter((key) => Object.hasOwn(mapping, key))
      .map((key) => dataError([...path, key], `the key "${key}" is not allowed here`));
  });

const dependencyProblems = (dependencies: unknown): DocumentProblem[] =>
  Object.entries(recordOf(dependencies)).flatMap(([name, range]) => {
    const path = ['dependencies', name];
    const problem = promptNameProblem(name);
    const problems = problem === null ? [] : [dataError(path, `"${name}" names no prompt: ${problem}`)];
    const isRange = typeof range !== 'string' || (range.trim() !== '' && validRange(range) !== null);
    return isRange
      ? problems
      : [...problems, dataError(path, `${JSON.stringify(range)} is no range of versions`)];
  });

const templateProblems = (value: Readonly<Record<string, unknown>>): DocumentProblem[] => {
  const language = languageOf(value.template);
  if (language === null) return [];
  const contents: [DocumentPath, unknown][] = [
    [['content'], value.content],
    ...listOf(value.messages).map((message, index): [DocumentPath, unknown] => [
      ['messages', index, 'content'],
      recordOf(message).content,
    ]),
  ];
  return contents.flatMap(([path, text]) =>
    typeof text === 'string' ? syntaxProblems(language, text, path) : [],
  );
};

const languageOf = (template: unknown): TemplateLanguage | null =>
  template === undefined ? 'mustache' : (templateLanguages.find((language) => language === template) ?? null);

const syntaxProblems = (language: TemplateLanguage, text: string, path: DocumentPath): DocumentProblem[] => {
  try {
    parseTemplate(language, text);
    return [];
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    const line = text.slice(0, error.offset).split('\n').length;
    return [dataError(path, `line ${line} of the template: ${error.message}`)];
  }
};
