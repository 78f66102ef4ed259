import { defuseCommands } from '../report/text.ts';

/** C0 and C1 control characters but tab and newline, and the marks that reorder text on a terminal. */
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

const escapeCharacter = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Makes every character that could steer a terminal visible, as `\u001b`. */
export const sanitize = (text: string): string => text.replace(unsafe, escapeCharacter);

/** A message for a person, which no runner of a CI can take for a command, whatever names it holds. */
export const sanitizeMessage = (text: string): string => defuseCommands(sanitize(text));

/**
 * The JSON of a result: two spaces, a final newline, `undefined` as null. Throws on what JSON cannot say: NaN,
 * infinities, bytes.
 */
export const formatJson = (value: unknown): string =>
  `${sanitizeJson(JSON.stringify(value, refuseUnsayable, 2))}\n`;

/** The same on one line, for streams. */
export const formatJsonLine = (value: unknown): string =>
  `${sanitizeJson(JSON.stringify(value, refuseUnsayable))}\n`;

/**
 * Only strings can hold what steers a terminal, or `##[name]`, which GitHub Actions takes for a command anywhere in a
 * line; there the escape means the same character.
 */
export const sanitizeJson = (json: string): string => sanitize(json).replaceAll('##[', '##\\u005b');

/** `this` holds the value before its `toJSON` (a Buffer has one). */
function refuseUnsayable(this: Record<string, unknown>, key: string, value: unknown): unknown {
  if (this[key] instanceof Uint8Array) throw new TypeError(`bytes cannot be printed as JSON: ${key}`);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`${value} cannot be printed as JSON: ${key}`);
  }
  return value === undefined ? null : value;
}
