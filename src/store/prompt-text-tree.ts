import type { DocumentPath } from '../core/prompt/document.ts';

/** Where the parts of a document stand in its text: offsets in UTF-16 units, `end` behind the last one. */
export type TextNode = TextScalar | TextMap | TextSeq;

export interface TextScalar {
  readonly kind: 'scalar';
  /** `json` of JSON; `alias` of `*name`; `empty` of a YAML value that is not written. */
  readonly style: 'json' | 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'alias' | 'empty';
  readonly start: number;
  readonly end: number;
}

export interface TextMap {
  readonly kind: 'map';
  /** Written in brackets, as all of JSON is. */
  readonly flow: boolean;
  readonly start: number;
  readonly end: number;
  readonly entries: readonly TextEntry[];
}

export interface TextSeq {
  readonly kind: 'seq';
  readonly flow: boolean;
  readonly start: number;
  readonly end: number;
  readonly items: readonly TextItem[];
}

export interface TextEntry {
  readonly key: string;
  /** Of the key. */
  readonly start: number;
  readonly end: number;
  /** Of the `:`; null where YAML writes a key in another way (`? key`). */
  readonly colon: number | null;
  readonly value: TextNode;
}

export interface TextItem {
  /** Of the `-` in a block, else of the value. */
  readonly start: number;
  readonly value: TextNode;
}

/** Something wrong at an offset of a text. */
export interface TextProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly offset: number;
}

export const textError = (offset: number, message: string): TextProblem => ({
  severity: 'error',
  message,
  offset,
});

/** The entry or item at the end of a path, in a tree; undefined if there is none. */
export const findPlace = (root: TextNode, path: DocumentPath): TextEntry | TextItem | undefined => {
  let node: TextNode = root;
  let place: TextEntry | TextItem | undefined;
  for (const part of path) {
    place = findChild(node, part);
    if (place === undefined) return undefined;
    node = place.value;
  }
  return place;
};

export const findChild = (node: TextNode, part: string | number): TextEntry | TextItem | undefined => {
  if (node.kind === 'map') return node.entries.find(({ key }) => key === part);
  return node.kind === 'seq' && typeof part === 'number' ? node.items[part] : undefined;
};

/** The offset to show for a path: of its key or item, or of the nearest one around it that is there. */
export const locateOffset = (root: TextNode, path: DocumentPath): number => {
  for (let length = path.length; length > 0; length -= 1) {
    const place = findPlace(root, path.slice(0, length));
    if (place) return place.start;
  }
  return root.start;
};

/** Tells line and column of offsets of one text, from 1; a byte order mark takes no column. */
export const createPositionFinder = (
  text: string,
): ((offset: number) => { line: number; column: number }) => {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    let line = 1;
    for (let step = lineStarts.length; step >= 1; step = Math.floor(step / 2)) {
      while ((lineStarts[line - 1 + step] ?? Number.POSITIVE_INFINITY) <= offset) line += step;
    }
    const mark = line === 1 && offset > 0 && text.startsWith('\ufeff') ? 1 : 0;
    return { line, column: offset - (lineStarts[line - 1] ?? 0) - mark + 1 };
  };
};
