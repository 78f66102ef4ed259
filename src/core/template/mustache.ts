import mustache from 'mustache';
import { promptNameProblem } from '../prompt/name.ts';
import { type TemplateNode, TemplateSyntaxError, variablePathPattern } from './node.ts';

/** A token of mustache's parser: kind, text, start, end, then children (sections) or the indentation (partials). */
type Token = readonly [kind: string, text: string, start: number, end: number, rest?: unknown];

const writer = new mustache.Writer();

const maxSectionDepth = 50;

/** Parses mustache with the delimiters `{{` and `}}` for good; throws TemplateSyntaxError. */
export const parseMustache = (text: string): TemplateNode[] => {
  if (!text.includes('{{')) return textNodes(text);
  const { start, end } = tagLines(text);
  return [
    ...textNodes(text.slice(0, start)),
    ...parseLines(text.slice(start, end), start),
    ...textNodes(text.slice(end)),
  ];
};

/**
 * From the line where the first tag begins to the one where the last ends: what stands around them is text as it is, and
 * the parser would make a token of every character of it.
 */
const tagLines = (text: string): { readonly start: number; readonly end: number } => {
  const lastEnd = text.lastIndexOf('}}');
  const isClosed = text.lastIndexOf('{{') < lastEnd;
  const lineEnd = isClosed ? text.indexOf('\n', lastEnd) : -1;
  return {
    start: text.lastIndexOf('\n', text.indexOf('{{')) + 1,
    end: lineEnd === -1 ? text.length : lineEnd + 1,
  };
};

const parseLines = (text: string, offset: number): TemplateNode[] => {
  try {
    return readTokens(tokenize(text), text, 0);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    throw new TemplateSyntaxError(error.message, offset + error.offset);
  }
};

const textNodes = (text: string): TemplateNode[] => (text === '' ? [] : [{ kind: 'text', text }]);

const tokenize = (text: string): readonly Token[] => {
  // The parser looks for the end of a tag with /\s*}}/, which takes quadratic time on long white space.
  const gap = text.search(/\s{500}/);
  if (gap !== -1) throw new TemplateSyntaxError('500 or more white-space characters in a row', gap);
  try {
    const tokens: readonly Token[] = writer.parse(text, ['{{', '}}']);
    // The writer would keep every template for ever; the bounded cache of `parseTemplate` is enough.
    writer.clearCache();
    return tokens;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, reason = message, offset = '0'] = /^(.*) at (\d+)$/s.exec(message) ?? [];
    const place = placeOf(text, reason, Number(offset));
    throw new TemplateSyntaxError(reason.charAt(0).toLowerCase() + reason.slice(1), Math.max(place, 0));
  }
};

/** Of a tag or section without an end the parser names the end of the text; its start is where to look. */
const placeOf = (text: string, reason: string, offset: number): number => {
  if (reason === 'Unclosed tag') return text.lastIndexOf('{{', offset);
  const [, section] = /^Unclosed section "(.*)"$/s.exec(reason) ?? [];
  if (section === undefined) return offset;
  const opened = [...text.matchAll(/\{\{\s*[#^]\s*([^{}]*?)\s*\}\}/g)];
  return opened.findLast((match) => match[1] === section)?.index ?? offset;
};

const readTokens = (tokens: readonly Token[], text: string, depth: number): TemplateNode[] =>
  tokens.flatMap((token) => readToken(token, text, depth));

const readToken = (token: Token, text: string, depth: number): TemplateNode[] => {
  const [kind, value, start, , rest] = token;
  if (kind === 'text') return textNodes(value);
  if (kind === '!') return [];
  if (kind === '=') throw new TemplateSyntaxError('the delimiters {{ and }} cannot be changed', start);
  if (kind === '>') return [readPartial(token, text)];
  const path = readPath(token, text, depth);
  if (kind !== '#' && kind !== '^') return [{ kind: 'value', path }];
  if (depth >= maxSectionDepth) throw new TemplateSyntaxError(`more than ${depth} nested sections`, start);
  const children = readTokens(Array.isArray(rest) ? rest : [], text, depth + 1);
  return [{ kind: 'section', path, inverted: kind === '^', children }];
};

/** An empty path is `{{.}}`, the section's own value. */
const readPath = ([, value, start, end]: Token, text: string, depth: number): readonly string[] => {
  if (value === '.' && depth > 0) return [];
  if (value === '.') throw new TemplateSyntaxError('"{{.}}" stands outside a section', start);
  if (variablePathPattern.test(value)) return value.split('.');
  throw new TemplateSyntaxError(
    `${JSON.stringify(text.slice(start, end))} names no variable ("template: none" takes the text as it is)`,
    start,
  );
};

const readPartial = ([, name, start, end]: Token, text: string): TemplateNode => {
  const problem = promptNameProblem(name);
  if (problem === null) return { kind: 'partial', name, indentation: indentationOf(text, start, end) };
  throw new TemplateSyntaxError(
    `${JSON.stringify(text.slice(start, end))} names no prompt: ${problem}`,
    start,
  );
};

/** The white space before a partial that is alone on its line; such a partial is indented as a whole. */
const indentationOf = (text: string, start: number, end: number): string => {
  const before = start === 0 ? '' : text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const lineEnd = text.indexOf('\n', end);
  const after = text.slice(end, lineEnd === -1 ? undefined : lineEnd);
  return before.trim() === '' && after.trim() === '' ? before : '';
};
