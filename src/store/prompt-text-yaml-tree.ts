import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { TextEntry, TextItem, TextNode, TextScalar } from './prompt-text-tree.ts';
import { readYamlSource } from './prompt-text-yaml.ts';

/** The places of a well-formed YAML text's parts; null of an empty text. */
export const readYamlTree = (text: string): TextNode | null => {
  const root = readYamlSource(text);
  return root === null ? null : treeOf(root, 0);
};

/** `fallback` is the place of a value that is not written. */
const treeOf = (node: unknown, fallback: number): TextNode => {
  if (isMap(node)) return mapOf(node);
  if (isSeq(node)) return seqOf(node);
  if (isAlias(node)) return { kind: 'scalar', style: 'alias', ...rangeOf(node, fallback) };
  if (isScalar(node)) return scalarOf(node, fallback);
  return { kind: 'scalar', style: 'empty', start: fallback, end: fallback };
};

const rangeOf = (node: Node, fallback: number): { start: number; end: number } => ({
  start: node.range?.[0] ?? fallback,
  end: node.range?.[1] ?? fallback,
});

const styles: Readonly<Record<string, TextScalar['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

const scalarOf = (node: Scalar, fallback: number): TextScalar => {
  const range = rangeOf(node, fallback);
  if (range.start === range.end) return { kind: 'scalar', style: 'empty', start: fallback, end: fallback };
  return { kind: 'scalar', style: styles[node.type ?? ''] ?? 'plain', ...range };
};

const mapOf = (map: YAMLMap): TextNode => {
  const { srcToken } = map;
  const sources = srcToken && 'items' in srcToken ? srcToken.items : [];
  const entries = map.items.map(({ key, value }, index): TextEntry => {
    const { start, end } = isScalar(key) ? rangeOf(key, 0) : { start: 0, end: 0 };
    const source = sources[index];
    const isExplicit = source?.start.some(({ type }) => type === 'explicit-key-ind') ?? false;
    const colon = source?.sep?.find(({ type }) => type === 'map-value-ind')?.offset ?? null;
    return {
      key: isScalar(key) ? String(key.value) : '',
      start,
      end,
      colon: isExplicit ? null : colon,
      value: treeOf(value, colon === null ? end : colon + 1),
    };
  });
  const flow = map.flow === true;
  return { kind: 'map', flow, ...extentOf(map, flow, entries), entries };
};

const seqOf = (seq: YAMLSeq): TextNode => {
  const { srcToken } = seq;
  const sources = srcToken && 'items' in srcToken ? srcToken.items : [];
  const items = seq.items.map((item, index): TextItem => {
    const dash = sources[index]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
    const value = treeOf(item, dash === undefined ? 0 : dash + 1);
    return { start: dash ?? value.start, value };
  });
  const flow = seq.flow === true;
  return { kind: 'seq', flow, ...extentOf(seq, flow, items), items };
};

/** The library counts comments behind a block as its own; here a block ends with its last value. */
const extentOf = (
  node: Node,
  flow: boolean,
  members: readonly (TextEntry | TextItem)[],
): { start: number; end: number } => {
  const range = rangeOf(node, 0);
  return flow ? range : { start: range.start, end: members.at(-1)?.value.end ?? range.end };
};
