import { isRecord } from '../prompt/data-rules.ts';
import type { DocumentPath, TemplateLanguage } from '../prompt/document.ts';
import { templateLanguages } from '../prompt/document.ts';
import { TemplateSyntaxError } from '../template/node.ts';
import { parseTemplate } from '../template/template.ts';
import type { Finding } from './finding.ts';

/** The syntax problem of the template at a problem's path, at its place inside the text; null if it is none. */
export const templateProblem = (
  value: unknown,
  { path }: { readonly path: DocumentPath },
): Finding | null => {
  const text = path.reduce<unknown>(member, value);
  const isTemplate = path.at(-1) === 'content' && (path.length === 1 || path[0] === 'messages');
  const language = languageOf(value);
  if (!isTemplate || typeof text !== 'string' || language === null) return null;
  try {
    parseTemplate(language, text);
    return null;
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    const end = Math.min(text.length, error.offset + 1);
    return { ruleId: 'template-syntax', message: error.message, path, range: [error.offset, end] };
  }
};

const member = (value: unknown, part: string | number): unknown =>
  Array.isArray(value) ? value[Number(part)] : isRecord(value) ? value[part] : undefined;

const languageOf = (value: unknown): TemplateLanguage | null => {
  const language = isRecord(value) ? value.template : undefined;
  return language === undefined
    ? 'mustache'
    : (templateLanguages.find((known) => known === language) ?? null);
};
