import { stringify } from 'yaml';

/** What a text says about how to write into it. */
export interface TextStyle {
  readonly text: string;
  readonly eol: '\n' | '\r\n';
  /** Whether all of it is JSON. */
  readonly json: boolean;
}

/** One change of a text: `[start, end)` becomes `text`. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const lineStartOf = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** The offset behind the line break that ends the line of `offset`, or the end of the text. */
export const lineEndOf = (text: string, offset: number): number => {
  const lineBreak = text.indexOf('\n', offset);
  return lineBreak === -1 ? text.length : lineBreak + 1;
};

/** How many characters stand before an offset in its line; a byte order mark does not count. */
export const columnOf = (text: string, offset: number): number => {
  const start = lineStartOf(text, offset);
  return offset - start - (start === 0 && text.startsWith('\ufeff') && offset > 0 ? 1 : 0);
};

/** YAML in block style as lines below a column; the first line has no indentation, the last no line break. */
export const writeBlock = (value: unknown, column: number, eol: string): string =>
  stringify(value, { lineWidth: 0, blockQuote: 'literal' })
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : ' '.repeat(column) + line))
    .join(eol);

const flowStyle = {
  lineWidth: 0,
  collectionStyle: 'flow',
  flowCollectionPadding: false,
  singleQuote: false,
} as const;

/** A member of a flow collection, plain where YAML allows it and it needs no second line; else as in JSON. */
export const writeFlow = (value: unknown, json: boolean, lineIndent: string | null = null): string => {
  const plain = json ? null : writePlain([value]);
  if (plain !== null) return plain;
  return JSON.stringify(value, null, lineIndent === null ? 0 : 2).replaceAll('\n', lineIndent ?? '');
};

/** As `writeFlow`, of a key with its value. */
export const writeFlowEntry = (
  [key, value]: readonly [string, unknown],
  json: boolean,
  lineIndent: string | null,
): string => {
  const plain = json ? null : writePlain({ [key]: value });
  return plain ?? `${writeFlow(key, json)}: ${writeFlow(value, true, lineIndent)}`;
};

/** What stands inside the brackets; null when the library breaks lines, which taking it out would leave behind. */
const writePlain = (collection: object): string | null => {
  const written = stringify(collection, flowStyle).trimEnd();
  return written.includes('\n') ? null : written.slice(1, -1);
};
