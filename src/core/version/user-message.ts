import { promptvError } from '../../errors.ts';
import { escapeControls } from './control-characters.ts';

// Controls but tab and newline, and lone surrogates, which no UTF-8 can hold.
const forbidden = /(?![\t\n])\p{Cc}|\p{Cs}/u;

/**
 * A user's message as a tag can store it: line ends are `\n`, no blanks around. Throws MESSAGE_INVALID for control
 * characters and for a line that git would take for the begin of a signature.
 */
export const parseMessage = (text: string, what = 'message'): string => {
  const message = text.replace(/\r\n?/g, '\n').trim();
  for (const line of message.split('\n')) {
    const reason = lineProblem(line);
    if (reason) throw promptvError('MESSAGE_INVALID', { what, reason, line: escapeControls(line) });
  }
  return message;
};

const lineProblem = (line: string): string | null => {
  if (line.startsWith('-----BEGIN ')) return 'a line that begins "-----BEGIN " would pass for a signature';
  const [character] = line.match(forbidden) ?? [];
  return character === undefined ? null : `it has the control character ${escapeControls(character)}`;
};

/** Throws AUTHOR_INVALID unless it is `Name <email>`: of anything else git would search the history for a match. */
export const assertAuthor = (author: string): void => {
  if (!/^[^<>\p{C}]*[^<>\p{C}\s] <[^<>\p{C}\s]+>$/u.test(author))
    throw promptvError('AUTHOR_INVALID', { author: escapeControls(author) });
};

/** Throws META_INVALID unless every key has letters, digits and "-", begins with a letter and fits 64 characters. */
export const assertMeta = (meta: Readonly<Record<string, string>>): void => {
  for (const [key, value] of Object.entries(meta)) {
    if (!isMetaKey(key)) {
      throw promptvError('META_INVALID', {
        entry: escapeControls(`${key}=${value}`),
        reason: key === '' ? 'its key is empty' : `${escapeControls(key)} cannot be a key`,
      });
    }
  }
};

/** Whether a text can be the KEY of a `Meta-KEY` line. */
export const isMetaKey = (key: string): boolean => /^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(key);
