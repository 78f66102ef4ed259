import type { DocumentPath, PromptDocument } from '../prompt/document.ts';
import { documentTemplates } from '../template/template.ts';
import type { Finding } from './finding.ts';
import { removeSpaces } from './github-models.ts';
import type { LintRuleId } from './rules.ts';
import { declaredTokens, documentTokens } from './size.ts';

/** One change of a document that mends findings of a rule and changes nothing for callers. */
export interface LintFix {
  readonly ruleId: LintRuleId;
  readonly path: DocumentPath;
  readonly value: unknown;
}

/**
 * What can be mended without a decision: a variable that was required already is declared, unless it may be a slip of
 * the pen; spaces that GitHub Models trips over are taken out; a declared size is brought up to date.
 */
export const planFixes = (document: PromptDocument, findings: readonly Finding[]): LintFix[] => [
  ...declareVariables(
    document,
    findings.flatMap(({ declares }) => (declares === undefined ? [] : [declares])),
  ),
  ...documentTemplates(document)
    .filter(({ path }) =>
      findings.some((one) => one.ruleId === 'github-models-spacing' && String(one.path) === String(path)),
    )
    // One place at a time, so that each is a small change of the file.
    .flatMap(({ path, text }) =>
      removeSpaces(text).map((value) => ({ ruleId: 'github-models-spacing' as const, path, value })),
    ),
  ...(findings.some(({ ruleId }) => ruleId === 'estimated-tokens') ? updateTokens(document) : []),
];

const declareVariables = (document: PromptDocument, names: readonly string[]): LintFix[] => {
  const declared = document.variables?.length ?? 0;
  if (names.length === 0) return [];
  if (declared === 0)
    return [{ ruleId: 'undeclared-variable', path: ['variables'], value: names.map((name) => ({ name })) }];
  return names.map((name, index) => ({
    ruleId: 'undeclared-variable',
    path: ['variables', declared + index],
    value: { name },
  }));
};

const updateTokens = (document: PromptDocument): LintFix[] => {
  const declared = declaredTokens(document);
  return declared === null
    ? []
    : [{ ruleId: 'estimated-tokens', path: declared.path, value: documentTokens(document) }];
};
