import { stripVTControlCharacters } from 'node:util';

const asciiOnly = /^[\x20-\x7e]*$/;
let segmenter: Intl.Segmenter | undefined;

/** Made when the first text needs it: that takes longer than everything else a short report does. */
const segment = (text: string): Intl.Segments => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
};

// East Asian Wide and Fullwidth (UAX #11), in blocks; emoji are wide where they are drawn as pictures.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const measureGrapheme = (grapheme: string): number => {
  if (asciiOnly.test(grapheme)) return 1;
  if (wide.test(grapheme)) return 2;
  return invisible.test(grapheme) ? 0 : 1;
};

/** The columns that a line of sanitised, uncoloured text takes on a terminal. */
export const measureWidth = (text: string): number => {
  if (asciiOnly.test(text)) return text.length;
  let width = 0;
  for (const { segment: grapheme } of segment(text)) width += measureGrapheme(grapheme);
  return width;
};

/** The longest beginning that fits into so many columns; whole characters only, perhaps none. */
export const takeWidth = (text: string, columns: number): string => {
  if (asciiOnly.test(text)) return text.slice(0, columns);
  let width = 0;
  for (const { segment: grapheme, index } of segment(text)) {
    width += measureGrapheme(grapheme);
    if (width > columns) return text.slice(0, index);
  }
  return text;
};

/** The text, or as much of it as fits with a `…` at its end. */
export const truncateText = (text: string, columns: number): string => {
  if (measureWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${takeWidth(text, columns - 1)}…`;
};

/** The text with spaces behind it up to so many columns. */
export const padText = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - measureWidth(text)));

/** One line, coloured or not, broken at its spaces, so that no piece is wider than so many columns unless a word is. */
export const wrapText = (text: string, columns: number): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measureWidth(stripVTControlCharacters(longer)) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join('\n');
};
