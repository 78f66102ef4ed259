import type { Config } from '../config/schema.ts';
import type { PromptDocument } from '../prompt/document.ts';
import { documentTemplates, type PartialOf } from '../template/template.ts';
import type { Finding, ScannedText } from './finding.ts';
import { findSpacedPlaces, isGithubModelsFile } from './github-models.ts';
import { findInjections } from './injections.ts';
import { findPartialProblems } from './partials.ts';
import { findSizeProblems } from './size.ts';
import { findVariableProblems } from './variables.ts';

/** A valid prompt and what stands around it. */
export interface LintSubject {
  readonly name: string;
  readonly path: string;
  readonly document: PromptDocument;
  readonly partialOf: PartialOf;
  /** All prompts there are. */
  readonly names: readonly string[];
}

/** What the rules that need no library and no git find in one prompt. */
export const lintDocument = (subject: LintSubject, settings: Config['lint']): Finding[] => {
  const { name, path, document, partialOf } = subject;
  // In the files of GitHub Models no variable is declared: `testData` and the caller name them.
  const isUndeclaring = isGithubModelsFile(path) && document.variables === undefined;
  return [
    ...(isUndeclaring ? [] : findVariableProblems(document, partialOf)),
    ...findMissingDescription(document),
    ...findSizeProblems(document, settings),
    ...findInjections(scannedTexts(document)),
    ...findPartialProblems(name, document, subject),
    ...findSpacedPlaces(document, path),
  ];
};

const findMissingDescription = ({ description }: PromptDocument): Finding[] =>
  (description ?? '').trim() === ''
    ? [{ ruleId: 'missing-description', message: 'there is no "description"', path: ['description'] }]
    : [];

/** The texts that reach a model or a reader: name, description, templates, defaults of variables. */
export const scannedTexts = (document: PromptDocument): ScannedText[] => [
  ...(['name', 'description'] as const).flatMap((key) => {
    const text = document[key];
    return text === undefined ? [] : [{ path: [key], text }];
  }),
  ...documentTemplates(document),
  ...(document.variables ?? []).flatMap((variable, index) =>
    typeof variable.default === 'string'
      ? [{ path: ['variables', index, 'default'], text: variable.default }]
      : [],
  ),
];
