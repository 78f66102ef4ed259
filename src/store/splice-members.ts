import type { TextEntry, TextItem, TextMap, TextNode, TextSeq } from './prompt-text-tree.ts';
import {
  columnOf,
  lineEndOf,
  lineStartOf,
  type Replacement,
  type TextStyle,
  writeBlock,
  writeFlow,
  writeFlowEntry,
} from './splice-write.ts';

type Collection = TextMap | TextSeq;
type Member = TextEntry | TextItem;

export const membersOf = (node: Collection): readonly Member[] =>
  node.kind === 'map' ? node.entries : node.items;

/** Ways to add a member behind the last one; `key` is null in a list. The best comes first, not all parse. */
export const insertMember = (
  style: TextStyle,
  parent: Collection,
  member: { readonly key: string | null; readonly value: unknown },
): Replacement[] =>
  parent.flow ? insertInFlow(style, parent, member) : insertInBlock(style, parent, member);

const insertInFlow = (
  { text, json }: TextStyle,
  parent: Collection,
  { key, value }: { readonly key: string | null; readonly value: unknown },
): Replacement[] => {
  const members = membersOf(parent);
  const last = members.at(-1);
  const separator = last ? separatorOf(text, parent, members) : '';
  const lineBreak = separator.indexOf('\n');
  const indent = lineBreak === -1 ? null : separator.slice(lineBreak);
  const isQuoted = json || (last !== undefined && text[last.start] === '"');
  const at = last ? last.value.end : parent.start + 1;
  return [isQuoted, true].map((quoted) => {
    const written =
      key === null ? writeFlow(value, quoted, indent) : writeFlowEntry([key, value], quoted, indent);
    return { start: at, end: at, text: separator + written };
  });
};

/** What the collection itself puts between two members. */
const separatorOf = (text: string, parent: Collection, members: readonly Member[]): string => {
  const [last, previous] = [members.at(-1), members.at(-2)];
  const lead = text.slice(parent.start + 1, members[0]?.start);
  if (!last || !previous) return /^\s*\n\s*$/.test(lead) ? `,${lead}` : ', ';
  const between = text.slice(previous.value.end, last.start);
  return /^\s*,\s*$/.test(between) ? between : ', ';
};

const insertInBlock = (
  { text, eol }: TextStyle,
  parent: Collection,
  { key, value }: { readonly key: string | null; readonly value: unknown },
): Replacement[] => {
  const [first] = membersOf(parent);
  const last = membersOf(parent).at(-1);
  if (!first || !last) return [];
  const column = columnOf(text, first.start);
  const indent = ' '.repeat(column);
  const lines = indent + writeBlock(key === null ? [value] : { [key]: value }, column, eol) + eol;
  return [endOfContent(text, last.value), lineEndBehind(text, last.value)].map((at) => ({
    start: at,
    end: at,
    text: text[at - 1] === '\n' ? lines : eol + lines.slice(0, -eol.length),
  }));
};

const lineEndBehind = (text: string, { end }: TextNode): number =>
  text[end - 1] === '\n' ? end : lineEndOf(text, end);

/** Before the blank lines that end a block scalar, which rather part it from what follows. */
const endOfContent = (text: string, node: TextNode): number => {
  const end = lineEndBehind(text, node);
  const blank = /\n((?:[ \t]*\r?\n)+)$/.exec(text.slice(node.start, end))?.[1];
  return blank === undefined ? end : end - blank.length;
};

/** Ways to take a member out that is not the only one; the best comes first, not all parse. */
export const removeMember = ({ text }: TextStyle, parent: Collection, index: number): Replacement[] => {
  const members = membersOf(parent);
  const [previous, member, next] = [members[index - 1], members[index], members[index + 1]];
  if (!member) return [];
  const toNext = next ? [{ start: member.start, end: next.start, text: '' }] : [];
  if (parent.flow) {
    return [...toNext, ...(previous ? [{ start: previous.value.end, end: member.value.end, text: '' }] : [])];
  }
  const start = lineStartOf(text, member.start);
  const isFirstInLine = text.slice(start, member.start).replace('\ufeff', '').trim() === '';
  const lines = {
    start: text.startsWith('\ufeff', start) ? start + 1 : start,
    end: lineEndBehind(text, member.value),
    text: '',
  };
  return isFirstInLine ? [lines, ...toNext] : toNext;
};
