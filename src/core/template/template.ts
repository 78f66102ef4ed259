import { promptvError } from '../../errors.ts';
import type { DocumentPath, PromptDocument, TemplateLanguage } from '../prompt/document.ts';
import { formatPath } from '../prompt/problem.ts';
import { parseFstring } from './fstring.ts';
import { parseMustache } from './mustache.ts';
import { type TemplateNode, TemplateSyntaxError } from './node.ts';

/** A template ready to be walked or filled. */
export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  /** The names of the prompts it includes itself, each once, in order. */
  readonly partials: readonly string[];
}

/** One template of a document and where it stands. */
export interface DocumentTemplate {
  readonly path: DocumentPath;
  readonly text: string;
}

/** Finds the document that `{{> name}}` stands for. */
export type PartialOf = (name: string) => PromptDocument | undefined;

const parsers: Readonly<Record<TemplateLanguage, (text: string) => TemplateNode[]>> = {
  mustache: parseMustache,
  fstring: parseFstring,
  none: (text) => [{ kind: 'text', text }],
};

const cacheLimit = 2_000;
const caches: Readonly<Record<TemplateLanguage, Map<string, ParsedTemplate>>> = {
  mustache: new Map(),
  fstring: new Map(),
  none: new Map(),
};

/** Parses a template, remembering the last texts seen; throws TemplateSyntaxError. */
export const parseTemplate = (language: TemplateLanguage, text: string): ParsedTemplate => {
  const cache = caches[language];
  const cached = cache.get(text);
  if (cached) return cached;
  const nodes = parsers[language](text);
  const parsed = { nodes, partials: [...new Set(partialNames(nodes))] };
  if (cache.size >= cacheLimit) cache.clear();
  cache.set(text, parsed);
  return parsed;
};

const partialNames = (nodes: readonly TemplateNode[]): string[] =>
  nodes.flatMap((node) => {
    if (node.kind === 'partial') return [node.name];
    return node.kind === 'section' ? partialNames(node.children) : [];
  });

export const templateLanguageOf = (document: PromptDocument): TemplateLanguage =>
  document.template ?? 'mustache';

/** The texts of a document that are templates: its content, or its messages' in order. */
export const documentTemplates = (document: PromptDocument): DocumentTemplate[] =>
  document.content === undefined
    ? (document.messages ?? []).map(({ content }, index) => ({
        path: ['messages', index, 'content'],
        text: content,
      }))
    : [{ path: ['content'], text: document.content }];

/**
 * Parses one template of the prompt called `name`; throws `TEMPLATE_INVALID`. Templates of a validated document
 * always parse.
 */
export const parseDocumentTemplate = (
  document: PromptDocument,
  template: DocumentTemplate,
  name: string,
): ParsedTemplate => {
  try {
    return parseTemplate(templateLanguageOf(document), template.text);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    const where = `${formatPath(template.path)}, character ${error.offset + 1}`;
    throw promptvError(
      'TEMPLATE_INVALID',
      { name, reason: error.message, where, offset: error.offset },
      error,
    );
  }
};

/** The prompts that a document includes itself, each once, in order. */
export const includedPrompts = (document: PromptDocument): readonly string[] => {
  const known = included.get(document);
  if (known) return known;
  const templates = documentTemplates(document).filter(({ text }) => /\{\{\s*>/.test(text));
  const names = templates.flatMap(
    (template) => parseDocumentTemplate(document, template, titleOf(document)).partials,
  );
  const unique = [...new Set(names)];
  included.set(document, unique);
  return unique;
};

/** Says what `includedPrompts` found in an equal document before: a sweep parses hundreds of templates to find it. */
export const rememberIncluded = (document: PromptDocument, names: readonly string[]): void => {
  included.set(document, names);
};

/** A sweep asks the same of a document several times. */
const included = new WeakMap<PromptDocument, readonly string[]>();

/** What to call a document whose name as a prompt is not known. */
export const titleOf = (document: PromptDocument): string => document.name ?? 'the prompt';
