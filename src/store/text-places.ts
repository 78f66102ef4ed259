import type { FileComment } from '../core/lint/exceptions.ts';
import type { DocumentPath } from '../core/prompt/document.ts';
import { type PromptFormat, readTree } from './prompt-text.ts';
import {
  createPositionFinder,
  findPlace,
  locateOffset,
  type TextEntry,
  type TextItem,
  type TextNode,
  type TextScalar,
} from './prompt-text-tree.ts';

/** A place of a text; lines and columns count from 1, the end is exclusive. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

/** Finds places in one well-formed text; the text is taken apart when the first is asked for. */
export class TextPlaces {
  private readonly text: string;
  private readonly format: PromptFormat;
  private readonly positionOf: (offset: number) => { line: number; column: number };
  private tree: TextNode | null | undefined;

  constructor(text: string, format: PromptFormat) {
    this.text = text;
    this.format = format;
    this.positionOf = createPositionFinder(text);
  }

  /** Of offsets of the text itself. */
  between(start: number, end: number): TextPlace {
    const last = this.positionOf(end);
    return { ...this.positionOf(start), endLine: last.line, endColumn: last.column };
  }

  /** Of a key or item (the nearest there is), or of a part of the text that is its value. */
  of(path: DocumentPath, value?: string, range?: readonly [number, number]): TextPlace {
    const root = this.root();
    const node = root === null ? undefined : findPlace(root, path)?.value;
    if (node?.kind === 'scalar' && value !== undefined && range !== undefined) {
      const [start, end] = sourceRange(this.text, node, { value, range });
      return this.between(start, end);
    }
    const offset = root === null ? 0 : locateOffset(root, path);
    return { ...this.positionOf(offset), endLine: null, endColumn: null };
  }

  /** The comments of a YAML text that address promptv, each with the lines of the entry that it stands at. */
  comments(): FileComment[] {
    if (this.format === 'json' || !this.text.includes('promptv:')) return [];
    const root = this.root();
    const members = root === null ? [] : membersBelow(root);
    const found = [...this.text.matchAll(/(^|[ \t])(#[ \t]*promptv:[^\r\n]*)/gm)];
    return found.flatMap(({ index, 1: space = '', 2: text = '' }) => {
      const offset = index + space.length;
      if (members.some(({ value }) => isInside(this.text, value, offset))) return [];
      return [{ text, ...this.linesFor(offset, members) }];
    });
  }

  private linesFor(offset: number, members: readonly Member[]): Omit<FileComment, 'text'> {
    const { line } = this.positionOf(offset);
    const isAlone = this.text.slice(this.text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
    const first = (start: number): Member | undefined =>
      members.filter((member) => member.start >= start).sort((a, b) => a.start - b.start)[0];
    const lineStart = this.text.lastIndexOf('\n', offset - 1) + 1;
    const target = first(isAlone ? offset : lineStart);
    if (target === undefined) return { line, from: line, to: line };
    const from = isAlone ? this.positionOf(target.start).line : line;
    return { line, from, to: Math.max(from, this.positionOf(Math.max(target.value.end - 1, 0)).line) };
  }

  private root(): TextNode | null {
    if (this.tree === undefined) this.tree = readTree(this.text, this.format);
    return this.tree;
  }
}

type Member = TextEntry | TextItem;

const membersBelow = (node: TextNode): Member[] => {
  if (node.kind === 'scalar') return [];
  const members: readonly Member[] = node.kind === 'map' ? node.entries : node.items;
  return members.flatMap((member) => [member, ...membersBelow(member.value)]);
};

/** A comment may stand behind the `|` that opens a block. */
const isInside = (text: string, node: TextNode, offset: number): boolean =>
  node.kind === 'scalar' && offset >= bodyStart(text, node) && offset < node.end;

const isBlock = ({ style }: TextScalar): boolean => style === 'literal' || style === 'folded';

const bodyStart = (text: string, node: TextScalar): number =>
  isBlock(node) ? text.indexOf('\n', node.start) + 1 : node.start;

interface ValueRange {
  readonly value: string;
  readonly range: readonly [number, number];
}

/** Where a part of a value stands in the source; where escapes or folds hide it, the nearest place that is known. */
const sourceRange = (text: string, node: TextScalar, { value, range }: ValueRange): [number, number] => {
  const [start, end] = range;
  if (node.style === 'literal') {
    const body = bodyStart(text, node);
    return [literalOffset(text, body, { value, at: start }), literalOffset(text, body, { value, at: end })];
  }
  const raw = text.slice(node.start, node.end);
  const whole = raw.indexOf(value);
  if (whole >= 0) return [node.start + whole + start, node.start + whole + end];
  const part = value.slice(start, end);
  const found = occurrence(raw, part, countOf(value.slice(0, start), part));
  return found < 0 ? [node.start, node.end] : [node.start + found, node.start + found + part.length];
};

/** The lines of a literal block are those of its value, each behind the same spaces. */
const literalOffset = (
  text: string,
  body: number,
  { value, at }: { readonly value: string; readonly at: number },
): number => {
  const before = value.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = value.indexOf('\n', at);
  const line = value.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  let offset = body;
  for (let left = countOf(before, '\n'); left > 0; left -= 1) offset = text.indexOf('\n', offset) + 1;
  const source = text.slice(offset, text.indexOf('\n', offset) < 0 ? undefined : text.indexOf('\n', offset));
  return offset + Math.max(0, source.lastIndexOf(line)) + (at - lineStart);
};

const countOf = (text: string, part: string): number => (part === '' ? 0 : text.split(part).length - 1);

const occurrence = (text: string, part: string, index: number): number => {
  let found = part === '' ? -1 : text.indexOf(part);
  for (let left = index; left > 0 && found >= 0; left -= 1) found = text.indexOf(part, found + 1);
  return found;
};
