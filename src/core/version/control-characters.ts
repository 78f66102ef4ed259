// Controls, format characters (bidi controls among them), line and paragraph separators, lone surrogates. The two
// zero-width joiners are spared: several scripts and emoji cannot be written without them.
const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const escapable = new RegExp(`\\\\|${unsafe.source}`, 'gu');

/** Whether the text has a character that could break a line, steer a terminal or turn the reading direction. */
export const hasControls = (text: string): boolean => text.search(unsafe) >= 0;

/** Most texts: a sweep over thousands of tags has nothing to escape in them. */
const plain = /^[ -[\]-~]*$/;

/** The text with those characters and backslashes escaped as in JSON (`\n`, `\u001b`, `\\`). */
export const escapeControls = (text: string): string =>
  plain.test(text) ? text : text.replace(escapable, escapeCharacter);

/** Undoes `escapeControls`; what is no escape stays as it is. */
export const decodeEscapes = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\(u[0-9a-f]{4}|[bfnrt\\])/g, (sequence) => JSON.parse(`"${sequence}"`))
    : text;

/** One character, whatever it is, as JSON escapes. */
export const escapeCharacter = (character: string): string => {
  const json = JSON.stringify(character).slice(1, -1);
  return json.startsWith('\\')
    ? json
    : Array.from({ length: character.length }, (_, at) => unit(character, at)).join('');
};

const unit = (text: string, at: number): string => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
