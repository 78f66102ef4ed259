import type { Config } from '../config/schema.ts';
import type { DocumentPath, PromptDocument } from '../prompt/document.ts';
import { documentTemplates } from '../template/template.ts';
import { estimateTokens } from '../tokens.ts';
import type { Finding } from './finding.ts';
import { contextOfModel } from './models.ts';

/** Where a document may declare its size, and what it says. */
export const declaredTokens = (
  document: PromptDocument,
): { readonly path: DocumentPath; readonly tokens: number } | null => {
  const { metadata, estimatedTokens } = document;
  if (typeof estimatedTokens === 'number') return { path: ['estimatedTokens'], tokens: estimatedTokens };
  const inside = metadata?.estimatedTokens;
  return typeof inside === 'number' ? { path: ['metadata', 'estimatedTokens'], tokens: inside } : null;
};

/** The tokens of all templates, their variables not filled in. */
export const documentTokens = (document: PromptDocument): number =>
  documentTemplates(document).reduce((sum, { text }) => sum + estimateTokens(text), 0);

/** Prompts too short or too long, in characters and in tokens. */
export const findSizeProblems = (document: PromptDocument, settings: Config['lint']): Finding[] => {
  const templates = documentTemplates(document);
  const path: DocumentPath = document.content === undefined ? ['messages'] : ['content'];
  const length = templates.reduce((sum, { text }) => sum + text.trim().length, 0);
  const { minLength, maxLength } = settings;
  const tokens = documentTokens(document);
  return [
    ...(length < minLength
      ? [finding('min-length', `${length} characters; at least ${minLength} are asked for`, path)]
      : []),
    ...(length > maxLength
      ? [finding('max-length', `${length} characters; at most ${maxLength} are asked for`, path)]
      : []),
    ...findTokenProblems(document, tokens, settings),
  ];
};

const findTokenProblems = (document: PromptDocument, tokens: number, settings: Config['lint']): Finding[] => {
  const { model } = document;
  const context = model === undefined ? null : contextOfModel(model, settings.contextTokens);
  const declared = declaredTokens(document);
  return [
    ...(context !== null && tokens > context
      ? [finding('token-limit', `about ${tokens} tokens; ${model} takes ${context}`, ['model'])]
      : []),
    ...(declared !== null && tokens > declared.tokens
      ? [
          finding(
            'estimated-tokens',
            `about ${tokens} tokens; ${declared.tokens} are declared`,
            declared.path,
          ),
        ]
      : []),
  ];
};

const finding = (ruleId: Finding['ruleId'], message: string, path: DocumentPath): Finding => ({
  ruleId,
  message,
  path,
});
