import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  type ParsedNode,
  Parser,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { maxDataDepth } from '../core/prompt/data-rules.ts';
import type { ParsedText } from './prompt-text-json.ts';
import { type TextProblem, textError } from './prompt-text-tree.ts';
import { readPlainYaml } from './yaml-events.ts';

/** Collections that the parser may have open; one level of data opens at most two. */
const maxOpenTokens = 2 * maxDataDepth + 2;
/** Values that aliases may stand for, all together. */
const maxAliasedNodes = 10_000;

/** Deeper nesting than any prompt has, found before the composer recurses into it. */
class NestingProblem extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super(`data is nested deeper than ${maxDataDepth} levels`);
    this.offset = offset;
  }
}

/** The documents of a YAML 1.2 text (one, if all is well). Throws NestingProblem. */
const composeYaml = (text: string, keepSourceTokens: boolean): Document.Parsed[] => {
  // The library's search for repeated keys takes quadratic time; `convertMap` does it.
  const composer = new Composer({ schema: 'core', uniqueKeys: false, prettyErrors: false, keepSourceTokens });
  return [...composer.compose(parseTokens(text), true, text.length)];
};

function* parseTokens(text: string): Generator<CST.Token, void> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > maxOpenTokens) throw new NestingProblem(parser.offset);
  }
  yield* parser.end();
}

/** The root node of a well-formed text with the tokens of its source, for editing; null of an empty text. */
export const readYamlSource = (text: string): ParsedNode | null =>
  composeYaml(text, true)[0]?.contents ?? null;

/** Reads YAML 1.2 (core schema). Aliases are followed; merge keys, foreign tags and `%YAML 1.1` are problems. */
export const parseYamlText = (text: string): ParsedText => {
  const value = readPlainYaml(text);
  return value === undefined ? parseCarefully(text) : { value, problems: [] };
};

/** Reads any text, and says what is wrong with it and where. */
export const parseCarefully = (text: string): ParsedText => {
  try {
    const documents = composeYaml(text, false);
    const broken = syntaxProblems(documents);
    if (broken.length > 0) return { value: undefined, problems: broken };
    const conversion: Conversion = { anchors: new Map(), problems: [], alias: null, aliasedNodes: 0 };
    return { value: convert(conversion, documents[0]?.contents ?? null, 0), problems: conversion.problems };
  } catch (error) {
    if (!(error instanceof NestingProblem)) throw error;
    return { value: undefined, problems: [textError(error.offset, error.message)] };
  }
};

const syntaxProblems = (documents: readonly Document.Parsed[]): TextProblem[] => {
  const [first, second] = documents;
  if (!first) return [];
  const problems = first.errors.map(({ pos, message }) => textError(pos[0], lowerFirst(message)));
  if (second)
    problems.push(textError(second.range[0], 'a second YAML document begins here; a file holds one'));
  const { explicit, version } = first.directives.yaml;
  if (explicit && version !== '1.2') problems.push(textError(0, `prompts are YAML 1.2, not ${version}`));
  return problems;
};

const lowerFirst = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

interface Conversion {
  /** What `&name` stands for at this point of the text. */
  readonly anchors: Map<string, Node>;
  readonly problems: TextProblem[];
  /** Set while the content of an alias is copied: its problems have been said where it stands. */
  alias: Node | null;
  aliasedNodes: number;
}

const report = (conversion: Conversion, node: Node | null, message: string): void => {
  if (conversion.alias === null) conversion.problems.push(textError(node?.range?.[0] ?? 0, message));
};

const convert = (conversion: Conversion, node: Node | null, depth: number): unknown => {
  if (node === null) return null;
  if (isAlias(node)) return convertAlias(conversion, node, depth);
  if (!isWithinLimits(conversion, node, depth)) return null;
  if (conversion.alias === null && 'anchor' in node && node.anchor) conversion.anchors.set(node.anchor, node);
  if (node.tag !== undefined && !coreTags.has(node.tag)) {
    report(conversion, node, `the tag ${node.tag.replace('tag:yaml.org,2002:', '!!')} is not supported`);
  }
  if (isScalar(node)) return node.value;
  if (isMap(node)) return convertMap(conversion, node, depth);
  if (isSeq(node)) return node.items.map((item) => convert(conversion, nodeOf(item), depth + 1));
  return null;
};

const coreTags: ReadonlySet<string> = new Set([
  '!',
  ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
]);

/** Says once what was too much, at the alias that asked for it. */
const isWithinLimits = (conversion: Conversion, node: Node, depth: number): boolean => {
  const { alias } = conversion;
  if (alias === null) return true;
  conversion.aliasedNodes += 1;
  const tooMany = conversion.aliasedNodes === maxAliasedNodes;
  const tooDeep = depth > maxDataDepth && conversion.aliasedNodes < maxAliasedNodes;
  if (tooMany || tooDeep) {
    const reason = tooMany ? `more than ${maxAliasedNodes} values` : `more than ${maxDataDepth} levels`;
    conversion.problems.push(textError(alias.range?.[0] ?? 0, `aliases expand to ${reason}`));
    conversion.aliasedNodes = maxAliasedNodes;
  }
  return conversion.aliasedNodes < maxAliasedNodes && node !== alias;
};

const convertAlias = (conversion: Conversion, alias: Node & { source: string }, depth: number): unknown => {
  const target = conversion.anchors.get(alias.source);
  if (!target) {
    report(conversion, alias, `there is no anchor &${alias.source} before this alias`);
    return null;
  }
  const outer = conversion.alias;
  conversion.alias = outer ?? alias;
  const value = convert(conversion, target, depth);
  conversion.alias = outer;
  return value;
};

const convertMap = (conversion: Conversion, map: YAMLMap, depth: number): Record<string, unknown> => {
  const record: Record<string, unknown> = {};
  for (const pair of map.items) {
    const key = readKey(conversion, pair, map);
    const value = convert(conversion, nodeOf(pair.value), depth + 1);
    if (key === null) continue;
    if (Object.hasOwn(record, key)) {
      report(conversion, nodeOf(pair.key), `the key ${JSON.stringify(key)} is there twice`);
    }
    // An assignment to `__proto__` would set the prototype and hide the key from the checks.
    if (key === '__proto__')
      Object.defineProperty(record, key, { value, enumerable: true, configurable: true });
    else record[key] = value;
  }
  return record;
};

const nodeOf = (value: unknown): Node | null =>
  isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null;

const readKey = (conversion: Conversion, pair: Pair, map: YAMLMap): string | null => {
  const key = nodeOf(pair.key);
  if (!isScalar(key)) {
    const hint = isMap(key) ? ' (put text that begins with "{{" in quotes)' : '';
    report(conversion, key ?? map, `a key must be text${hint}`);
    return null;
  }
  const problem = keyProblem(key);
  if (problem !== null) report(conversion, key, problem);
  return problem === null ? String(key.value) : null;
};

const keyProblem = ({ value, type, source }: Scalar): string | null => {
  if (typeof value !== 'string') return `the key ${source || 'of this entry'} must be text; put it in quotes`;
  if (value === '<<' && type === 'PLAIN')
    return 'merge keys (<<) are not part of YAML 1.2; repeat the entries';
  return null;
};
