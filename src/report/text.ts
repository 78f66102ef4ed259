// C0 and C1 controls except tab and line feed, DEL, and the bidirectional embeddings, overrides and isolates that
// reorder a line for its reader. A carriage return is a line end before a line feed, and an overwriting trick elsewhere.
const unsafe = /(?!\r\n)[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** Text that cannot steer a terminal: control and reordering characters become visible escapes such as `\x1b`. */
export const sanitize = (text: string): string =>
  text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });

/** Sanitised text on one line: white space of every kind becomes one space. */
export const sanitizeLine = (text: string): string => sanitize(text.replace(/\s+/g, ' ').trim());

/**
 * Text that the runner of a CI cannot take for a command: GitHub reads `::name::` at the start of a line and
 * `##[name]` anywhere in one.
 */
export const defuseCommands = (text: string): string =>
  text.replaceAll('##[', '#\u200b#[').replace(/^(\s*):(?=:)/gm, '$1\u200b:');

/** `1 prompt`, `2 prompts`; words that do not take an `s` give their plural. */
export const formatCount = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count} ${count === 1 ? singular : plural}`;

/** Joins the lines and paragraphs that are there. */
export const joinLines = (lines: readonly (string | null)[], separator = '\n'): string =>
  lines.filter((line) => line !== null).join(separator);

/** Puts spaces before every line that is not empty. */
export const indent = (text: string, spaces: number): string => text.replace(/^(?=.)/gm, ' '.repeat(spaces));
