import type { TextEntry, TextItem, TextNode, TextScalar } from './prompt-text-tree.ts';
import { replaceBlockScalar } from './splice-block-scalar.ts';
import {
  columnOf,
  lineStartOf,
  type Replacement,
  type TextStyle,
  writeBlock,
  writeFlow,
} from './splice-write.ts';

export interface ValueChange {
  readonly before: unknown;
  readonly after: unknown;
}

/** Ways to put another value at a place, the one that keeps most of the text first; not all of them parse. */
export const replaceValue = (
  style: TextStyle,
  { parent, place }: { readonly parent: TextNode; readonly place: TextEntry | TextItem },
  change: ValueChange,
): Replacement[] => {
  const { value } = place;
  const same = value.kind === 'scalar' ? replaceScalar(style.text, value, change) : [];
  return parent.kind !== 'scalar' && parent.flow
    ? [...same, ...replaceInFlow(style, place, change)]
    : [...same, ...replaceInBlock(style, place, change), ...replaceInFlow(style, place, change)];
};

/** In the style the old text has. */
const replaceScalar = (text: string, node: TextScalar, { before, after }: ValueChange): Replacement[] => {
  if (typeof after === 'object' && after !== null) return [];
  const narrow =
    typeof before === 'string' && typeof after === 'string'
      ? [...replaceMiddle(text, node, { before, after }), ...replaceWords(text, node, { before, after })]
      : [];
  if (node.style === 'literal' || node.style === 'folded') {
    if (typeof before !== 'string' || typeof after !== 'string') return [];
    const whole = replaceBlockScalar(text, node, { before, after });
    return node.style === 'literal' ? whole : [...narrow, ...whole];
  }
  const written = writeScalar(node.style, after);
  const whole = written === null ? [] : [{ start: node.start, end: node.end, text: written }];
  return [...narrow, ...whole];
};

const writeScalar = (style: TextScalar['style'], value: unknown): string | null => {
  if (style === 'json') return JSON.stringify(value);
  if (style === 'empty' || style === 'alias') return null;
  if (typeof value !== 'string') return JSON.stringify(value);
  if (style === 'double') return JSON.stringify(value);
  if (value.includes('\n') || value === '') return null;
  return style === 'single' ? `'${value.replaceAll("'", "''")}'` : value;
};

/** Where a text changed in one place: replaces that in the source, wherever it is written as the text has it. */
const replaceMiddle = (
  text: string,
  { start, end }: TextScalar,
  { before, after }: { readonly before: string; readonly after: string },
): Replacement[] => {
  const [from, fromEnd] = changedRange(before, after);
  const old = before.slice(from, before.length - fromEnd);
  const fresh = after.slice(from, after.length - fromEnd);
  const source = text.slice(start, end);
  const found: Replacement[] = [];
  for (
    let at = old === '' ? -1 : source.indexOf(old);
    at >= 0 && found.length < mostPlaces;
    at = source.indexOf(old, at + 1)
  )
    found.push({ start: start + at, end: start + at + old.length, text: fresh });
  return found;
};

/** Each place is tried and read again. */
const mostPlaces = 20;

/** How much both texts share at their beginnings and ends, up to the last white space: part of a word is found anywhere. */
const changedRange = (before: string, after: string): [fromStart: number, fromEnd: number] => {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let fromEnd = 0;
  while (fromEnd < most - from && before.at(-1 - fromEnd) === after.at(-1 - fromEnd)) fromEnd += 1;
  while (from > 0 && !/\s/.test(before[from - 1] ?? '')) from -= 1;
  while (fromEnd > 0 && !/\s/.test(before.at(-fromEnd) ?? '')) fromEnd -= 1;
  return [from, fromEnd];
};

/** Where one word gave way to another, however often: replaces it in the source, whose line breaks stay. */
const replaceWords = (
  text: string,
  { start, end }: TextScalar,
  { before, after }: { readonly before: string; readonly after: string },
): Replacement[] => {
  const [old, fresh] = [before.split(/\s+/), after.split(/\s+/)];
  const changed = old.flatMap((word, index) =>
    word === fresh[index] ? [] : [{ word, by: fresh[index] ?? '' }],
  );
  const [first] = changed;
  const source = text.slice(start, end);
  const isOne =
    first !== undefined && changed.every(({ word, by }) => word === first.word && by === first.by);
  if (!isOne || old.length !== fresh.length || first.word === '') return [];
  return [{ start, end, text: source.replaceAll(first.word, () => first.by) }];
};

const replaceInFlow = (
  { text, json }: TextStyle,
  { value, ...place }: TextEntry | TextItem,
  { after }: ValueChange,
): Replacement[] => {
  const isQuoted = text[place.start] === '"' || json;
  const source = text.slice(value.start, value.end);
  const indent = source.includes('\n')
    ? `\n${/^[ \t]*/.exec(text.slice(lineStartOf(text, place.start)))?.[0]}`
    : null;
  const space = value.start === value.end ? ' ' : '';
  const forms = json
    ? [writeFlow(after, true, indent)]
    : [writeFlow(after, isQuoted), writeFlow(after, true)];
  return forms.map((form) => ({ start: value.start, end: value.end, text: space + form }));
};

/** As fresh lines behind the `:` or `-`, or, to keep a comment there, where the old block began. */
const replaceInBlock = (
  { text, eol }: TextStyle,
  place: TextEntry | TextItem,
  { after }: ValueChange,
): Replacement[] => {
  const { value } = place;
  const indicator = 'colon' in place ? place.colon : place.start;
  if (indicator === null) return [];
  const column = columnOf(text, place.start);
  const fresh = 'colon' in place ? writeBlock({ k: after }, column, eol) : writeBlock([after], column, eol);
  const isLineEaten = text[value.end - 1] === '\n' && value.end > value.start;
  const ending = isLineEaten ? eol : '';
  const behind = { start: indicator + 1, end: value.end, text: fresh.replace(/^(?:k:|-)/, '') + ending };
  const inPlace = {
    start: value.start,
    end: value.end,
    text: writeBlock(after, columnOf(text, value.start), eol) + ending,
  };
  return text.slice(indicator + 1, value.start).trim() === '' ? [behind, inPlace] : [inPlace, behind];
};
