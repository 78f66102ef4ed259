import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { maxDataDepth } from '../core/prompt/data-rules.ts';

/**
 * Where the two libraries were seen to disagree: marks of documents, tabs before a line's text, indentation given by a
 * number, a backslash that joins lines, a byte order mark.
 */
const disputed = /^ *(?:---|\.\.\.|\t)|[|>][-+]?[1-9]|\\\r?$|\ufeff/m;

/** Answered in place of a value by whatever is left to the careful reader. */
const unusual = Symbol('unusual');

interface Reader {
  readonly text: string;
  readonly events: readonly Event[];
  next: number;
}

/**
 * The data of a YAML text that uses the plain parts of the language alone, several times faster than with the library
 * that also tells places; undefined of every other text, be it wrong or only unusual: tags, anchors, directives,
 * several documents, repeated keys or keys that are no text, numbers in another form than JSON's.
 */
export const readPlainYaml = (text: string): unknown => {
  if (disputed.test(text)) return undefined;
  const reader = { text, events: eventsOf(text), next: 1 };
  const [document] = reader.events;
  if (document?.type !== EVENT_ID.DOCUMENT || document.directives.length > 0) return undefined;
  const value = readValue(reader);
  // What follows the root is the end of the document; anything more is a second one.
  return value === unusual || reader.events.length !== reader.next + 1 ? undefined : value;
};

const eventsOf = (text: string): readonly Event[] => {
  try {
    return parseEvents(text, { maxDepth: maxDataDepth });
  } catch {
    return [];
  }
};

const readValue = (reader: Reader): unknown => {
  const event = reader.events[reader.next++];
  if (!event || !('tagStart' in event) || event.tagStart >= 0 || event.anchorStart >= 0) return unusual;
  if (event.type === EVENT_ID.SCALAR) return readScalar(reader.text, event);
  return event.type === EVENT_ID.MAPPING ? readMapping(reader) : readSequence(reader);
};

const isEnd = (reader: Reader): boolean => reader.events[reader.next]?.type === EVENT_ID.POP;

const readSequence = (reader: Reader): unknown => {
  const items: unknown[] = [];
  while (!isEnd(reader)) {
    const item = readValue(reader);
    if (item === unusual) return unusual;
    items.push(item);
  }
  reader.next++;
  return items;
};

const readMapping = (reader: Reader): unknown => {
  const record: Record<string, unknown> = {};
  while (!isEnd(reader)) {
    const key = readValue(reader);
    if (typeof key !== 'string' || key === '<<' || key === '__proto__' || Object.hasOwn(record, key)) {
      return unusual;
    }
    const value = readValue(reader);
    if (value === unusual) return unusual;
    record[key] = value;
  }
  reader.next++;
  return record;
};

const words: ReadonlyMap<string, null | boolean> = new Map<string, null | boolean>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

const numberLike = /^[-+]?(?:\.?[0-9][0-9a-fox._]*(?:e[-+][0-9._]*)?|\.inf|\.nan)$/i;
const jsonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/** The core schema's values of plain scalars; other ways of writing a number are left to the careful reader. */
const readScalar = (text: string, event: ScalarEvent): unknown => {
  const value = getScalarValue(text, event);
  if (event.style !== SCALAR_STYLE.PLAIN) return value;
  const word = words.get(value);
  if (word !== undefined) return word;
  if (jsonNumber.test(value)) return Number(value);
  return numberLike.test(value) ? unusual : value;
};
