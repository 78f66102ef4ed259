import type { TextScalar } from './prompt-text-tree.ts';
import { lineStartOf, type Replacement } from './splice-write.ts';

/** The parts of `|` and `>` text: header line with its line break, then the lines of the body. */
interface BlockScalar {
  readonly header: string;
  readonly lines: readonly string[];
  readonly indent: string;
  readonly eol: string;
}

/** Rewrites `|` or `>` text in its own style, keeping header, indentation and the lines that stay the same. */
export const replaceBlockScalar = (
  text: string,
  node: TextScalar,
  { before, after }: { readonly before: string; readonly after: string },
): Replacement[] => {
  const scalar = readBlockScalar(text, node);
  if (scalar === null || after.trim() === '' || before.trim() === '') return [];
  const body = node.style === 'folded' ? foldedLines(after) : literalLines(scalar, before, after);
  if (body === null) return [];
  const rest = restLines(scalar, node.style === 'folded' ? null : before, after);
  const header = chompedHeader(scalar.header, before, after);
  return [
    {
      start: node.start,
      end: node.end,
      text: header + [...body.map(indented(scalar)), ...rest].join(scalar.eol),
    },
  ];
};

const readBlockScalar = (text: string, node: TextScalar): BlockScalar | null => {
  const source = text.slice(node.start, node.end);
  const header = /^[|>][^\r\n]*(\r?\n)/.exec(source);
  if (header === null) return null;
  const lines = source.slice(header[0].length).split(/\r?\n/);
  const explicit = /^[|>][+-]?([1-9])/.exec(source)?.[1];
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const parentIndent = /^ */.exec(text.slice(lineStartOf(text, node.start)))?.[0].length ?? 0;
  const width =
    explicit === undefined ? (/^ */.exec(first)?.[0].length ?? 0) : parentIndent + Number(explicit);
  return { header: header[0], lines, indent: ' '.repeat(width), eol: header[1] ?? '\n' };
};

/** A body line: kept from the source, or a line of the value to be indented. */
type BodyLine = { readonly kept: string } | { readonly value: string };

const indented =
  ({ indent }: BlockScalar) =>
  (line: BodyLine): string => {
    if ('kept' in line) return line.kept;
    return line.value === '' ? '' : indent + line.value;
  };

const contentLines = (value: string): string[] => value.replace(/\n+$/, '').split('\n');

const literalLines = (scalar: BlockScalar, before: string, after: string): BodyLine[] => {
  const [old, fresh] = [contentLines(before), contentLines(after)];
  const changed = fresh.findIndex((line, index) => line !== old[index]);
  const prefix = changed === -1 ? Math.min(fresh.length, old.length) : changed;
  const shift = old.length - fresh.length;
  let suffix = fresh.length;
  while (suffix > prefix && suffix + shift > prefix && fresh[suffix - 1] === old[suffix - 1 + shift])
    suffix -= 1;
  return fresh.map((value, index) => {
    const source = index < prefix ? index : index >= suffix ? index + shift : null;
    const kept = source === null ? undefined : scalar.lines[source];
    return kept === undefined ? { value } : { kept };
  });
};

/** Null where folding has other rules: lines that begin with white space. */
const foldedLines = (after: string): BodyLine[] | null => {
  const lines = contentLines(after);
  if (lines.some((line) => /^\s/.test(line))) return null;
  return lines.flatMap((value, index) =>
    index > 0 && value !== '' && lines[index - 1] !== '' ? [{ value: '' }, { value }] : [{ value }],
  );
};

const trailingBreaks = (value: string): number => /\n*$/.exec(value)?.[0].length ?? 0;

/** What follows the last line of the content: blank lines, which only `+` counts. */
const restLines = (scalar: BlockScalar, before: string | null, after: string): string[] => {
  const breaks = trailingBreaks(after);
  const isKept = before === null ? breaks < 2 : breaks < 2 || breaks === trailingBreaks(before);
  const blank = scalar.lines.length - scalar.lines.findLastIndex((line) => line.trim() !== '') - 1;
  if (isKept) return scalar.lines.slice(scalar.lines.length - blank);
  return Array.from({ length: breaks }, () => '');
};

const chompedHeader = (header: string, before: string, after: string): string => {
  const kind = (value: string): string => ['-', ''][trailingBreaks(value)] ?? '+';
  if (kind(before) === kind(after)) return header;
  const [, style = '|', indicators = '', comment = ''] = /^([|>])([-+0-9]*)([\s\S]*)$/.exec(header) ?? [];
  return `${style}${indicators.replace(/[-+]/g, '')}${kind(after)}${comment}`;
};
